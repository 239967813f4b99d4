"""Wrong answers to the exercises of section 5.11."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


def padded_in_front(X, out_channels, stride):
    X = X[:, :, ::stride, ::stride]
    return F.pad(X, (0, 0, 0, 0, out_channels - X.shape[1], 0))


def pooled(X, out_channels, stride):
    X = F.avg_pool2d(X, stride, ceil_mode=True)
    return F.pad(X, (0, 0, 0, 0, 0, out_channels - X.shape[1]))


def from_the_second_pixel(X, out_channels, stride):
    X = X[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return F.pad(X, (0, 0, 0, 0, 0, out_channels - X.shape[1]))


def as_many_zeros_as_channels(X, out_channels, stride):
    X = X[:, :, ::stride, ::stride]
    return torch.cat([X, torch.zeros_like(X)], dim=1)


def _conv(i, o):
    return 9 * i * o


def _conv_bn(i, o):
    return 9 * i * o + 2 * o


def without_norms(n, num_classes):
    total = _conv(3, 16) + 2 * n * _conv(16, 16)
    for c in (32, 64):
        total += 2 * _conv(c // 2, c) + (2 * n - 1) * _conv(c, c)
    return total + 65 * num_classes


def without_shortcuts(n, num_classes):
    total = _conv_bn(3, 16) + 2 * n * _conv_bn(16, 16)
    for c in (32, 64):
        total += _conv_bn(c // 2, c) + (2 * n - 1) * _conv_bn(c, c)
    return total + 65 * num_classes


def shortcuts_of_one_by_one(n, num_classes):
    total = without_shortcuts(n, num_classes)
    return total + sum(c // 2 * c + 2 * c for c in (32, 64))


def a_shortcut_in_the_first_stage_too(n, num_classes):
    from d2lzh_pytorch.exercises.ch05.sec11 import small_resnet_parameters

    return small_resnet_parameters(n, num_classes) + _conv_bn(16, 16)


def shortcut_forgotten(X, W1, W2, G):
    return ((G @ W2.T) * (X @ W1 > 0)) @ W1.T


def relu_forgotten(X, W1, W2, G):
    return G + G @ W2.T @ W1.T


def sign_of_the_gradient(X, W1, W2, G):
    return G + (G @ W2.T).relu() @ W1.T


def multiplied_not_added(X, W1, W2, G):
    return G * (1 + ((G @ W2.T) * (X @ W1 > 0)) @ W1.T)


WRONG = {
    "5.11-1": [padded_in_front, pooled, from_the_second_pixel, as_many_zeros_as_channels],
    "5.11-2": [
        without_norms,
        without_shortcuts,
        shortcuts_of_one_by_one,
        a_shortcut_in_the_first_stage_too,
    ],
    "5.11-3": [shortcut_forgotten, relu_forgotten, sign_of_the_gradient, multiplied_not_added],
}


@pytest.mark.parametrize(("n", "expected"), [(3, 292_954), (4, 390_170)])
def test_parameters_are_those_of_the_books(n, expected):
    from d2lzh_pytorch.exercises.ch05.sec11 import small_resnet_parameters

    assert small_resnet_parameters(n, 10) == expected


def test_padding_is_a_convolution_with_an_identity():
    from d2lzh_pytorch.exercises.ch05.sec11 import pad_shortcut

    X = torch.randn(2, 3, 7, 5)
    conv = nn.Conv2d(3, 5, 1, stride=2, bias=False)
    with torch.no_grad():
        conv.weight.copy_(torch.eye(5, 3)[..., None, None])
    torch.testing.assert_close(pad_shortcut(X, 5, 2), conv(X))


def test_backward_is_that_of_autograd():
    from d2lzh_pytorch.exercises.ch05.sec11 import residual_backward

    X = torch.randn(6, 4, requires_grad=True)
    W1, W2, G = torch.randn(4, 3), torch.randn(3, 4), torch.randn(6, 4)
    ((X @ W1).relu() @ W2 + X).backward(G)
    torch.testing.assert_close(residual_backward(X.detach(), W1, W2, G), X.grad)
