"""Exercises of section 7.3: mini-batch stochastic gradient descent."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients_and_batch_sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([1.0, 3.0]), 1, False
    yield torch.randn(10, generator=rng), 4, True
    yield torch.randn(10, generator=rng), 4, False
    yield torch.randn(6, generator=rng) + 5, 6, False  # the whole set: no variance left
    yield torch.randn(6, generator=rng) + 5, 6, True
    yield 3 * torch.randn(50, generator=rng), 20, False


@exercise(
    "7.3-1",
    inputs=_gradients_and_batch_sizes,
    hint="单个样本的方差是 gradients.var(correction=0)，除以 n 而不是 n - 1，"
    "因为这就是全部的样本。不放回时再乘以 (n - B) / (n - 1)。",
)
def batch_variance(gradients: torch.Tensor, batch_size: int, replacement: bool) -> float:
    """小批量平均梯度的方差，有放回或不放回。"""
    n = len(gradients)
    variance = gradients.var(correction=0).item() / batch_size
    return variance if replacement else variance * (n - batch_size) / (n - 1)


def _batches_and_chunks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, chunk in ((6, 2, 3), (7, 3, 3), (5, 1, 1), (4, 2, 10), (9, 4, 8)):
        w, X = torch.randn(d, 1, generator=rng), torch.randn(n, d, generator=rng)
        yield w, X, torch.randn(n, generator=rng), chunk


@exercise(
    "7.3-2",
    inputs=_batches_and_chunks,
    hint="每段先求梯度之和（不是平均），全部加起来，最后除以样本总数。"
    "逐段取平均再平均，最后的短段就占了过大的比重。",
)
def accumulated_gradient(
    w: torch.Tensor, X: torch.Tensor, y: torch.Tensor, chunk: int
) -> torch.Tensor:
    """分段求出整批的平均梯度。"""
    total = torch.zeros_like(w)
    for X_part, y_part in zip(X.split(chunk), y.split(chunk), strict=True):
        total += X_part.T @ (X_part @ w - y_part[:, None])
    return total / len(y)
