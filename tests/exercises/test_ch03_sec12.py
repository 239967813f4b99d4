"""Wrong answers to the exercises of section 3.12."""

import torch

from d2lzh_pytorch.exercises.ch03.sec12 import decay_groups, ridge_with_bias


def _ridge(X, y, lambd, n):
    A = X.T @ X / n + lambd * torch.eye(X.shape[1], dtype=X.dtype)
    return torch.linalg.solve(A, X.T @ y / n)


def no_bias_at_all(X, y, lambd):
    return _ridge(X, y, lambd, len(X)), torch.zeros(1, dtype=X.dtype)


def punishes_the_bias(X, y, lambd):
    ones = torch.ones(len(X), 1, dtype=X.dtype)
    w = _ridge(torch.cat([X, ones], dim=1), y, lambd, len(X))
    return w[:-1], w[-1]


def sums_instead_of_averaging(X, y, lambd):
    w = _ridge(X - X.mean(dim=0), y - y.mean(), lambd, 1)
    return w, (y - X @ w).mean(dim=0)


def forgets_the_half(X, y, lambd):
    return ridge_with_bias(X, y, 2 * lambd)


def bias_is_the_mean_label(X, y, lambd):
    w, _ = ridge_with_bias(X, y, lambd)
    return w, y.mean(dim=0)


def least_squares(X, y, lambd):
    w = torch.linalg.lstsq(X - X.mean(dim=0), y - y.mean()).solution
    return w, (y - X @ w).mean(dim=0)


def _by_name(net, weight_decay, decays):
    pairs = list(net.named_parameters())
    return [
        {"params": [p for name, p in pairs if decays(name)], "weight_decay": weight_decay},
        {"params": [p for name, p in pairs if not decays(name)], "weight_decay": 0.0},
    ]


def decays_everything(net, weight_decay):
    return _by_name(net, weight_decay, lambda name: True)


def decays_all_that_is_called_weight(net, weight_decay):
    return _by_name(net, weight_decay, lambda name: name.endswith("weight"))


def exchanges_the_groups(net, weight_decay):
    first, second = decay_groups(net, weight_decay)
    return [second, first]


def decays_both_groups(net, weight_decay):
    return [{**group, "weight_decay": weight_decay} for group in decay_groups(net, weight_decay)]


def leaves_the_default_for_the_rest(net, weight_decay):
    first, second = decay_groups(net, weight_decay)
    return [first, {"params": second["params"]}]


WRONG = {
    "3.12-1": [
        no_bias_at_all,
        punishes_the_bias,
        sums_instead_of_averaging,
        forgets_the_half,
        bias_is_the_mean_label,
        least_squares,
    ],
    "3.12-2": [
        decays_everything,
        decays_all_that_is_called_weight,
        exchanges_the_groups,
        decays_both_groups,
        leaves_the_default_for_the_rest,
    ],
}


def test_gradient_is_zero_at_the_solution():
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(9, 4, generator=generator, dtype=torch.float64) + 1
    y = torch.randn(9, 1, generator=generator, dtype=torch.float64) + 5
    w, b = (value.requires_grad_() for value in ridge_with_bias(X, y, 0.3))
    objective = ((X @ w + b - y) ** 2 / 2).mean() + 0.3 * (w**2).sum() / 2
    for gradient in torch.autograd.grad(objective, [w, b]):
        torch.testing.assert_close(gradient, torch.zeros_like(gradient), rtol=0, atol=1e-12)


def test_an_optimizer_takes_the_groups():
    net = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(decay_groups(net, 0.1))
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.1, 0.0]
    assert optimizer.param_groups[0]["params"][0] is net.weight
