"""Wrong answers to the exercises of section 7.6."""

import pytest
import torch


def eps_inside_the_root(x, gradients, lr, alpha, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = alpha * s + (1 - alpha) * gradient**2
        path.append(path[-1] - lr * gradient / (s + eps).sqrt())
    return torch.stack(path)


def the_shares_exchanged(x, gradients, lr, alpha, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = (1 - alpha) * s + alpha * gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def adagrad(x, gradients, lr, alpha, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = s + gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def decay_without_its_complement(x, gradients, lr, alpha, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = alpha * s + gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def with_bias_correction(x, gradients, lr, alpha, eps):
    s, path = torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        s = alpha * s + (1 - alpha) * gradient**2
        path.append(path[-1] - lr * gradient / ((s / (1 - alpha**t)).sqrt() + eps))
    return torch.stack(path)


def settled_from_the_start(lr, gamma, num_steps):
    return torch.full((num_steps,), lr, dtype=torch.float64)


def counted_from_zero(lr, gamma, num_steps):
    t = torch.arange(2, num_steps + 2, dtype=torch.float64)
    return lr / (1 - gamma**t).sqrt()


def without_the_square_root(lr, gamma, num_steps):
    t = torch.arange(1, num_steps + 1, dtype=torch.float64)
    return lr / (1 - gamma**t)


def like_adagrad(lr, gamma, num_steps):
    return lr / torch.arange(1, num_steps + 1, dtype=torch.float64).sqrt()


WRONG = {
    "7.6-1": [
        eps_inside_the_root,
        the_shares_exchanged,
        adagrad,
        decay_without_its_complement,
        with_bias_correction,
    ],
    "7.6-2": [
        settled_from_the_start,
        counted_from_zero,
        without_the_square_root,
        like_adagrad,
    ],
}


def test_path_is_torchs():
    from d2lzh_pytorch.exercises.ch07.sec06 import rmsprop_path

    start, gradients = torch.randn(4), torch.randn(15, 4)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.RMSprop([x], lr=0.02, alpha=0.95)
    path = rmsprop_path(start, gradients, 0.02, 0.95, 1e-8)
    for gradient, expected in zip(gradients, path[1:], strict=True):
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


@pytest.mark.parametrize("size", [0.01, 30.0])
def test_moves_are_torchs(size):
    from d2lzh_pytorch.exercises.ch07.sec06 import constant_gradient_moves

    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.RMSprop([x], lr=0.1, alpha=0.9, eps=0)
    for move in constant_gradient_moves(0.1, 0.9, 12):
        before = x.item()
        x.grad = torch.full((1,), size, dtype=torch.float64)
        optimizer.step()
        assert before - x.item() == pytest.approx(move.item())
