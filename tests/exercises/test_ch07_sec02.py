"""Wrong answers to the exercises of section 7.2."""

import math

import torch


def twice_the_gradient(A, x, lr, num_steps):
    path = [x]
    for _ in range(num_steps):
        path.append(path[-1] - lr * 2 * A @ path[-1])
    return torch.stack(path)


def only_the_diagonal(A, x, lr, num_steps):
    path = [x]
    for _ in range(num_steps):
        path.append(path[-1] - lr * A.diagonal() * path[-1])
    return torch.stack(path)


def without_the_start(A, x, lr, num_steps):
    path = []
    for _ in range(num_steps + 1):
        x = x - lr * A @ x
        path.append(x)
    return torch.stack(path)


def changes_the_start(A, x, lr, num_steps):
    path = [x.clone()]
    for _ in range(num_steps):
        x -= lr * A @ x
        path.append(x.clone())
    return torch.stack(path)


def the_same_tensor_each_time(A, x, lr, num_steps):
    x = x.clone()
    path = [x]
    for _ in range(num_steps):
        x -= lr * A @ x
        path.append(x)
    return torch.stack(path)


def only_for_small_rates(lr, c, sigma):
    return lr * sigma**2 / (2 * c) if lr * c < 2 else math.inf


def negative_when_it_diverges(lr, c, sigma):
    if lr * c == 2:
        return math.inf
    return lr * sigma**2 / (c * (2 - lr * c))


def infinite_when_it_oscillates(lr, c, sigma):
    return lr * sigma**2 / (c * (2 - lr * c)) if lr * c <= 1 else math.inf


def the_standard_deviation(lr, c, sigma):
    return math.sqrt(lr * sigma**2 / (c * (2 - lr * c))) if lr * c < 2 else math.inf


WRONG = {
    "7.2-1": [
        twice_the_gradient,
        only_the_diagonal,
        without_the_start,
        changes_the_start,
        the_same_tensor_each_time,
    ],
    "7.2-2": [
        only_for_small_rates,
        negative_when_it_diverges,
        infinite_when_it_oscillates,
        the_standard_deviation,
    ],
}


def test_path_is_that_of_torchs_sgd():
    from d2lzh_pytorch.exercises.ch07.sec02 import quadratic_path

    root = torch.randn(3, 3)
    A, start = root @ root.T, torch.randn(3)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=0.05)
    for expected in quadratic_path(A, start, 0.05, 12):
        torch.testing.assert_close(x.detach(), expected)
        optimizer.zero_grad()
        (x @ A @ x / 2).backward()
        optimizer.step()


def test_noise_floor_is_what_walkers_show():
    from d2lzh_pytorch.exercises.ch07.sec02 import noise_floor

    x = torch.zeros(50_000)
    for _ in range(100):
        x -= 0.4 * (2 * x + 0.7 * torch.randn(50_000))
    assert abs(x.var().item() / noise_floor(0.4, 2, 0.7) - 1) < 0.05
