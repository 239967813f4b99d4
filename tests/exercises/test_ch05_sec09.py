"""Wrong answers to the exercises of section 5.9."""

import pytest
import torch
import torch.nn.functional as F


def without_biases(in_c, c1, c2, c3, c4):
    total = c1 * in_c + c4 * in_c
    for (middle, out), k in ((c2, 3), (c3, 5)):
        total += middle * in_c + out * middle * k**2
    return total


def no_reduction(in_c, c1, c2, c3, c4):
    total = c1 * (in_c + 1) + c4 * (in_c + 1)
    return total + c2[1] * (in_c * 9 + 1) + c3[1] * (in_c * 25 + 1)


def kernels_of_three_only(in_c, c1, c2, c3, c4):
    total = (c1 + c4) * (in_c + 1)
    for middle, out in (c2, c3):
        total += middle * (in_c + 1) + out * (middle * 9 + 1)
    return total


def pooling_with_weights(in_c, c1, c2, c3, c4):
    total = c1 * (in_c + 1) + c4 * (in_c * 9 + 1)
    for (middle, out), k in ((c2, 3), (c3, 5)):
        total += middle * (in_c + 1) + out * (middle * k**2 + 1)
    return total


def not_strictly(c_i, c_o, k):
    return k * k * c_i * c_o // (c_i + k * k * c_o)


def rounded_to_the_nearest(c_i, c_o, k):
    return round(k * k * c_i * c_o / (c_i + k * k * c_o))


def second_step_forgotten(c_i, c_o, k):
    return k * k * c_o - 1


def kernel_not_squared(c_i, c_o, k):
    return (k * c_i * c_o - 1) // (c_i + k * c_o)


def unweighted(O, O1, O2, y):  # noqa: E741
    return F.cross_entropy(O, y) + F.cross_entropy(O1, y) + F.cross_entropy(O2, y)


def mean_of_the_scores(O, O1, O2, y):  # noqa: E741
    return F.cross_entropy(O + 0.3 * (O1 + O2), y)


def main_output_weighted_too(O, O1, O2, y):  # noqa: E741
    return 0.3 * (F.cross_entropy(O, y) + F.cross_entropy(O1, y) + F.cross_entropy(O2, y))


def one_value_per_example(O, O1, O2, y):  # noqa: E741
    losses = [F.cross_entropy(each, y, reduction="none") for each in (O, O1, O2)]
    return losses[0] + 0.3 * (losses[1] + losses[2])


def summed(O, O1, O2, y):  # noqa: E741
    losses = [F.cross_entropy(each, y, reduction="sum") for each in (O, O1, O2)]
    return losses[0] + 0.3 * (losses[1] + losses[2])


WRONG = {
    "5.9-1": [without_biases, no_reduction, kernels_of_three_only, pooling_with_weights],
    "5.9-2": [not_strictly, rounded_to_the_nearest, second_step_forgotten, kernel_not_squared],
    "5.9-3": [
        unweighted,
        mean_of_the_scores,
        main_output_weighted_too,
        one_value_per_example,
        summed,
    ],
}


@pytest.mark.parametrize("widths", [(192, 64, (96, 128), (16, 32), 32), (5, 4, (3, 6), (2, 7), 1)])
def test_parameters_are_those_of_the_block(widths):
    from d2lzh_pytorch.exercises.ch05.sec09 import inception_parameters
    from d2lzh_pytorch.models.googlenet import Inception

    with torch.device("meta"):
        block = Inception(*widths)
    assert inception_parameters(*widths) == sum(param.numel() for param in block.parameters())


@pytest.mark.parametrize(("c_i", "c_o", "k"), [(192, 32, 5), (16, 16, 1), (9, 9, 3), (1, 1, 1)])
def test_the_widest_reduction_pays_and_one_more_channel_does_not(c_i, c_o, k):
    from d2lzh_pytorch.exercises.ch05.sec09 import widest_reduction

    def pays(m):
        return m * c_i + k * k * m * c_o < k * k * c_i * c_o

    m = widest_reduction(c_i, c_o, k)
    assert pays(m)
    assert not pays(m + 1)
