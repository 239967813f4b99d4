"""Wrong answers to the exercises of section 5.10."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close


def eps_forgotten(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / var.sqrt()
    return weight * scale.view(-1, 1, 1, 1), (bias - mean) * scale + beta


def divided_by_the_variance(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return weight * scale.view(-1, 1, 1, 1), (bias - mean) * scale + beta


def mean_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), bias * scale - mean + beta


def bias_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), beta - mean * scale


def scaled_along_the_last_dimension(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale, (bias - mean) * scale + beta


def batch_norm_in_its_place(X, groups, gamma, beta, eps):
    return F.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)


def one_group(X, groups, gamma, beta, eps):
    return F.group_norm(X, 1, gamma, beta, eps)


def unbiased_variance(X, groups, gamma, beta, eps):
    rows = X.reshape(len(X), groups, -1)
    normal = (rows - rows.mean(dim=2, keepdim=True)) / (rows.var(dim=2, keepdim=True) + eps).sqrt()
    return normal.reshape(X.shape) * gamma.view(1, -1, 1, 1) + beta.view(1, -1, 1, 1)


def groups_taken_for_their_size(X, groups, gamma, beta, eps):
    return F.group_norm(X, X.shape[1] // groups, gamma, beta, eps)


def statistics_as_constants(X, gamma, dY, eps):
    std = (X.var(dim=0, correction=0) + eps).sqrt()
    normal = (X - X.mean(dim=0)) / std
    return gamma * dY / std, (dY * normal).sum(dim=0), dY.sum(dim=0)


def variance_as_a_constant(X, gamma, dY, eps):
    std = (X.var(dim=0, correction=0) + eps).sqrt()
    normal = (X - X.mean(dim=0)) / std
    d_normal = gamma * dY
    return (d_normal - d_normal.mean(dim=0)) / std, (dY * normal).sum(dim=0), dY.sum(dim=0)


def averaged_parameters(X, gamma, dY, eps):
    from d2lzh_pytorch.exercises.ch05.sec10 import batch_norm_gradient

    dX, d_gamma, d_beta = batch_norm_gradient(X, gamma, dY, eps)
    return dX, d_gamma / len(X), d_beta / len(X)


def gamma_forgotten(X, gamma, dY, eps):
    from d2lzh_pytorch.exercises.ch05.sec10 import batch_norm_gradient

    return batch_norm_gradient(X, torch.ones_like(gamma), dY, eps)


WRONG = {
    "5.10-1": [
        eps_forgotten,
        divided_by_the_variance,
        mean_not_scaled,
        bias_lost,
        scaled_along_the_last_dimension,
    ],
    "5.10-2": [batch_norm_in_its_place, one_group, unbiased_variance, groups_taken_for_their_size],
    "5.10-3": [
        statistics_as_constants,
        variance_as_a_constant,
        averaged_parameters,
        gamma_forgotten,
    ],
}


@pytest.mark.parametrize("padding", [0, 1])
def test_a_folded_convolution_predicts_as_the_two_layers(padding):
    from d2lzh_pytorch.exercises.ch05.sec10 import fold

    conv, bn = nn.Conv2d(3, 4, 3, padding=padding), nn.BatchNorm2d(4)
    net = nn.Sequential(conv, bn)
    with torch.no_grad():
        bn.weight.uniform_(0.5, 2)
        bn.bias.uniform_(-1, 1)
        for _ in range(5):
            net(torch.randn(8, 3, 6, 6) * 2 + 1)
        X = torch.randn(2, 3, 6, 6)
        folded = fold(
            conv.weight, conv.bias, bn.weight, bn.bias, bn.running_mean, bn.running_var, bn.eps
        )
        assert_close(F.conv2d(X, *folded, padding=padding), net.eval()(X), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_group_norm_is_torchs(groups):
    from d2lzh_pytorch.exercises.ch05.sec10 import group_norm

    X, gamma, beta = torch.randn(3, 6, 4, 5), torch.randn(6), torch.randn(6)
    assert_close(group_norm(X, groups, gamma, beta, 1e-5), F.group_norm(X, groups, gamma, beta))


def test_the_gradient_is_that_of_autograd():
    from d2lzh_pytorch.exercises.ch05.sec10 import batch_norm_gradient

    X, dY = torch.randn(2, 7, 3, dtype=torch.float64)
    X = X.clone().requires_grad_()
    gamma, beta = (torch.randn(3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    Y = F.batch_norm(X, None, None, gamma, beta, training=True)
    expected = torch.autograd.grad(Y, (X, gamma, beta), dY)
    assert_close(batch_norm_gradient(X.detach(), gamma.detach(), dY, 1e-5), expected)
