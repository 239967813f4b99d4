"""Wrong answers to the exercises of section 3.10."""

import pytest
import torch
from torch import nn


def forgets_the_biases(budget, d, q):
    return budget // (d + q)


def forgets_the_biases_of_the_output(budget, d, q):
    return max(0, budget // (d + 1 + q))


def negative(budget, d, q):
    return (budget - q) // (d + 1 + q)


def rounds(budget, d, q):
    return max(0, round((budget - q) / (d + 1 + q)))


def is_a_float(budget, d, q):
    return max(0, (budget - q) / (d + 1 + q))


def other_way_round(right_a, right_b):
    only_a, only_b = (right_a & ~right_b).sum().item(), (right_b & ~right_a).sum().item()
    return (only_a - only_b) / max(only_a + only_b, 1) ** 0.5


def over_all_examples(right_a, right_b):
    return (right_b.sum().item() - right_a.sum().item()) / len(right_a) ** 0.5


def without_the_root(right_a, right_b):
    only_a, only_b = (right_a & ~right_b).sum().item(), (right_b & ~right_a).sum().item()
    return (only_b - only_a) / max(only_a + only_b, 1)


def divides_by_zero(right_a, right_b):
    only_a, only_b = (right_a & ~right_b).sum(), (right_b & ~right_a).sum()
    return ((only_b - only_a) / (only_a + only_b).sqrt()).item()


WRONG = {
    "3.10-1": [
        forgets_the_biases,
        forgets_the_biases_of_the_output,
        negative,
        rounds,
        is_a_float,
    ],
    "3.10-2": [other_way_round, over_all_examples, without_the_root, divides_by_zero],
}


@pytest.mark.parametrize(("d", "q"), [(784, 10), (20, 3), (1, 1)])
def test_widest_fits_and_one_more_does_not(d, q):
    from d2lzh_pytorch.exercises.ch03.sec10 import widest

    budget = 5000 + q
    h = widest(budget, d, q)

    def size(width):
        net = nn.Sequential(nn.Linear(d, width), nn.Linear(width, q))
        return sum(param.numel() for param in net.parameters())

    assert size(h) <= budget < size(h + 1)


def test_equal_models_rarely_differ_by_three():
    from d2lzh_pytorch.exercises.ch03.sec10 import sign_z

    values = [sign_z(torch.rand(400) < 0.8, torch.rand(400) < 0.8) for _ in range(300)]
    assert sum(abs(value) > 3 for value in values) <= 6
    assert sum(abs(value) > 1 for value in values) >= 60
