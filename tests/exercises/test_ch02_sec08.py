"""Wrong answers to the exercises of section 2.8."""

from itertools import pairwise

import torch


def _averages(values, beta):
    m, result = torch.zeros(()), []
    for value in values:
        m = beta * m + (1 - beta) * value
        result.append(m)
    return torch.stack(result)


def beginning_pulled_to_zero(values, beta):
    return _averages(values, beta)


def corrected_one_step_late(values, beta):
    steps = torch.arange(2, len(values) + 2)
    return _averages(values, beta) / (1 - beta**steps)


def begun_at_the_first_value(values, beta):
    result = [values[0]]
    for value in values[1:]:
        result.append(beta * result[-1] + (1 - beta) * value)
    return torch.stack(result)


def beta_at_the_wrong_place(values, beta):
    steps = torch.arange(1, len(values) + 1)
    return _averages(values, 1 - beta) / (1 - (1 - beta) ** steps)


def mean_of_all_so_far(values, beta):
    return values.cumsum(0) / torch.arange(1, len(values) + 1)


def sign_reversed(image, mean, std):
    restored = image * std.view(3, 1, 1) - mean.view(3, 1, 1)
    return restored.clamp(0, 1).permute(1, 2, 0)


def mean_before_std(image, mean, std):
    restored = (image + mean.view(3, 1, 1)) * std.view(3, 1, 1)
    return restored.clamp(0, 1).permute(1, 2, 0)


def not_clamped(image, mean, std):
    return (image * std.view(3, 1, 1) + mean.view(3, 1, 1)).permute(1, 2, 0)


def channels_in_front(image, mean, std):
    return (image * std.view(3, 1, 1) + mean.view(3, 1, 1)).clamp(0, 1)


def rows_and_columns_exchanged(image, mean, std):
    return (image * std.view(3, 1, 1) + mean.view(3, 1, 1)).clamp(0, 1).permute(2, 1, 0)


def reshaped(image, mean, std):
    restored = (image * std.view(3, 1, 1) + mean.view(3, 1, 1)).clamp(0, 1)
    return restored.reshape(*image.shape[1:], 3)


def _inside(values, edges, compare):
    return torch.stack([compare(values, a, b).sum() for a, b in pairwise(edges)])


def right_end_left_out(values, edges):
    return _inside(values, edges, lambda v, a, b: (v >= a) & (v < b))


def both_ends_counted_twice(values, edges):
    return _inside(values, edges, lambda v, a, b: (v >= a) & (v <= b))


def left_ends_left_out(values, edges):
    return _inside(values, edges, lambda v, a, b: (v > a) & (v <= b))


def strangers_counted_at_the_ends(values, edges):
    clamped = values.clamp(edges[0], edges[-1])
    counts = right_end_left_out(clamped, edges)
    counts[-1] += (clamped == edges[-1]).sum()
    return counts


def shares_for_counts(values, edges):
    counts = right_end_left_out(values, edges)
    counts[-1] += (values == edges[-1]).sum()
    return counts / len(values)


WRONG = {
    "2.8-1": [
        beginning_pulled_to_zero,
        corrected_one_step_late,
        begun_at_the_first_value,
        beta_at_the_wrong_place,
        mean_of_all_so_far,
    ],
    "2.8-2": [
        sign_reversed,
        mean_before_std,
        not_clamped,
        channels_in_front,
        rows_and_columns_exchanged,
        reshaped,
    ],
    "2.8-3": [
        right_end_left_out,
        both_ends_counted_twice,
        left_ends_left_out,
        strangers_counted_at_the_ends,
        shares_for_counts,
    ],
}


def test_smooth_leaves_a_constant_as_it_is():
    from d2lzh_pytorch.exercises.ch02.sec08 import smooth

    torch.testing.assert_close(smooth(torch.full((6,), 3.0), 0.9), torch.full((6,), 3.0))


def test_histogram_is_torchs():
    from d2lzh_pytorch.exercises.ch02.sec08 import histogram

    values, edges = torch.randn(100), torch.linspace(-2, 2, 9)
    expected = torch.histogram(values, bins=edges).hist.long()
    torch.testing.assert_close(histogram(values, edges), expected)
