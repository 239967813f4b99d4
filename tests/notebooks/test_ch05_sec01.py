"""Section 5.1: what the notebook writes by loops against torch and NumPy."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

kernels = pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 2), (6, 1), (6, 8)])


def twin(X, K):
    return F.conv2d(X[None, None], K[None, None])[0, 0]


@kernels
@pytest.mark.parametrize("name", ["corr2d", "corr2d_by_shifts"])
def test_cross_correlation_forward_and_gradient(definitions, name, shape):
    (function,) = definitions("5.1", name)
    X, K = torch.randn(6, 8, requires_grad=True), torch.randn(shape, requires_grad=True)
    mine, theirs = function(X, K), twin(X, K)
    assert_close(mine, theirs)
    G = torch.randn(theirs.shape)
    gradients = torch.autograd.grad(theirs, (X, K), G)
    assert_close(torch.autograd.grad(mine, (X, K), G), gradients)

    corr2d, convolve = definitions("5.1", "corr2d", "convolve")
    with torch.no_grad():
        assert_close(convolve(G, K), gradients[0])
        assert_close(corr2d(X, G), gradients[1])


def test_examples_of_the_book(definitions):
    (corr2d,) = definitions("5.1", "corr2d")
    X, K = torch.arange(9).view(3, 3), torch.arange(4).view(2, 2)
    assert corr2d(X, K).tolist() == [[19, 25], [37, 43]]
    X = torch.ones(6, 8)
    X[:, 2:6] = 0
    assert corr2d(X, torch.tensor([[1, -1]])).tolist() == [[0, 1, 0, 0, 0, -1, 0]] * 6


@kernels
def test_convolution_is_a_product_of_fourier_transforms(definitions, shape):
    (convolve,) = definitions("5.1", "convolve")
    X, K = torch.randn(6, 8), torch.randn(shape)
    size = (6 + shape[0] - 1, 8 + shape[1] - 1)
    product = torch.fft.rfft2(X, s=size) * torch.fft.rfft2(K, s=size)
    assert_close(convolve(X, K), torch.fft.irfft2(product, s=size), atol=1e-5, rtol=1e-4)
    assert_close(convolve(X, K), convolve(K, X))


def test_convolution_of_rows_is_numpys(definitions):
    (convolve,) = definitions("5.1", "convolve")
    x, k = torch.randn(9), torch.randn(4)
    expected = torch.from_numpy(np.convolve(x.numpy(), k.numpy()))
    assert_close(convolve(x[None], k[None])[0], expected)


@kernels
def test_a_flip_is_all_that_differs(definitions, shape):
    corr2d, convolve = definitions("5.1", "corr2d", "convolve")
    X, K = torch.randn(6, 8), torch.randn(shape)
    h, w = shape
    inside = convolve(X, K)[h - 1 : 6, w - 1 : 8]
    assert_close(inside, corr2d(X, K.flip(0, 1)))


def test_layer_is_conv2d_and_learns_as_sgd_does(definitions):
    Conv2D, learn = definitions("5.1", "Conv2D", "learn")
    layer, library = Conv2D((3, 2)), torch.nn.Conv2d(1, 1, (3, 2))
    with torch.no_grad():
        library.weight.copy_(layer.weight)
        library.bias.copy_(layer.bias)
    X, Y = torch.randn(6, 8), torch.randn(4, 7)
    losses = learn(layer, X, Y, num_steps=5, lr=0.001)
    optimizer = torch.optim.SGD(library.parameters(), lr=0.001)
    for loss in losses:
        optimizer.zero_grad()
        expected = (library(X[None])[0] - Y).square().sum()
        expected.backward()
        optimizer.step()
        assert loss == pytest.approx(expected.item(), rel=1e-4)
    assert_close(layer.weight, library.weight[0, 0])
    assert_close(layer.bias, library.bias)


@pytest.mark.parametrize("seed", range(4))
def test_kernel_is_learned_from_every_start(definitions, seed):
    corr2d, Conv2D, learn = definitions("5.1", "corr2d", "Conv2D", "learn")
    torch.manual_seed(seed)
    X, K = torch.ones(6, 8), torch.tensor([[1.0, -1.0]])
    X[:, 2:6] = 0
    layer = Conv2D((1, 2))
    losses = learn(layer, X, corr2d(X, K), num_steps=60)
    assert losses[-1] < losses[0] / 100
    assert_close(layer.weight.detach(), K, atol=0.02, rtol=0)


def test_a_flipped_layer_learns_the_flipped_kernel(definitions):
    Conv2D, TrueConv2D, learn = definitions("5.1", "Conv2D", "TrueConv2D", "learn")
    layer, flipped = Conv2D((3, 2)), TrueConv2D((3, 2))
    with torch.no_grad():
        flipped.weight.copy_(layer.weight.flip(0, 1))
        flipped.bias.copy_(layer.bias)
    X, Y = torch.randn(6, 8), torch.randn(4, 7)
    losses = learn(layer, X, Y, num_steps=5, lr=0.001)
    assert learn(flipped, X, Y, num_steps=5, lr=0.001) == pytest.approx(losses, rel=1e-4)
    assert_close(flipped.weight, layer.weight.flip(0, 1))


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
def test_receptive_field_and_paths(definitions, layers):
    (paths,) = definitions("5.1", "paths")
    row = torch.ones(1)
    for _ in range(layers):  # the paths along one axis: 1 1 1, then 1 2 3 2 1, ...
        row = torch.from_numpy(np.convolve(row.numpy(), np.ones(3, dtype=np.float32)))
    side, edge = len(row), (9 - len(row)) // 2
    assert side == 1 + 2 * layers
    expected = F.pad(torch.outer(row, row), (edge, edge, edge, edge))
    assert_close(paths(layers), expected)
