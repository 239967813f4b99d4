"""Wrong answers to the exercises of section 3.14."""

import torch

from d2lzh_pytorch.exercises.ch03.sec14 import affine_backward, mlp_gradients


def mean_over_examples(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.mean(dim=0)


def bias_keeps_the_rows(dY, X, W):
    return dY @ W.T, X.T @ dY, dY


def sum_over_outputs(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.sum(dim=1)


def weight_first(dY, X, W):
    return X.T @ dY, dY @ W.T, dY.sum(dim=0)


def _gradients(X, Y, W1, W2, lam, slope=lambda H: H * (1 - H), scale=None):
    H = torch.sigmoid(X @ W1)
    dO = (H @ W2 - Y) / (len(X) if scale is None else scale)
    dZ = dO @ W2.T * slope(H)
    return X.T @ dZ + lam * W1, H.T @ dO + lam * W2


def without_penalty(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, 0.0)


def penalty_without_the_half(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, 2 * lam)


def sum_of_losses(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, lam, scale=1)


def mean_over_elements(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, lam, scale=Y.numel() / 2)


def slope_forgotten(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, lam, slope=torch.ones_like)


def slope_of_relu(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, lam, slope=lambda H: (H > 0.5).float())


def slope_of_the_output(X, Y, W1, W2, lam):
    return _gradients(X, Y, W1, W2, lam, slope=lambda H: torch.sigmoid(H) * (1 - torch.sigmoid(H)))


WRONG = {
    "3.14-1": [mean_over_examples, bias_keeps_the_rows, sum_over_outputs, weight_first],
    "3.14-2": [
        without_penalty,
        penalty_without_the_half,
        sum_of_losses,
        mean_over_elements,
        slope_forgotten,
        slope_of_relu,
        slope_of_the_output,
    ],
}


def test_references_against_autograd():
    X, Y = torch.randn(4, 3, dtype=torch.float64), torch.randn(4, 2, dtype=torch.float64)
    W1, W2 = torch.randn(3, 5, dtype=torch.float64), torch.randn(5, 2, dtype=torch.float64)
    b = torch.randn(5, dtype=torch.float64)
    for each in (X, W1, W2, b):
        each.requires_grad_()
    out, grad = X @ W1 + b, torch.randn(4, 5, dtype=torch.float64)
    expected = torch.autograd.grad(out, (X, W1, b), grad)
    torch.testing.assert_close(affine_backward(grad, X, W1), expected)

    penalty = 0.3 / 2 * ((W1**2).sum() + (W2**2).sum())
    loss = ((torch.sigmoid(X @ W1) @ W2 - Y) ** 2).sum(dim=1).mean() / 2 + penalty
    expected = torch.autograd.grad(loss, (W1, W2))
    torch.testing.assert_close(mlp_gradients(X, Y, W1, W2, 0.3), expected)
