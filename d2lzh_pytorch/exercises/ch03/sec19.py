"""Exercises of section 3.19."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _predictions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape, tau in (((6,), 0.5), ((6,), 0.9), ((3, 4), 0.1)):
        yield torch.randn(shape, generator=rng), torch.randn(shape, generator=rng), tau
    yield torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 2.0, 2.0]), 0.75


@exercise(
    "3.19-1",
    inputs=_predictions,
    hint="两个式子里较大的总是该用的那一个：torch.maximum(tau * (y - y_hat), ...)。",
)
def pinball(y_hat: torch.Tensor, y: torch.Tensor, tau: float) -> torch.Tensor:
    """分位数损失。"""
    e = y - y_hat
    return torch.maximum(tau * e, (tau - 1) * e)


def _rows(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.randn(3, 4, generator=rng), torch.randn(5, 4, generator=rng)
    yield 100 * torch.randn(2, 3, generator=rng), torch.randn(2, 3, generator=rng)
    yield torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([[2.0, 0.0], [-3.0, 0.0]])
    yield torch.tensor([[1.0, 1.0]]), torch.tensor([[0.0, 0.0], [1.0, -1.0]])


@exercise(
    "3.19-2",
    inputs=_rows,
    hint="先把每一行除以它的长度，再用一次矩阵乘法；长度为 0 的行除以 1（或一个很小的正数）。",
)
def pairwise_cosine_distance(A: torch.Tensor, B: torch.Tensor) -> torch.Tensor:
    """A 的每一行与 B 的每一行的余弦距离。"""
    A, B = (M / M.norm(dim=1, keepdim=True).clamp(min=1e-12) for M in (A, B))
    return 1 - A @ B.T
