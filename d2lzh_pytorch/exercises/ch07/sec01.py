"""Exercises of section 7.1: optimization and deep learning."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _hessians(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.diag(torch.tensor([2.0, -2.0])),)
    yield (torch.tensor([[2.0, 1.0], [1.0, 2.0]]),)
    yield (torch.tensor([[1.0, 2.0], [2.0, 1.0]]),)  # positive elements, and a saddle
    yield (-torch.tensor([[2.0, 1.0], [1.0, 2.0]]),)
    yield (torch.diag(torch.tensor([2.0, 0.0])),)
    yield (torch.diag(torch.tensor([-3.0, 0.0, -1.0])),)
    yield (torch.diag(torch.tensor([1.0, 0.0, -1.0])),)
    yield (torch.tensor([[1.0, 1.0], [1.0, 1.0]]),)  # one eigenvalue is 0, but for rounding
    root = torch.randn(4, 4, generator=rng, dtype=torch.float64)
    yield (root @ root.T + 0.1 * torch.eye(4, dtype=torch.float64),)
    yield (root + root.T,)


@exercise(
    "7.1-1",
    inputs=_hessians,
    hint="torch.linalg.eigvalsh(H) 给出从小到大的特征值。"
    "先看有没有一正一负，再看有没有 0，最后看符号。",
)
def classify(H: torch.Tensor) -> str:
    """由 Hessian 矩阵的特征值判断驻点的种类。"""
    eigenvalues = torch.linalg.eigvalsh(H)
    positive, negative = eigenvalues > 1e-6, eigenvalues < -1e-6
    if positive.any() and negative.any():
        return "saddle"
    if positive.all():
        return "minimum"
    return "maximum" if negative.all() else "unknown"


def _escapes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 0.1, 2.0, 1e-6, 1.0
    yield 0.5, 1.0, 0.01, 0.5
    yield 0.01, 3.0, 1e-3, 1e-3  # there already
    yield 1.0, 1.0, 0.3, 2.0
    yield 0.25, 0.4, 1e-8, 0.1


@exercise(
    "7.1-2",
    inputs=_escapes,
    hint="t 步之后的距离是 start * (1 + lr*c)**t。取对数求 t，再用 math.ceil 进位。",
)
def escape_steps(lr: float, c: float, start: float, goal: float) -> int:
    """离开鞍点、从 start 走到 goal 至少要多少步。"""
    return math.ceil(math.log(goal / start) / math.log(1 + lr * c))
