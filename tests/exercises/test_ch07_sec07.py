"""Wrong answers to the exercises of section 7.7."""

import pytest
import torch


def eps_outside_the_roots(x, gradients, rho, eps):
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        s = rho * s + (1 - rho) * gradient**2
        step = (d.sqrt() + eps) / (s.sqrt() + eps) * gradient
        d = rho * d + (1 - rho) * step**2
        path.append(path[-1] - step)
    return torch.stack(path)


def eps_only_below(x, gradients, rho, eps):
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        s = rho * s + (1 - rho) * gradient**2
        step = (d / (s + eps)).sqrt() * gradient
        d = rho * d + (1 - rho) * step**2
        path.append(path[-1] - step)
    return torch.stack(path)


def average_of_the_steps_not_of_their_squares(x, gradients, rho, eps):
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        s = rho * s + (1 - rho) * gradient**2
        step = ((d + eps) / (s + eps)).sqrt() * gradient
        d = rho * d + (1 - rho) * step.abs()
        path.append(path[-1] - step)
    return torch.stack(path)


def the_gradient_in_both(x, gradients, rho, eps):
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        s = rho * s + (1 - rho) * gradient**2
        step = ((d + eps) / (s + eps)).sqrt() * gradient
        d = rho * d + (1 - rho) * gradient**2
        path.append(path[-1] - step)
    return torch.stack(path)


def with_the_old_average_below(x, gradients, rho, eps):
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        step = ((d + eps) / (s + eps)).sqrt() * gradient
        s = rho * s + (1 - rho) * gradient**2
        d = rho * d + (1 - rho) * step**2
        path.append(path[-1] - step)
    return torch.stack(path)


def without_the_start_from_zero(move, rho):
    return move**2


def without_the_square(move, rho):
    return move * (1 - rho)


def divided_instead(move, rho):
    return move**2 / (1 - rho) if rho else move


WRONG = {
    "7.7-1": [
        eps_outside_the_roots,
        eps_only_below,
        average_of_the_steps_not_of_their_squares,
        the_gradient_in_both,
        with_the_old_average_below,
    ],
    "7.7-2": [
        without_the_start_from_zero,
        without_the_square,
        divided_instead,
    ],
}


def test_path_is_torchs():
    from d2lzh_pytorch.exercises.ch07.sec07 import adadelta_path

    start, gradients = torch.randn(4), torch.randn(15, 4)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.Adadelta([x], rho=0.95, eps=1e-4)
    path = adadelta_path(start, gradients, 0.95, 1e-4)
    for gradient, expected in zip(gradients, path[1:], strict=True):
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


@pytest.mark.parametrize("size", [1.0, 300.0])
def test_first_move_is_torchs(size):
    from d2lzh_pytorch.exercises.ch07.sec07 import eps_for_first_move

    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    eps = eps_for_first_move(0.01, 0.9)
    optimizer = torch.optim.Adadelta([x], rho=0.9, eps=eps)
    x.grad = torch.full((1,), size, dtype=torch.float64)
    optimizer.step()
    assert -x.item() == pytest.approx(0.01, rel=1e-3)
