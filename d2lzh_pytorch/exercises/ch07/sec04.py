"""Exercises of section 7.4: momentum."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients_and_rates(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(2), torch.ones(3, 2), [0.1, 0.1, 0.1], 0.5
    yield torch.zeros(1), torch.ones(4, 1), [1.0, 1.0, 0.1, 0.1], 0.9
    for d, num_steps, gamma in ((3, 5, 0.9), (1, 6, 0.0), (2, 0, 0.5)):
        gradients = torch.randn(num_steps, d, generator=rng)
        lrs = [0.5 / (t + 1) for t in range(num_steps)]
        yield torch.randn(d, generator=rng), gradients, lrs, gamma


@exercise(
    "7.4-1",
    inputs=_gradients_and_rates,
    hint="速度 u = gamma * u + g，不含学习率；x = x - lr * u。"
    "把每一步的 x 放进列表，最后 torch.stack。",
)
def momentum_path(
    x: torch.Tensor, gradients: torch.Tensor, lrs: list[float], gamma: float
) -> torch.Tensor:
    """按 torch.optim.SGD 的写法，沿给定的梯度走；学习率每步可以不同。"""
    u = torch.zeros_like(x)
    path = [x]
    for gradient, lr in zip(gradients, lrs, strict=True):
        u = gamma * u + gradient
        path.append(path[-1] - lr * u)
    return torch.stack(path)


def _quadratics(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.diag(torch.tensor([0.2, 4.0])), torch.tensor([-5.0, -2.0]), 0.4, 0.5, 4
    for d, lr, gamma, num_steps in ((2, 0.05, 0.9, 5), (3, 0.03, 0.5, 6), (1, 0.2, 0.0, 2)):
        root = torch.randn(d, d, generator=rng)
        yield root @ root.T, torch.randn(d, generator=rng), lr, gamma, num_steps


@exercise(
    "7.4-2",
    inputs=_quadratics,
    hint="探头的点是 x - gamma * v，那里的梯度是 A @ (x - gamma * v)；v 的新值用旧的 v 算。",
)
def nesterov_path(
    A: torch.Tensor, x: torch.Tensor, lr: float, gamma: float, num_steps: int
) -> torch.Tensor:
    """Nesterov 动量在二次函数上的路径，第 0 行是起点。"""
    v = torch.zeros_like(x)
    path = [x]
    for _ in range(num_steps):
        v = gamma * v + lr * A @ (path[-1] - gamma * v)
        path.append(path[-1] - v)
    return torch.stack(path)


def _curvatures(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([0.2, 4.0]), 0.5
    yield torch.tensor([0.2, 4.0]), 0.0
    yield torch.tensor([7.0]), 0.9
    yield 0.1 + torch.rand(6, generator=rng), 0.75


@exercise(
    "7.4-3",
    inputs=_curvatures,
    hint="每个方向都要满足 lr * c < 2 * (1 + gamma)，最弯的方向最苛刻。",
)
def rate_limit(curvatures: torch.Tensor, gamma: float) -> float:
    """动量法不发散的学习率上限。"""
    return 2 * (1 + gamma) / curvatures.max().item()
