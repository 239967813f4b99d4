"""Section 4.1: the modules that the notebook writes against torch's."""

import copy
from collections import OrderedDict

import pytest
import torch
from torch import nn


@pytest.fixture
def layers():
    return nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3)


def test_sequential_forward_gradient_and_step(definitions, layers):
    (MySequential,) = definitions("4.1", "MySequential")
    results = []
    X, y = torch.randn(6, 5), torch.tensor([0, 1, 2, 0, 1, 2])
    for container in (MySequential, nn.Sequential):
        net = container(*copy.deepcopy(layers))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        scores = net(X)
        nn.functional.cross_entropy(scores, y).backward()
        optimizer.step()
        results.append((scores, [p.grad for p in net.parameters()], net.state_dict()))
    torch.testing.assert_close(*results)


def test_sequential_takes_names(definitions, layers):
    (MySequential,) = definitions("4.1", "MySequential")
    named = OrderedDict(zip(("hidden", "act", "output"), layers, strict=True))
    X = torch.randn(4, 5)
    ours, theirs = MySequential(named), nn.Sequential(named)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    torch.testing.assert_close(ours(X), theirs(X))


def test_sequential_applies_a_repeated_layer_each_time(definitions):
    (MySequential,) = definitions("4.1", "MySequential")
    layer, X = nn.Linear(4, 4), torch.randn(2, 4)
    torch.testing.assert_close(
        MySequential(layer, nn.Tanh(), layer)(X), nn.Sequential(layer, nn.Tanh(), layer)(X)
    )


def test_mlp_is_the_chain(definitions):
    (MLP,) = definitions("4.1", "MLP")
    net, X = MLP(), torch.rand(3, 784)
    torch.testing.assert_close(net(X), nn.Sequential(*net.children())(X))


def test_only_a_module_list_registers(definitions):
    (DeepNet,) = definitions("4.1", "DeepNet")
    counts = [sum(p.numel() for p in DeepNet(c).parameters()) for c in (list, nn.ModuleList)]
    assert counts == [18, 114]


@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0])
def test_fancy_mlp_is_the_path_it_took(definitions, scale):
    FancyMLP, unrolled = definitions("4.1", "FancyMLP", "unrolled")
    net, X = FancyMLP(), scale * torch.rand(2, 20)
    params = list(net.parameters())
    assert len(params) == 2  # the shared layer once, the constant not at all
    assert "constant" in net.state_dict()
    value = net(X)
    expected = unrolled(net, X)
    torch.testing.assert_close(value, expected)
    torch.testing.assert_close(
        torch.autograd.grad(value, params), torch.autograd.grad(expected, params)
    )
