"""The layers against their twins in torch, forward and gradient."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.layers import FlattenLayer, GlobalAvgPool2d, corr2d, linreg

every_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


def results_and_gradients(function, *inputs):
    """What `function` returns, and the gradients of a weighted sum of it."""
    inputs = [x.detach().clone(memory_format=torch.preserve_format) for x in inputs]
    for x in inputs:
        x.requires_grad_()
    output = function(*inputs)
    weights = torch.linspace(-1, 2, output.numel(), dtype=output.dtype).view(output.shape)
    return output, torch.autograd.grad((output * weights).sum(), inputs)


def assert_twins(function, twin, *inputs):
    assert_close(results_and_gradients(function, *inputs), results_and_gradients(twin, *inputs))


def as_linear(X, w, b):
    return F.linear(X, w.T, b)


def as_conv2d(X, K):
    return F.conv2d(X[None, None], K[None, None])[0, 0]


@every_dtype
def test_linreg_is_linear(dtype):
    X, w, b = (torch.randn(size, dtype=dtype) for size in [(5, 3), (3, 1), (1,)])
    assert_twins(linreg, as_linear, X, w, b)


def test_linreg_has_the_weights_of_nn_linear():
    layer, X = nn.Linear(3, 1), torch.randn(5, 3)
    assert_close(linreg(X, layer.weight.T, layer.bias), layer(X))


def test_linreg_takes_non_contiguous_features():
    X = torch.randn(3, 5).T
    assert not X.is_contiguous()
    assert_twins(linreg, as_linear, X, torch.randn(3, 1), torch.randn(1))


def test_linreg_gradcheck():
    sizes = [(4, 3), (3, 1), (1,)]
    inputs = [torch.randn(size, dtype=torch.float64, requires_grad=True) for size in sizes]
    assert torch.autograd.gradcheck(linreg, inputs)


def test_linreg_refuses_what_does_not_fit():
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        linreg(torch.ones(5, 3), torch.ones(2, 1), torch.zeros(1))
    with pytest.raises(RuntimeError, match="dtype"):
        linreg(torch.ones(5, 2, dtype=torch.float64), torch.ones(2, 1), torch.zeros(1))


@every_dtype
@pytest.mark.parametrize("shape", [(4, 1, 28, 28), (4, 7), (1, 2, 3), (4, 5, 1)])
def test_flatten_is_nn_flatten(dtype, shape):
    assert_twins(FlattenLayer(), nn.Flatten(), torch.randn(shape, dtype=dtype))


def test_flatten_takes_non_contiguous_images():
    images = torch.randn(2, 5, 6, 3).permute(0, 3, 1, 2)
    assert not images.is_contiguous()
    assert_twins(FlattenLayer(), nn.Flatten(), images)


def test_flatten_stands_in_a_sequential_and_has_no_parameters():
    net = nn.Sequential(FlattenLayer(), nn.Linear(12, 2))
    assert net(torch.randn(5, 3, 2, 2)).shape == (5, 2)
    assert not list(FlattenLayer().parameters())


def test_corr2d_of_whole_numbers():
    X, K = torch.arange(9).view(3, 3), torch.arange(4).view(2, 2)
    assert_close(corr2d(X, K), torch.tensor([[19, 25], [37, 43]]))


@every_dtype
@pytest.mark.parametrize("kernel", [(1, 1), (1, 2), (3, 2), (6, 1), (6, 8)])
def test_corr2d_is_conv2d(dtype, kernel):
    X, K = torch.randn(6, 8, dtype=dtype), torch.randn(kernel, dtype=dtype)
    assert_twins(corr2d, as_conv2d, X, K)


def test_corr2d_takes_non_contiguous_input():
    X, K = torch.randn(8, 6).T, torch.randn(3, 2).T
    assert not X.is_contiguous()
    assert not K.is_contiguous()
    assert_twins(corr2d, as_conv2d, X, K)


def test_corr2d_gradcheck():
    sizes = [(4, 5), (2, 3)]
    inputs = [torch.randn(size, dtype=torch.float64, requires_grad=True) for size in sizes]
    assert torch.autograd.gradcheck(corr2d, inputs)


def test_corr2d_of_a_whole_number_image_keeps_the_fractions():
    X = torch.tensor([[0, 1], [2, 3], [4, 8]])
    assert_close(corr2d(X, torch.full((2, 2), 0.25)), torch.tensor([[1.5], [4.25]]))


def test_corr2d_refuses_a_larger_kernel():
    with pytest.raises(RuntimeError):
        corr2d(torch.ones(3, 3), torch.ones(5, 5))


@every_dtype
@pytest.mark.parametrize("shape", [(2, 3, 5, 5), (2, 3, 4, 7), (1, 10, 1, 1)])
def test_global_pooling_is_adaptive_pooling(dtype, shape):
    assert_twins(GlobalAvgPool2d(), nn.AdaptiveAvgPool2d(1), torch.randn(shape, dtype=dtype))


def test_global_pooling_takes_non_contiguous_images():
    images = torch.randn(2, 5, 4, 3).permute(0, 3, 2, 1)
    assert not images.is_contiguous()
    assert_twins(GlobalAvgPool2d(), nn.AdaptiveAvgPool2d(1), images)


def test_global_pooling_gradcheck():
    X = torch.randn(2, 3, 4, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(GlobalAvgPool2d(), X)
