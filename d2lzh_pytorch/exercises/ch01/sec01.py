"""Exercises of section 1.1: introduction."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _votes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for votes in ([1, 1, 0], [1, 0, 0], [1, 0, 1, 0], [0, 0, 0], [1, 1, 1, 1], [1], [0]):
        yield (torch.tensor(votes),)
    for n in (9, 10, 101):
        yield (torch.randint(2, (n,), generator=rng),)


@exercise(
    "1.1-1",
    inputs=_votes,
    hint="权重全取 1，总和就是 1 的个数；阈值取个数的一半。用 .item() 或 int() 把结果变成整数。",
)
def majority(x: torch.Tensor) -> int:
    """用权重全为 1、阈值为 n / 2 的 M-P 神经元做多数表决。"""
    w = torch.ones_like(x)
    return int(x @ w > len(x) / 2)


def _feet(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([1.0, 100.0, 2.0, 3.0, -50.0]), 1
    yield torch.tensor([4.0, 1.0, 1.0]), 1
    yield torch.tensor([3.0, 5.0, 10.0]), 0
    for n, k in ((16, 1), (16, 3), (9, 4)):
        yield 30 + 3 * torch.randn(n, generator=rng), k


@exercise(
    "1.1-2",
    inputs=_feet,
    hint="先用 values.sort().values 排序，再切片。k 为 0 时，[k:-k] 会切出空的来；"
    "终点写成 len(values) - k。",
)
def trimmed_mean(values: torch.Tensor, k: int) -> float:
    """去掉最小和最大的各 k 个，求其余的平均数。"""
    ordered = values.sort().values
    return ordered[k : len(values) - k].mean().item()
