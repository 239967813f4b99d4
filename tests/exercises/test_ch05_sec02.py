"""Wrong answers to the exercises of section 5.2."""

import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from d2lzh_pytorch.layers import corr2d


def padding_on_one_side(X, K, p, s, d):
    return by_torch(F.pad(X, (0, p, 0, p)), K, 0, s, d)


def padding_as_in_the_book(X, K, p, s, d):
    half = p // 2
    return by_torch(F.pad(X, (half, p - half, half, p - half)), K, 0, s, d)


def stride_ignored(X, K, p, s, d):
    return by_torch(X, K, p, 1, d)


def dilation_ignored(X, K, p, s, d):
    return by_torch(X, K, p, s, 1)


def padded_with_the_border(X, K, p, s, d):
    padded = F.pad(X[None, None], (p, p, p, p), mode="replicate")[0, 0]
    return by_torch(padded, K, 0, s, d)


def windows_side_by_side(X, K, p, s, d):
    return by_torch(X, K, p, s * d, d)


def by_torch(X, K, p, s, d):
    return F.conv2d(X[None], K[None, None], padding=p, stride=s, dilation=d)[0]


def without_dilation(k, d):
    return (k - 1) // 2, k - 1 - (k - 1) // 2


def more_before(k, d):
    total = d * (k - 1)
    return total - total // 2, total // 2


def the_same_on_both_sides(k, d):
    return d * (k - 1) // 2, d * (k - 1) // 2


def half_the_window(k, d):
    side = d * (k - 1) + 1
    return side // 2, side // 2


def stride_of_one_always(layers):
    return 1 + sum(d * (k - 1) for k, _, d in layers)


def stride_of_the_layer_itself(layers):
    r, jump = 1, 1
    for k, s, d in layers:
        jump *= s
        r += d * (k - 1) * jump
    return r


def dilation_kept_out(layers):
    r, jump = 1, 1
    for k, s, _ in layers:
        r += (k - 1) * jump
        jump *= s
    return r


def from_the_last_layer(layers):
    r, jump = 1, 1
    for k, s, d in reversed(layers):
        r += d * (k - 1) * jump
        jump *= s
    return r


def kernels_multiplied(layers):
    r = 1
    for k, _, d in layers:
        r *= d * (k - 1) + 1
    return r


WRONG = {
    "5.2-1": [
        padding_on_one_side,
        padding_as_in_the_book,
        stride_ignored,
        dilation_ignored,
        padded_with_the_border,
        windows_side_by_side,
    ],
    "5.2-2": [without_dilation, more_before, the_same_on_both_sides, half_the_window],
    "5.2-3": [
        stride_of_one_always,
        stride_of_the_layer_itself,
        dilation_kept_out,
        from_the_last_layer,
        kernels_multiplied,
    ],
}


@pytest.mark.parametrize("p", [0, 1, 3])
@pytest.mark.parametrize("s", [1, 2, 3])
@pytest.mark.parametrize("d", [1, 2])
def test_conv2d_is_that_of_torch(p, s, d):
    from d2lzh_pytorch.exercises.ch05.sec02 import conv2d

    X, K = torch.randn(9, 7), torch.randn(3, 2)
    assert_close(conv2d(X, K, p, s, d), by_torch(X, K, p, s, d))


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("k", range(1, 7))
@pytest.mark.parametrize("d", range(1, 4))
def test_same_padding_is_that_of_torch(k, d):
    from d2lzh_pytorch.exercises.ch05.sec02 import same_padding

    X, K = torch.randn(1, 1, 9, 9), torch.randn(1, 1, k, k)
    before, after = same_padding(k, d)
    padded = F.pad(X, (before, after, before, after))
    assert_close(F.conv2d(padded, K, dilation=d), F.conv2d(X, K, padding="same", dilation=d))


def test_receptive_field_is_what_gradients_reach():
    from d2lzh_pytorch.exercises.ch05.sec02 import receptive_field

    for layers in ([(3, 2, 1)] * 3, [(3, 1, 2), (2, 3, 1), (3, 1, 2)], [(5, 1, 1), (2, 2, 1)] * 2):
        r = receptive_field(layers)
        X = torch.zeros(1, 1, r, r, requires_grad=True)
        Y = X
        for k, s, d in layers:
            Y = F.conv2d(Y, torch.ones(1, 1, k, k), stride=s, dilation=d)
        assert Y.shape == (1, 1, 1, 1)
        (gradient,) = torch.autograd.grad(Y.sum(), X)
        corners = gradient[0, 0, :: r - 1, :: r - 1]
        assert (corners > 0).all()


def test_full_padding_and_a_flip_give_the_convolution():
    """Question 6 of the section."""
    X, K = torch.randn(4, 5), torch.randn(3, 3)
    full = corr2d(F.pad(X, (2, 2, 2, 2)), K.flip(0, 1))
    expected = torch.zeros(6, 7)
    for a in range(3):
        for b in range(3):
            expected[a : a + 4, b : b + 5] += X * K[a, b]
    assert_close(full, expected)
