"""Wrong answers to the exercises of section 5.5."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


def without_the_one(h, layers):
    for k, p, s in layers:
        h = (h + 2 * p - k) // s
    return h


def padding_on_one_side(h, layers):
    for k, p, s in layers:
        h = (h + p - k) // s + 1
    return h


def rounded_up(h, layers):
    for k, p, s in layers:
        h = -(-(h + 2 * p - k) // s) + 1
    return h


def stride_ignored(h, layers):
    for k, p, _ in layers:
        h = h + 2 * p - k + 1
    return h


def without_biases(channels, size):
    side = ((size - 4) // 2 - 4) // 2
    return 6 * channels * 25 + 16 * 6 * 25 + 120 * 16 * side**2 + 84 * 120 + 10 * 84


def grey_images_only(channels, size):
    side = ((size - 4) // 2 - 4) // 2
    return 156 + 2416 + 120 * (16 * side**2 + 1) + 10164 + 850


def four_by_four_always(channels, size):
    return 6 * (channels * 25 + 1) + 2416 + 30840 + 10164 + 850


def halved_twice_at_the_end(channels, size):
    side = (size - 8) // 4
    conv = 6 * (channels * 25 + 1) + 16 * (6 * 25 + 1)
    return conv + 120 * (16 * side**2 + 1) + 84 * 121 + 10 * 85


def no_activation(X, conv1, conv2, linear):
    H = F.max_pool2d(conv2(F.max_pool2d(conv1(X), 2)), 2)
    return linear(H.flatten(start_dim=1))


def average_pooling(X, conv1, conv2, linear):
    H = F.avg_pool2d(F.relu(conv2(F.avg_pool2d(F.relu(conv1(X)), 2))), 2)
    return linear(H.flatten(start_dim=1))


def sigmoid_for_relu(X, conv1, conv2, linear):
    H = F.max_pool2d(conv1(X).sigmoid(), 2)
    H = F.max_pool2d(conv2(H).sigmoid(), 2)
    return linear(H.flatten(start_dim=1))


def probabilities_for_scores(X, conv1, conv2, linear):
    H = F.max_pool2d(F.relu(conv2(F.max_pool2d(F.relu(conv1(X)), 2))), 2)
    return linear(H.flatten(start_dim=1)).softmax(dim=1)


WRONG = {
    "5.5-1": [without_the_one, padding_on_one_side, rounded_up, stride_ignored],
    "5.5-2": [without_biases, grey_images_only, four_by_four_always, halved_twice_at_the_end],
    "5.5-3": [no_activation, average_pooling, sigmoid_for_relu, probabilities_for_scores],
}


@pytest.mark.parametrize(("n", "k", "p", "s"), [(28, 5, 0, 1), (8, 3, 0, 2), (7, 2, 1, 3)])
def test_output_size_is_that_of_a_layer(n, k, p, s):
    from d2lzh_pytorch.exercises.ch05.sec05 import output_size

    layer = nn.Conv2d(1, 1, k, padding=p, stride=s)
    assert output_size(n, [(k, p, s)]) == layer(torch.zeros(1, 1, n, n)).shape[-1]


def test_parameters_are_those_of_the_nets():
    from d2lzh_pytorch.exercises.ch05.sec05 import lenet_parameters
    from d2lzh_pytorch.models.lenet import LeNet

    assert lenet_parameters(1, 28) == sum(param.numel() for param in LeNet().parameters()) == 44426
    assert lenet_parameters(1, 32) == 61706
    assert lenet_parameters(3, 32) == 62006
