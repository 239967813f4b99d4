"""Exercises of section 8.4: gradients of unequal parts, buckets, and memory."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

MIB = 2**20


def _gradients_and_counts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [torch.tensor([1.0, -2.0]), torch.tensor([4.0, 1.0])], [3, 1]
    yield [torch.randn(2, 3, generator=rng) for _ in range(3)], [5, 5, 5]
    yield [torch.randn(4, generator=rng) for _ in range(4)], [8, 8, 8, 1]
    yield [torch.tensor([2.0, 6.0]), torch.full((2,), math.nan)], [2, 0]
    yield [torch.randn(2, 2, generator=rng)], [7]


@exercise(
    "8.4-1",
    inputs=_gradients_and_counts,
    hint="每一份乘以自己的样本数，加起来，再除以总数。样本数是 0 的那一份是 nan，"
    "而 0 乘以 nan 还是 nan，所以要跳过它。",
)
def combine_gradients(gradients: list[torch.Tensor], counts: list[int]) -> torch.Tensor:
    """由各份的平均梯度和样本数，求整批的平均梯度。"""
    parts = [n * gradient for gradient, n in zip(gradients, counts, strict=True) if n > 0]
    return torch.stack(parts).sum(dim=0) / sum(counts)


def _sizes_and_limits(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [40, 2560, 256, 200_704], 1 * MIB, 25 * MIB
    yield [5, 5, 5, 5, 5, 5], 5, 10
    yield [3, 9, 1, 1, 8, 30, 2, 2], 4, 10
    yield [100, 1, 1, 1], 4, 10
    yield [4, 4, 4], 8, 8
    yield [], 4, 10
    yield torch.randint(1, 12, (20,), generator=rng).tolist(), 6, 25


@exercise(
    "8.4-2",
    inputs=_sizes_and_limits,
    hint="先装进去，再看装够了没有：大小达到上限就封上，另起一个桶，上限换成 limit。"
    "最后一个桶可以不满，但不能是空的。",
)
def buckets(sizes: list[int], first: int, limit: int) -> list[list[int]]:
    """把梯度按算出的先后装进桶，返回每个桶里各个梯度的编号。"""
    filled: list[list[int]] = []
    current: list[int] = []
    content, bound = 0, first
    for number, size in enumerate(sizes):
        current.append(number)
        content += size
        if content >= bound:
            filled.append(current)
            current, content, bound = [], 0, limit
    return filled + [current] * bool(current)


def _nets_and_stages(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for stage in range(4):
        yield 1000, 8, stage
    yield 7_000_000_000, 8, 3
    yield 50_890, 1, 3
    yield 50_890, 2, 1


@exercise(
    "8.4-3",
    inputs=_nets_and_stages,
    hint="每个参数：自己 4 字节，梯度 4 字节，Adam 的两个平均 8 字节。"
    "分到各进程的那些除以 size，其余的不除。",
)
def bytes_per_process(num_params: int, size: int, stage: int) -> float:
    """用 Adam 训练时，一个进程存参数、梯度和优化器状态要多少字节。"""
    params, gradient, states = 4.0, 4.0, 8.0
    if stage >= 1:
        states /= size
    if stage >= 2:
        gradient /= size
    if stage >= 3:
        params /= size
    return num_params * (params + gradient + states)
