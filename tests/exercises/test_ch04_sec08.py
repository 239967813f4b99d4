"""Wrong answers to the exercises of section 4.8."""

import math

import torch
from torch import nn

from d2lzh_pytorch.exercises.ch04.sec08 import fans, std_before


def swapped(shape):
    return tuple(reversed(fans(shape)))


def forgets_the_window(shape):
    return shape[1], shape[0]


def first_window_side_only(shape):
    side = shape[2] if len(shape) > 2 else 1
    return shape[1] * side, shape[0] * side


def window_in_fan_in_only(shape):
    return math.prod(shape[1:]), shape[0]


def _shrink(c, density, inside):
    return math.sqrt(1 - 2 * c * density / inside)


def _density(c):
    return math.exp(-(c**2) / 2) / math.sqrt(2 * math.pi)


def multiplies(target, c):
    return target * _shrink(c, _density(c), math.erf(c / math.sqrt(2)))


def forgets_the_root(target, c):
    return target / _shrink(c, _density(c), math.erf(c / math.sqrt(2))) ** 2


def divides_c_by_two(target, c):
    return target / _shrink(c, _density(c), math.erf(c / 2))


def ignores_the_cut(target, c):
    return target


WRONG = {
    "4.8-1": [swapped, forgets_the_window, first_window_side_only, window_in_fan_in_only],
    "4.8-2": [multiplies, forgets_the_root, divides_c_by_two, ignores_the_cut],
}


def test_fans_are_those_that_torch_uses():
    shape = (32, 8, 5, 5)
    fan_in, fan_out = fans(shape)
    for mode, fan in (("fan_in", fan_in), ("fan_out", fan_out)):
        bound = math.sqrt(6 / fan)
        W = nn.init.kaiming_uniform_(torch.empty(shape), mode=mode, nonlinearity="relu")
        assert 0.98 * bound < W.abs().max() <= bound


def test_the_truncated_weights_have_the_wanted_deviation():
    std = std_before(0.02, 1.5)
    W = nn.init.trunc_normal_(torch.empty(500, 500), std=std, a=-1.5 * std, b=1.5 * std)
    torch.testing.assert_close(W.std().item(), 0.02, rtol=0.01, atol=0)
