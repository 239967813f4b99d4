"""Wrong answers to the exercises of section 7.4."""

from itertools import pairwise

import pytest
import torch


def rate_inside_the_velocity(x, gradients, lrs, gamma):
    v, path = torch.zeros_like(x), [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        v = gamma * v + lr * gradient
        path.append(path[-1] - v)
    return torch.stack(path)


def moving_average(x, gradients, lrs, gamma):
    u, path = torch.zeros_like(x), [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        u = gamma * u + (1 - gamma) * gradient
        path.append(path[-1] - lr * u)
    return torch.stack(path)


def old_velocity(x, gradients, lrs, gamma):
    u, path = torch.zeros_like(x), [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        path.append(path[-1] - lr * u)
        u = gamma * u + gradient
    return torch.stack(path)


def gradient_descent(x, gradients, lrs, gamma):
    path = [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        path.append(path[-1] - lr * gradient)
    return torch.stack(path)


def nesterov_instead(x, gradients, lrs, gamma):
    u, path = torch.zeros_like(x), [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        u = gamma * u + gradient
        path.append(path[-1] - lr * (gradient + gamma * u))
    return torch.stack(path)


def plain_momentum(A, x, lr, gamma, num_steps):
    v, path = torch.zeros_like(x), [x]
    for _ in range(num_steps):
        v = gamma * v + lr * A @ path[-1]
        path.append(path[-1] - v)
    return torch.stack(path)


def the_point_ahead(A, x, lr, gamma, num_steps):
    u, path = torch.zeros_like(x), [x]
    for _ in range(num_steps):
        gradient = A @ path[-1]
        u = gamma * u + gradient
        path.append(path[-1] - lr * (gradient + gamma * u))
    return torch.stack(path)


def ahead_in_the_wrong_direction(A, x, lr, gamma, num_steps):
    v, path = torch.zeros_like(x), [x]
    for _ in range(num_steps):
        v = gamma * v + lr * A @ (path[-1] + gamma * v)
        path.append(path[-1] - v)
    return torch.stack(path)


def a_whole_velocity_ahead(A, x, lr, gamma, num_steps):
    v, path = torch.zeros_like(x), [x]
    for _ in range(num_steps):
        v = gamma * v + lr * A @ (path[-1] - v)
        path.append(path[-1] - v)
    return torch.stack(path)


def limit_of_gradient_descent(curvatures, gamma):
    return 2 / curvatures.max().item()


def limit_of_the_flattest(curvatures, gamma):
    return 2 * (1 + gamma) / curvatures.min().item()


def limit_of_the_mean(curvatures, gamma):
    return 2 * (1 + gamma) / curvatures.mean().item()


def as_if_the_steps_only_grew(curvatures, gamma):
    return 2 * (1 - gamma) / curvatures.max().item()


WRONG = {
    "7.4-1": [
        rate_inside_the_velocity,
        moving_average,
        old_velocity,
        gradient_descent,
        nesterov_instead,
    ],
    "7.4-2": [
        plain_momentum,
        the_point_ahead,
        ahead_in_the_wrong_direction,
        a_whole_velocity_ahead,
    ],
    "7.4-3": [
        limit_of_gradient_descent,
        limit_of_the_flattest,
        limit_of_the_mean,
        as_if_the_steps_only_grew,
    ],
}


def test_momentum_path_is_that_of_torch_with_changing_rates():
    from d2lzh_pytorch.exercises.ch07.sec04 import momentum_path

    start, gradients = torch.randn(3), torch.randn(15, 3)
    lrs = [0.1 if t < 7 else 0.01 for t in range(15)]
    x = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=1.0, momentum=0.9)
    path = momentum_path(start, gradients, lrs, 0.9)
    for gradient, lr, expected in zip(gradients, lrs, path[1:], strict=True):
        optimizer.param_groups[0]["lr"] = lr
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


def test_nesterov_path_and_torchs_point_ahead():
    from d2lzh_pytorch.exercises.ch07.sec04 import nesterov_path

    root = torch.randn(3, 3)
    A, start = root @ root.T, torch.randn(3)
    path = nesterov_path(A, start, 0.03, 0.9, 12)
    y = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([y], lr=0.03, momentum=0.9, nesterov=True)
    for old, new in pairwise(path):
        optimizer.zero_grad()
        (y @ A @ y / 2).backward()
        optimizer.step()
        torch.testing.assert_close(y.detach(), new - 0.9 * (old - new))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
def test_rate_limit_separates(gamma):
    from d2lzh_pytorch.exercises.ch07.sec04 import rate_limit

    limit = rate_limit(torch.tensor([0.2, 4.0]), gamma)
    for rate, settles in ((0.98 * limit, True), (1.02 * limit, False)):
        x, v = 1.0, 0.0
        for _ in range(2000):
            v = gamma * v + rate * 4 * x
            x -= v
        assert (abs(x) < 1) == settles
