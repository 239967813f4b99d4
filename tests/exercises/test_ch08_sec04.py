"""Plausible wrong answers to the exercises of section 8.4, and the buckets that PyTorch makes."""

import pytest
import torch
import torch.distributed as dist

from d2lzh_pytorch.exercises.ch08.sec04 import buckets


def plain_average(gradients, counts):
    return sum(gradients) / len(gradients)


def nan_spreads(gradients, counts):
    return sum(n * gradient for gradient, n in zip(gradients, counts, strict=True)) / sum(counts)


def forgets_to_divide(gradients, counts):
    return sum(n * gradient for gradient, n in zip(gradients, counts, strict=True) if n)


def average_over_those_with_examples(gradients, counts):
    there = [gradient for gradient, n in zip(gradients, counts, strict=True) if n]
    return sum(there) / len(there)


def closes_before_it_is_too_full(sizes, first, limit):
    filled, current, content, bound = [], [], 0, first
    for number, size in enumerate(sizes):
        if current and content + size > bound:
            filled.append(current)
            current, content, bound = [], 0, limit
        current.append(number)
        content += size
    return filled + [current] * bool(current)


def one_limit_for_all(sizes, first, limit):
    return buckets(sizes, limit, limit)


def small_ones_only(sizes, first, limit):
    return buckets(sizes, first, first)


def leaves_the_last_out(sizes, first, limit):
    made = buckets(sizes, first, limit)
    return made[:-1] if made and sum(sizes[i] for i in made[-1]) < limit else made


def an_empty_bucket_at_the_end(sizes, first, limit):
    return [*buckets(sizes, first, limit), []]


def plain_sgd(num_params, size, stage):
    params, gradient = 4 / (size if stage >= 3 else 1), 4 / (size if stage >= 2 else 1)
    return num_params * (params + gradient)


def everything_is_split(num_params, size, stage):
    return 16 * num_params / (size if stage else 1)


def one_state(num_params, size, stage):
    parts = [4, 4, 4]  # states, gradient, parameters
    return num_params * sum(n / (size if stage > i else 1) for i, n in enumerate(parts))


def parameters_first(num_params, size, stage):
    parts = [4, 4, 8]  # parameters, gradient, states
    return num_params * sum(n / (size if stage > i else 1) for i, n in enumerate(parts))


WRONG = {
    "8.4-1": [
        plain_average,
        nan_spreads,
        forgets_to_divide,
        average_over_those_with_examples,
    ],
    "8.4-2": [
        closes_before_it_is_too_full,
        one_limit_for_all,
        small_ones_only,
        leaves_the_last_out,
        an_empty_bucket_at_the_end,
    ],
    "8.4-3": [plain_sgd, everything_is_split, one_state, parameters_first],
}


@pytest.mark.parametrize(("first", "limit"), [(16, 64), (4, 4), (100, 40)])
def test_buckets_are_pytorchs(first, limit):
    sizes = torch.randint(1, 12, (30,)).tolist()
    tensors = [torch.zeros(size) for size in sizes]
    expected, _ = dist._compute_bucket_assignment_by_size(tensors, [first, limit])
    assert buckets([tensor.nbytes for tensor in tensors], first, limit) == expected
