"""Exercises of section 7.2: gradient descent and stochastic gradient descent."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _quadratics(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.diag(torch.tensor([2.0, 4.0])), torch.tensor([-5.0, -2.0]), 0.1, 3
    for d, lr, num_steps in ((2, 0.05, 5), (4, 0.02, 6), (1, 0.3, 1)):
        root = torch.randn(d, d, generator=rng)
        yield root @ root.T, torch.randn(d, generator=rng), lr, num_steps
    yield torch.tensor([[1.0, 0.9], [0.9, 1.0]]), torch.tensor([1.0, -1.0]), 0.5, 0


@exercise(
    "7.2-1",
    inputs=_quadratics,
    hint="梯度是 A @ x。把每一步的位置放进列表，最后 torch.stack；"
    "写 x = x - ... 而不是 x -= ...，就不会改动传入的张量。",
)
def quadratic_path(A: torch.Tensor, x: torch.Tensor, lr: float, num_steps: int) -> torch.Tensor:
    """对二分之一的 x'Ax 做梯度下降，返回走过的路，第 0 行是起点。"""
    path = [x]
    for _ in range(num_steps):
        path.append(path[-1] - lr * A @ path[-1])
    return torch.stack(path)


def _noisy_bowls(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 0.1, 2.0, 1.0
    yield 0.5, 1.0, 3.0
    yield 1.0, 2.0, 1.0  # on the limit: it never settles
    yield 0.15, 10.0, 0.5  # it jumps over the bottom, and settles all the same
    yield 0.3, 10.0, 0.5
    yield 0.01, 50.0, 0.2
    yield 0.2, 4.0, 0.0


@exercise(
    "7.2-2",
    inputs=_noisy_bowls,
    hint="一步之后的方差是 (1 - lr*c)**2 * V + (lr*sigma)**2，令它等于 V。"
    "什么时候 (1 - lr*c)**2 不小于 1？",
)
def noise_floor(lr: float, c: float, sigma: float) -> float:
    """带噪声的梯度下降稳定之后的方差；稳定不下来时是无穷大。"""
    shrink = (1 - lr * c) ** 2
    return (lr * sigma) ** 2 / (1 - shrink) if shrink < 1 else math.inf
