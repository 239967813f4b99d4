"""Section 3.13: dropout as the notebook writes it, against torch."""

import inspect

import pytest
import torch
from torch import nn

import d2lzh_pytorch as d2l


def test_nothing_and_everything_dropped(definitions):
    (dropout,) = definitions("3.13", "dropout")
    X = torch.randn(4, 5)
    torch.testing.assert_close(dropout(X, 0), X)
    torch.testing.assert_close(dropout(X, 1), torch.zeros(4, 5))
    for wrong in (-0.1, 1.1):
        with pytest.raises(AssertionError):
            dropout(X, wrong)


@pytest.mark.parametrize("drop_prob", [0.2, 0.5, 0.9])
def test_keep_rate_mean_and_variance_are_those_of_torch(definitions, drop_prob):
    (dropout,) = definitions("3.13", "dropout")
    n = 200_000
    deviation = (drop_prob * (1 - drop_prob) / n) ** 0.5
    for dropped in (dropout(torch.ones(n), drop_prob), nn.Dropout(drop_prob)(torch.ones(n))):
        rate = (dropped != 0).double().mean().item()
        assert abs(rate - (1 - drop_prob)) < 5 * deviation
        assert abs(dropped.mean().item() - 1) < 5 * deviation / (1 - drop_prob)
        assert abs(dropped.var().item() * (1 - drop_prob) / drop_prob - 1) < 0.05


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_values_and_gradient_follow_the_mask(definitions, dtype):
    (dropout,) = definitions("3.13", "dropout")
    X = (torch.rand(1000, dtype=dtype) + 1).requires_grad_()
    dropped = dropout(X, 0.3)
    assert dropped.dtype == dtype
    mask = (dropped != 0).to(dtype)
    torch.testing.assert_close(dropped, X * mask / 0.7)
    dropped.sum().backward()
    torch.testing.assert_close(X.grad, mask / 0.7)


def test_every_element_has_a_mask_of_its_own(definitions):
    (dropout,) = definitions("3.13", "dropout")
    rows = (dropout(torch.ones(50, 64), 0.5) != 0).unique(dim=0)
    assert len(rows) == 50


@pytest.fixture
def twins(definitions):
    """The net from scratch and torch's, with the same parameters and without any dropping."""
    init_params, mlp = definitions("3.13", "init_params", "mlp")
    params, library = init_params(), mlp(0.0, 0.0)
    with torch.no_grad():
        for theirs, ours in zip(library.parameters(), params, strict=True):
            theirs.copy_(ours.T if ours.ndim == 2 else ours)
    (net,) = definitions("3.13", "net", params=params, drop_prob1=0.0, drop_prob2=0.0)
    return params, net, library


def test_net_is_that_of_torch_forward_gradient_and_one_step(twins):
    params, net, library = twins
    X, y = torch.rand(8, 1, 28, 28), torch.randint(10, (8,))
    torch.testing.assert_close(net(X), library(X))
    nn.functional.cross_entropy(net(X), y, reduction="sum").backward()
    nn.functional.cross_entropy(library(X), y).backward()
    for theirs, ours in zip(library.parameters(), params, strict=True):
        torch.testing.assert_close(theirs.grad, (ours.grad.T if ours.ndim == 2 else ours.grad) / 8)
    d2l.sgd(params, 0.5, 8)
    torch.optim.SGD(library.parameters(), lr=0.5).step()
    for theirs, ours in zip(library.parameters(), params, strict=True):
        torch.testing.assert_close(theirs.detach(), (ours.T if ours.ndim == 2 else ours).detach())


def test_evaluation_drops_nothing(definitions):
    (init_params,) = definitions("3.13", "init_params")
    (net,) = definitions("3.13", "net", params=init_params())
    X = torch.rand(4, 1, 28, 28)
    assert not torch.equal(net(X), net(X))
    assert torch.equal(net(X, is_training=False), net(X, is_training=False))
    assert "is_training" in inspect.signature(net).parameters  # what evaluate_accuracy looks for
