"""Exercises of section 4.4."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _batch_sequences(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for count, n, d, momentum in ((1, 4, 3, 0.1), (6, 8, 2, 0.1), (3, 2, 5, 0.5), (2, 6, 1, 1.0)):
        batches = [3 * torch.randn(n, d, generator=rng) + 5 for _ in range(count)]
        yield batches, torch.randn(3, d, generator=rng), momentum
    yield [], torch.randn(2, 3, generator=rng), 0.1  # 还没有见过任何批量


@exercise(
    "4.4-1",
    inputs=_batch_sequences,
    hint="`batch.mean(dim=0)` 和 `batch.var(dim=0)` 都按特征计算；"
    "更新是 `(1 - momentum) * 旧值 + momentum * 新值`。",
)
def running_standardize(
    batches: list[torch.Tensor], x: torch.Tensor, momentum: float
) -> torch.Tensor:
    """用批量的滑动平均数和滑动方差标准化 x。"""
    mean, var = torch.zeros(x.shape[1]), torch.ones(x.shape[1])
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(dim=0)
        var = (1 - momentum) * var + momentum * batch.var(dim=0)
    return (x - mean) / (var + 1e-5).sqrt()


def _quadratic_forms(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, q in ((1, 2, 1), (5, 3, 4), (4, 4, 4), (2, 1, 3)):
        yield torch.randn(n, d, generator=rng), torch.randn(q, d, d, generator=rng)


@exercise(
    "4.4-2",
    inputs=_quadratic_forms,
    hint="`X @ W` 会广播成 $(q, n, d)$；再逐元素乘以 X，沿最后一维求和，最后转置。",
)
def quadratic(X: torch.Tensor, W: torch.Tensor) -> torch.Tensor:
    """按矩阵写出 q 个二次型，形状 (n, q)。"""
    return ((X @ W) * X).sum(dim=2).T
