"""Section 7.1: derivatives and Hessians as the notebook writes them, against autograd."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch.autograd.functional import hessian


def test_derivative_of_the_function_with_two_minima(definitions):
    f, df = definitions("7.1", "f", "df")
    x = torch.linspace(-1, 2, 50, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(f(x).sum(), x)
    torch.testing.assert_close(df(x.detach()), gradient)


def test_the_minima_of_the_book(definitions):
    f, df = definitions("7.1", "f", "df")
    for x, value in ((-0.27385, -0.17860), (1.09041, -1.04672)):
        x = torch.tensor(x, dtype=torch.float64)
        assert f(x).item() == pytest.approx(value, abs=1e-5)
        assert df(x).item() == pytest.approx(0, abs=1e-4)
        assert df(x - 0.01) < 0 < df(x + 0.01)


def test_two_layers_has_a_saddle_at_the_origin(definitions):
    (two_layers,) = definitions("7.1", "two_layers")
    assert hessian(two_layers, torch.zeros(2)).tolist() == [[0, -1], [-1, 0]]
    eigenvalues = torch.linalg.eigvalsh(hessian(two_layers, torch.tensor([4.0, 0.25])))
    torch.testing.assert_close(eigenvalues, torch.tensor([0, 16 + 1 / 16]), atol=1e-5, rtol=0)


def test_loss_is_that_of_a_net_with_weight_decay(definitions):
    X, y = torch.randn(9, 2).double(), torch.randint(2, (9,)).double()
    (loss,) = definitions("7.1", "loss", X=X, y=y)
    p = torch.randn(17, dtype=torch.float64, requires_grad=True)
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    net = net.double()
    W1, b1, W2, b2 = p.detach().split([8, 4, 4, 1])
    with torch.no_grad():
        net[0].weight.copy_(W1.view(2, 4).T)
        net[0].bias.copy_(b1)
        net[2].weight.copy_(W2[None])
        net[2].bias.copy_(b2)
    expected = F.binary_cross_entropy_with_logits(net(X)[:, 0], y)
    expected = expected + 0.001 * sum(q.square().sum() for q in net.parameters()) / 2
    torch.testing.assert_close(loss(p), expected)
    (gradient,) = torch.autograd.grad(loss(p), p)
    expected.backward()
    torch.testing.assert_close(gradient[:8].view(2, 4).T, net[0].weight.grad)
    torch.testing.assert_close(gradient[16:], net[2].bias.grad)


def test_settle_reaches_a_minimum(definitions):
    (settle,) = definitions("7.1", "settle", loss=lambda p: (p - 3).square().sum() + p[0] ** 4)
    p = settle(torch.randn(3, dtype=torch.float64))
    assert p[1:].tolist() == pytest.approx([3, 3])
    root = p[0].item()
    assert 4 * root**3 + 2 * (root - 3) == pytest.approx(0, abs=1e-6)


def test_saddle_of_the_section_has_the_minima_it_names(definitions):
    (saddle,) = definitions("7.1", "saddle")
    assert saddle(0, 0) == 0
    assert saddle(0, math.sqrt(2)) == pytest.approx(-1)
    assert saddle(0, 1.4) > -1 < saddle(0, 1.43)
