"""Section 5.3: channels as the notebook writes them, against PyTorch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


def _same_with_gradients(mine, theirs, X, K):
    results = []
    for function in (mine, theirs):
        x, k = X.clone().requires_grad_(), K.clone().requires_grad_()
        Y = function(x, k)
        G = torch.arange(Y.numel(), dtype=Y.dtype).reshape(Y.shape)
        results.append((Y.detach(), *torch.autograd.grad(Y, (x, k), G)))
    torch.testing.assert_close(*results)


def test_the_values_of_the_book(definitions):
    multi_in, multi_in_out = definitions("5.3", "corr2d_multi_in", "corr2d_multi_in_out")
    X = torch.stack([torch.arange(9.0), torch.arange(1.0, 10.0)]).reshape(2, 3, 3)
    K = torch.tensor([[[0.0, 1.0], [2.0, 3.0]], [[1.0, 2.0], [3.0, 4.0]]])
    assert multi_in(X, K).tolist() == [[56, 72], [104, 120]]
    Y = multi_in_out(X, torch.stack([K, K + 1, K + 2]))
    assert Y[0].tolist() == [[56, 72], [104, 120]]
    assert Y[1].tolist() == [[76, 100], [148, 172]]
    assert Y[2].tolist() == [[96, 128], [192, 224]]


@pytest.mark.parametrize("shape", [(1, 4, 4, 2, 2), (3, 5, 4, 2, 3), (7, 3, 3, 3, 3)], ids=str)
def test_several_input_channels(definitions, shape):
    (multi_in,) = definitions("5.3", "corr2d_multi_in")
    c_i, h, w, k_h, k_w = shape
    X = torch.randn(c_i, h, w, dtype=torch.float64)
    K = torch.randn(c_i, k_h, k_w, dtype=torch.float64)
    _same_with_gradients(multi_in, lambda x, k: F.conv2d(x[None], k[None])[0, 0], X, K)


def test_as_many_kernels_as_input_channels(definitions):
    (multi_in,) = definitions("5.3", "corr2d_multi_in")
    with pytest.raises(ValueError, match="zip"):
        multi_in(torch.zeros(3, 4, 4), torch.zeros(2, 2, 2))


@pytest.mark.parametrize("channels", [(1, 1), (2, 5), (4, 3)], ids=str)
def test_several_output_channels(definitions, channels):
    (multi_in_out,) = definitions("5.3", "corr2d_multi_in_out")
    c_i, c_o = channels
    X = torch.randn(c_i, 5, 6, dtype=torch.float64)
    K = torch.randn(c_o, c_i, 3, 2, dtype=torch.float64)
    _same_with_gradients(multi_in_out, lambda x, k: F.conv2d(x[None], k)[0], X, K)


@pytest.mark.parametrize("channels", [(1, 1), (3, 2), (4, 9)], ids=str)
def test_one_by_one_is_a_matrix_product(definitions, channels):
    names = "corr2d_multi_in_out_1x1", "corr2d_multi_in_out"
    product, multi_in_out = definitions("5.3", *names)
    c_i, c_o = channels
    X = torch.randn(c_i, 3, 5, dtype=torch.float64)
    K = torch.randn(c_o, c_i, 1, 1, dtype=torch.float64)
    _same_with_gradients(product, multi_in_out, X, K)
    _same_with_gradients(product, lambda x, k: F.conv2d(x[None], k)[0], X, K)


def test_helper_sees_wrong_values_and_wrong_gradients(definitions):
    assert_same, multi_in = definitions("5.3", "assert_same", "corr2d_multi_in")
    X, K = torch.randn(2, 4, 4), torch.randn(2, 2, 2)
    assert_same(multi_in, multi_in, X, K)
    for wrong in (
        lambda x, k: multi_in(x, k) + 1,
        lambda x, k: multi_in(x, 2 * k - k.detach()),
        lambda x, k: multi_in(2 * x - x.detach(), k),
    ):
        with pytest.raises(AssertionError):
            assert_same(multi_in, wrong, X, K)


@pytest.mark.parametrize("layer", [(3, 64, 3), (8, 4, 5), (16, 32, 1)], ids=str)
def test_cost_of_a_layer(definitions, layer):
    conv_cost, measured_cost = definitions("5.3", "conv_cost", "measured_cost")
    c_i, c_o, k = layer
    conv = nn.Conv2d(c_i, c_o, k, padding=k // 2)
    measured = measured_cost(conv, torch.zeros(1, c_i, 9, 9))
    assert conv_cost(c_i, c_o, k, 9) == measured
    assert measured[0] == conv.weight.numel() + c_o


def test_connections_are_those_of_the_groups(definitions):
    (connections,) = definitions("5.3", "connections")
    eye = torch.eye(4, dtype=torch.bool)
    assert torch.equal(connections(nn.Conv2d(4, 4, 3, groups=4), 4), eye)
    assert connections(nn.Conv2d(4, 6, 3), 4).all()
    halves = connections(nn.Conv2d(4, 6, 3, groups=2), 4)
    expected = torch.block_diag(torch.ones(3, 2), torch.ones(3, 2)).bool()
    assert torch.equal(halves, expected)
