"""What section 3.15 builds, against torch and against its own formulas."""

import pytest
import torch
from torch import nn


@pytest.mark.parametrize("sizes", [(784, 256), (3, 50), (1, 1)])
def test_initialisers_are_those_of_torch(definitions, sizes):
    d_in, d_out = sizes
    xavier_uniform, he_normal = definitions("3.15", "xavier_uniform", "he_normal")
    for ours, library in (
        (xavier_uniform, nn.init.xavier_uniform_),
        (he_normal, lambda W: nn.init.kaiming_normal_(W, nonlinearity="relu")),
    ):
        torch.manual_seed(3)
        W = ours(d_in, d_out)
        torch.manual_seed(3)
        torch.testing.assert_close(W, library(torch.empty(d_out, d_in)))


def test_trace_against_a_net(definitions):
    rms, trace = definitions("3.15", "rms", "trace")
    assert rms(torch.tensor([3.0, 4.0, 0.0, 0.0])) == 2.5
    weights = [torch.randn(6, 5), torch.randn(5, 4)]
    X = torch.randn(7, 6)
    torch.manual_seed(1)
    outputs, gradients = trace(weights, torch.tanh, X)
    torch.manual_seed(1)
    G = torch.randn(7, 4)
    first = torch.tanh(X @ weights[0]).requires_grad_()
    second = torch.tanh(first @ weights[1])
    second.backward(G)
    assert outputs == pytest.approx([rms(first), rms(second)])
    assert gradients == pytest.approx([rms(first.grad), rms(G)])
    assert not X.requires_grad


def test_deep_net(definitions):
    (deep_net,) = definitions("3.15", "deep_net", num_layers=3)
    net = deep_net(nn.init.zeros_)
    linear = [module for module in net if isinstance(module, nn.Linear)]
    assert [tuple(layer.weight.shape) for layer in linear] == [
        (64, 784),
        (64, 64),
        (64, 64),
        (10, 64),
    ]
    assert all(not param.any() for param in net.parameters())
    assert all(param.any() for param in deep_net().parameters())


def test_symmetric_net_keeps_its_hidden_units_alike(definitions):
    (symmetric_net,) = definitions("3.15", "symmetric_net")
    net = symmetric_net(0.01)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        loss = nn.functional.cross_entropy(net(torch.rand(4, 1, 28, 28)), torch.arange(4))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    W = net[1].weight.detach()
    assert not torch.allclose(W, torch.full_like(W, 0.01))
    torch.testing.assert_close(W, W[:1].expand_as(W))
