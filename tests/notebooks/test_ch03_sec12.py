"""Section 3.12: the penalty and ridge regression as the notebook writes them."""

import pytest
import torch
from sklearn.linear_model import Ridge


def test_l2_penalty_and_gradient(definitions):
    (l2_penalty,) = definitions("3.12", "l2_penalty")
    w = torch.randn(7, 1, requires_grad=True)
    penalty = l2_penalty(w)
    torch.testing.assert_close(penalty, w.norm() ** 2 / 2)
    penalty.backward()
    torch.testing.assert_close(w.grad, w.detach())


def test_one_step_with_the_penalty_is_torch_sgd_with_weight_decay(definitions):
    (l2_penalty,) = definitions("3.12", "l2_penalty")
    X, y = torch.randn(6, 3), torch.randn(6, 1)
    ours = torch.randn(3, 1, requires_grad=True)
    theirs = ours.detach().clone().requires_grad_()
    optimizer = torch.optim.SGD([theirs], lr=0.1, weight_decay=0.7)
    ((X @ theirs - y) ** 2 / 2).mean().backward()
    optimizer.step()
    (((X @ ours - y) ** 2 / 2).mean() + 0.7 * l2_penalty(ours)).backward()
    with torch.no_grad():
        ours -= 0.1 * ours.grad
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(("n", "d"), [(30, 4), (8, 20)])
def test_ridge_is_that_of_scikit_learn(definitions, n, d):
    (ridge,) = definitions("3.12", "ridge")
    X, y = torch.randn(n, d, dtype=torch.float64), torch.randn(n, 1, dtype=torch.float64)
    # scikit-learn adds alpha |w|^2 to the sum of squares, not to half their mean.
    theirs = Ridge(alpha=0.3 * n, fit_intercept=False).fit(X.numpy(), y.flatten().numpy())
    torch.testing.assert_close(ridge(X, y, 0.3).flatten(), torch.from_numpy(theirs.coef_))


def test_ridge_solves_many_problems_at_once(definitions):
    (ridge,) = definitions("3.12", "ridge")
    X, y = torch.randn(3, 9, 4, dtype=torch.float64), torch.randn(3, 9, 1, dtype=torch.float64)
    one_by_one = torch.stack([ridge(a, b, 0.2) for a, b in zip(X, y, strict=True)])
    torch.testing.assert_close(ridge(X, y, 0.2), one_by_one)


def test_only_the_weight_decays(definitions):
    (sgd_with_decay,) = definitions("3.12", "sgd_with_decay")
    net = torch.nn.Linear(3, 2)
    weight, bias = net.weight.detach().clone(), net.bias.detach().clone()
    optimizer = sgd_with_decay(net, lr=0.1, weight_decay=2)
    for param in net.parameters():
        param.grad = torch.zeros_like(param)
    optimizer.step()
    torch.testing.assert_close(net.weight.detach(), 0.8 * weight)
    torch.testing.assert_close(net.bias.detach(), bias)
