"""What section 3.19 builds, against torch."""

import math

import pytest
import torch
import torch.nn.functional as F


@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_regression_losses(definitions, delta):
    squared, absolute, huber = definitions("3.19", "squared", "absolute", "huber")
    e = torch.cat([torch.randn(50) * 3, torch.tensor([0.0, delta, -delta])]).requires_grad_()
    zero = torch.zeros(len(e))
    pairs = (
        (squared(e), F.mse_loss(e, zero, reduction="none")),
        (absolute(e), F.l1_loss(e, zero, reduction="none")),
        (huber(e, delta), F.huber_loss(e, zero, reduction="none", delta=delta)),
    )
    for ours, library in pairs:
        torch.testing.assert_close(ours, library)
        gradients = [torch.autograd.grad(value.sum(), e)[0] for value in (ours, library)]
        torch.testing.assert_close(*gradients)


def test_kl(definitions):
    (kl,) = definitions("3.19", "kl")
    p, q = torch.rand(2, 7, 4).softmax(dim=2)
    torch.testing.assert_close(kl(p, q).mean(), F.kl_div(q.log(), p, reduction="batchmean"))
    torch.testing.assert_close(kl(p, p), torch.zeros(7))


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, math.inf])
def test_minkowski(definitions, p):
    (minkowski,) = definitions("3.19", "minkowski")
    a, b = torch.randn(2, 6)
    torch.testing.assert_close(minkowski(a, b, p), torch.linalg.vector_norm(a - b, p))


def test_mahalanobis(definitions):
    (mahalanobis,) = definitions("3.19", "mahalanobis")
    A, X, mu = torch.randn(3, 3) + 3 * torch.eye(3), torch.randn(8, 3), torch.randn(3)
    expected = torch.linalg.solve(A, (X - mu).T).norm(dim=0)
    torch.testing.assert_close(mahalanobis(X, mu, A @ A.T), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(
        mahalanobis(X, mu, torch.eye(3)), (X - mu).norm(dim=1), atol=1e-5, rtol=1e-5
    )
