"""Exercises of section 3.1: linear regression."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _points(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 5.0])
    x = torch.randn(30, generator=rng)
    yield x, 2 * x + 3 + torch.randn(30, generator=rng)
    yield torch.tensor([1.0, 3.0]), torch.tensor([4.0, -2.0])  # two points: an exact fit
    yield torch.randn(8, generator=rng), torch.full((8,), 5.0)  # a level line
    years = torch.arange(2001.0, 2021.0)
    yield years, 0.5 * (years - 2000) + torch.randn(20, generator=rng)


@exercise(
    "3.1-1",
    inputs=_points,
    hint="先减去各自的平均数：w 是 (x - x̄)(y - ȳ) 的和除以 (x - x̄)² 的和，b = ȳ - w x̄。",
)
def fit_line(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """平方损失最小的直线的 w 和 b；先减去平均数，大的数才不会互相抵消。"""
    x_centred, y_centred = x - x.mean(), y - y.mean()
    w = (x_centred * y_centred).sum() / (x_centred**2).sum()
    b = y.mean() - w * x.mean()
    return w.item(), b.item()


def _weighted_examples(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    X = torch.tensor([[1.0], [1.0], [1.0]])
    yield X, torch.tensor([[1.0], [2.0], [6.0]]), torch.tensor([1.0, 1.0, 2.0])  # a weighted mean
    for n, d in ((20, 3), (50, 4)):
        X = torch.randn(n, d, generator=rng)
        yield X, torch.randn(n, 1, generator=rng), torch.rand(n, generator=rng)
    X, w = torch.randn(12, 2, generator=rng), torch.tensor([[2.0], [-3.4]])
    y, c = X @ w, torch.ones(12)
    y[0], c[0] = 1000.0, 0.0  # a slip of the pen that must not count
    yield X, y, c
    yield torch.randn(9, 2, generator=rng), torch.randn(9, 1, generator=rng), torch.ones(9)


@exercise(
    "3.1-2",
    inputs=_weighted_examples,
    hint="把每一行乘以 sqrt(c_i)，就成了普通的最小二乘；"
    "c 要先变成 (n, 1)，才能乘到 X 和 y 的每一行上。",
)
def weighted_least_squares(X: torch.Tensor, y: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
    """使加权的平方误差之和最小的权重，形状 (d, 1)。"""
    scale = c.sqrt().reshape(-1, 1)
    return torch.linalg.lstsq(scale * X, scale * y).solution
