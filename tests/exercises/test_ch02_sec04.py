"""Wrong answers to the exercises of section 2.4, which the check must refuse."""

import itertools

import torch


def first_dimension_fastest(shape):
    return tuple(itertools.accumulate(shape, lambda step, length: step * length, initial=1))[:-1]


def its_own_length_counted(shape):
    strides, step = [], 1
    for length in reversed(shape):
        step *= length
        strides.insert(0, step)
    return tuple(strides)


def length_of_the_next_dimension(shape):
    return (*shape[1:], 1)


def stride_of_one(x, k):
    return x.as_strided((len(x) - k + 1, k), (1, 1))


def windows_side_by_side(x, k):
    return x.unfold(0, k, k)


def one_window_too_few(x, k):
    return x.unfold(0, k, 1)[:-1]


def as_columns(x, k):
    return x.unfold(0, k, 1).T


def from_the_beginning_of_the_storage(x, k):
    return torch.as_strided(x, (len(x) - k + 1, k), (x.stride(0), x.stride(0)), 0)


WRONG = {
    "2.4-1": [first_dimension_fastest, its_own_length_counted, length_of_the_next_dimension],
    "2.4-2": [
        stride_of_one,
        windows_side_by_side,
        one_window_too_few,
        as_columns,
        from_the_beginning_of_the_storage,
    ],
}
