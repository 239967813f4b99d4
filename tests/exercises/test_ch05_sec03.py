"""Wrong answers to the exercises of section 5.3."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import d2lzh_pytorch as d2l


def no_biases(c_i, c_o, k, p, s, h, groups):
    weights = c_o * (c_i // groups) * k * k
    return weights, weights * ((h + 2 * p - k) // s + 1) ** 2


def biases_multiplied(c_i, c_o, k, p, s, h, groups):
    params = c_o * ((c_i // groups) * k * k + 1)
    return params, params * ((h + 2 * p - k) // s + 1) ** 2


def groups_divide_twice(c_i, c_o, k, p, s, h, groups):
    weights = c_o * c_i * k * k // groups**2
    return weights + c_o, weights * ((h + 2 * p - k) // s + 1) ** 2


def groups_ignored(c_i, c_o, k, p, s, h, groups):
    weights = c_o * c_i * k * k
    return weights + c_o, weights * ((h + 2 * p - k) // s + 1) ** 2


def positions_of_the_input(c_i, c_o, k, p, s, h, groups):
    weights = c_o * (c_i // groups) * k * k
    return weights + c_o, weights * h * h


def padding_on_one_side(c_i, c_o, k, p, s, h, groups):
    weights = c_o * (c_i // groups) * k * k
    return weights + c_o, weights * ((h + p - k) // s + 1) ** 2


def _in_out(X, K):
    return torch.stack(
        [sum(d2l.corr2d(x, k) for x, k in zip(X, kernel, strict=True)) for kernel in K]
    )


def every_group_sees_the_first(X, K, groups):
    return torch.cat([_in_out(X.chunk(groups)[0], k) for k in K.chunk(groups)])


def groups_added(X, K, groups):
    parts = zip(X.chunk(groups), K.chunk(groups), strict=True)
    return sum(_in_out(x, k) for x, k in parts)


def channels_dealt_out_in_turn(X, K, groups):
    parts = [_in_out(X[g::groups], K[g::groups]) for g in range(groups)]
    return torch.stack(parts, dim=1).flatten(end_dim=1)


def kernels_turned_over(X, K, groups):
    return F.conv2d(X[None], K.flip(-1, -2), groups=groups)[0]


def without_the_first_bias(W1, b1, W2, b2):
    return torch.einsum("okab,kiab->oiab", W2, W1), b2


def biases_added(W1, b1, W2, b2):
    return torch.einsum("okab,kiab->oiab", W2, W1), (b1 + b2 if len(b1) == len(b2) else b2)


def matrix_instead_of_kernel(W1, b1, W2, b2):
    A1, A2 = W1.flatten(start_dim=1), W2.flatten(start_dim=1)
    return A2 @ A1, A2 @ b1 + b2


def transposed(W1, b1, W2, b2):
    A1, A2 = W1.flatten(start_dim=1), W2.flatten(start_dim=1)
    return (A2 @ A1).T[..., None, None], A2 @ b1 + b2


WRONG = {
    "5.3-1": [
        no_biases,
        biases_multiplied,
        groups_divide_twice,
        groups_ignored,
        positions_of_the_input,
        padding_on_one_side,
    ],
    "5.3-2": [
        every_group_sees_the_first,
        groups_added,
        channels_dealt_out_in_turn,
        kernels_turned_over,
    ],
    "5.3-3": [without_the_first_bias, biases_added, matrix_instead_of_kernel, transposed],
}


@pytest.mark.parametrize(
    ("c_i", "c_o", "k", "p", "s", "h", "groups"), [(3, 8, 5, 2, 2, 11, 1), (6, 4, 3, 0, 1, 7, 2)]
)
def test_costs_are_those_of_the_layer(c_i, c_o, k, p, s, h, groups):
    from d2lzh_pytorch.exercises.ch05.sec03 import conv_layer_cost

    layer = nn.Conv2d(c_i, c_o, k, padding=p, stride=s, groups=groups)
    with FlopCounterMode(display=False) as counter:
        layer(torch.zeros(1, c_i, h, h))
    params = sum(param.numel() for param in layer.parameters())
    products = counter.get_total_flops() // 2
    assert conv_layer_cost(c_i, c_o, k, p, s, h, groups) == (params, products)


def test_grouped_is_that_of_torch():
    from d2lzh_pytorch.exercises.ch05.sec03 import corr2d_grouped

    X, K = torch.randn(6, 5, 4), torch.randn(9, 2, 2, 2)
    torch.testing.assert_close(corr2d_grouped(X, K, 3), F.conv2d(X[None], K, groups=3)[0])


def test_merged_is_both_layers_in_turn():
    from d2lzh_pytorch.exercises.ch05.sec03 import merge_1x1

    first, second = nn.Conv2d(3, 7, 1), nn.Conv2d(7, 2, 1)
    X = torch.randn(2, 3, 4, 5)
    merged = merge_1x1(first.weight, first.bias, second.weight, second.bias)
    torch.testing.assert_close(F.conv2d(X, *merged), second(first(X)))
