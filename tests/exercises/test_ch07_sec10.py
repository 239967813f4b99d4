"""Wrong answers to the exercises of section 7.10."""

import pytest
import torch


def max_corrected_too(x, gradients, lr, betas, eps):
    m, u, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * gradient
        u = torch.maximum(betas[1] * u, gradient.abs() + eps)
        path.append(path[-1] - lr * m / (1 - betas[0] ** t) / (u / (1 - betas[1] ** t)))
    return torch.stack(path)


def max_that_never_forgets(x, gradients, lr, betas, eps):
    m, u, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * gradient
        u = torch.maximum(u, gradient.abs() + eps)
        path.append(path[-1] - lr * m / (1 - betas[0] ** t) / u)
    return torch.stack(path)


def no_correction(x, gradients, lr, betas, eps):
    m, u, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        m = betas[0] * m + (1 - betas[0]) * gradient
        u = torch.maximum(betas[1] * u, gradient.abs() + eps)
        path.append(path[-1] - lr * m / u)
    return torch.stack(path)


def adam(x, gradients, lr, betas, eps):
    m, v, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * gradient
        v = betas[1] * v + (1 - betas[1]) * gradient**2
        root = (v / (1 - betas[1] ** t)).sqrt()
        path.append(path[-1] - lr * m / (1 - betas[0] ** t) / (root + eps))
    return torch.stack(path)


def counted_from_zero(x, gradients, lr, betas, eps):
    m, u, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=2):
        m = betas[0] * m + (1 - betas[0]) * gradient
        u = torch.maximum(betas[1] * u, gradient.abs() + eps)
        path.append(path[-1] - lr * m / (1 - betas[0] ** t) / u)
    return torch.stack(path)


def sign_of_the_gradient(x, gradients, lr, betas, weight_decay):
    path = [x]
    for gradient in gradients:
        path.append((1 - lr * weight_decay) * path[-1] - lr * gradient.sign())
    return torch.stack(path)


def one_average_for_both(x, gradients, lr, betas, weight_decay):
    m, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        m = betas[0] * m + (1 - betas[0]) * gradient
        path.append((1 - lr * weight_decay) * path[-1] - lr * m.sign())
    return torch.stack(path)


def the_new_average_first(x, gradients, lr, betas, weight_decay):
    m, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        m = betas[1] * m + (1 - betas[1]) * gradient
        direction = (betas[0] * m + (1 - betas[0]) * gradient).sign()
        path.append((1 - lr * weight_decay) * path[-1] - lr * direction)
    return torch.stack(path)


def decay_in_the_gradient(x, gradients, lr, betas, weight_decay):
    m, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        gradient = gradient + weight_decay * path[-1]
        direction = (betas[0] * m + (1 - betas[0]) * gradient).sign()
        m = betas[1] * m + (1 - betas[1]) * gradient
        path.append(path[-1] - lr * direction)
    return torch.stack(path)


def without_the_sign(x, gradients, lr, betas, weight_decay):
    m, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        direction = betas[0] * m + (1 - betas[0]) * gradient
        m = betas[1] * m + (1 - betas[1]) * gradient
        path.append((1 - lr * weight_decay) * path[-1] - lr * direction)
    return torch.stack(path)


def luckiest_seed(rates, accuracies):
    best = int(accuracies.nan_to_num(nan=-1).max(dim=1).values.argmax())
    return rates[best], best in (0, len(rates) - 1)


def nan_seeds_left_out(rates, accuracies):
    means = accuracies.nanmean(dim=1).nan_to_num(nan=-1)
    best = int(means.argmax())
    return rates[best], best in (0, len(rates) - 1)


def nan_wins(rates, accuracies):
    best = int(accuracies.mean(dim=1).argmax())
    return rates[best], best in (0, len(rates) - 1)


def edge_only_above(rates, accuracies):
    best = int(accuracies.mean(dim=1).nan_to_num(nan=-1).argmax())
    return rates[best], best == len(rates) - 1


def index_for_rate(rates, accuracies):
    best = int(accuracies.mean(dim=1).nan_to_num(nan=-1).argmax())
    return float(best), best in (0, len(rates) - 1)


WRONG = {
    "7.10-1": [
        max_corrected_too,
        max_that_never_forgets,
        no_correction,
        adam,
        counted_from_zero,
    ],
    "7.10-2": [
        sign_of_the_gradient,
        one_average_for_both,
        the_new_average_first,
        decay_in_the_gradient,
        without_the_sign,
    ],
    "7.10-3": [
        luckiest_seed,
        nan_seeds_left_out,
        nan_wins,
        edge_only_above,
        index_for_rate,
    ],
}


def test_adamax_is_torchs():
    from d2lzh_pytorch.exercises.ch07.sec10 import adamax_path

    start, gradients = torch.randn(4), torch.randn(15, 4)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.Adamax([x], lr=0.02, betas=(0.8, 0.95), eps=1e-8)
    path = adamax_path(start, gradients, 0.02, (0.8, 0.95), 1e-8)
    for gradient, expected in zip(gradients, path[1:], strict=True):
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


def test_lion_moves_every_coordinate_by_the_rate():
    from d2lzh_pytorch.exercises.ch07.sec10 import lion_path

    path = lion_path(torch.zeros(5), torch.randn(20, 5), 0.01, (0.9, 0.99), 0.0)
    assert path.diff(dim=0).abs().flatten().tolist() == pytest.approx([0.01] * 100, rel=1e-3)
