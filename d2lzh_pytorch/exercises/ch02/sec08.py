"""Exercises of section 2.8: what lies behind the pictures."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from d2lzh_pytorch.exercises.engine import exercise


def _curves(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([1.0, 2.0, 3.0]), 0.5
    yield torch.rand(30, generator=rng), 0.9
    yield torch.full((5,), 7.0), 0.99
    yield torch.tensor([4.0, 8.0]), 0.0


@exercise(
    "2.8-1",
    inputs=_curves,
    hint="循环里更新 m = beta * m + (1 - beta) * v，放进列表的是 m / (1 - beta**t)。"
    "全相同的数平滑之后应当不变，用它检查。",
)
def smooth(values: Tensor, beta: float) -> Tensor:
    """指数滑动平均，去掉开头偏向 0 的部分。"""
    m, result = torch.zeros(()), []
    for t, value in enumerate(values, start=1):
        m = beta * m + (1 - beta) * value
        result.append(m / (1 - beta**t))
    return torch.stack(result)


def _normalized(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    half = torch.full((3,), 0.5)
    yield torch.rand(3, 4, 5, generator=rng) * 2 - 1, half, half
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    yield torch.randn(3, 6, 2, generator=rng), mean, std
    yield torch.randn(3, 3, 3, generator=rng) * 5, mean, std
    yield torch.zeros(3, 1, 1), mean, std


@exercise(
    "2.8-2",
    inputs=_normalized,
    hint="mean.view(3, 1, 1) 才能与 (3, h, w) 广播。先乘 std 再加 mean，"
    "clamp(0, 1)，最后 permute(1, 2, 0)。",
)
def to_picture(image: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """还原标准化，通道放到最后。"""
    restored = image * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return restored.clamp(0, 1).permute(1, 2, 0)


def _columns(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0]), torch.tensor([0.0, 1.0, 2.0])
    yield torch.rand(50, generator=rng), torch.linspace(0, 1, 6)
    yield torch.randn(40, generator=rng), torch.tensor([-1.0, 0.0, 0.5, 1.0])
    yield torch.tensor([-3.0, 9.0]), torch.tensor([0.0, 1.0, 2.0])


@exercise(
    "2.8-3",
    inputs=_columns,
    hint="一段的条件是 (values >= edges[i]) & (values < edges[i + 1])，求和就是个数；"
    "最后一段的右边用 <=。",
)
def histogram(values: Tensor, edges: Tensor) -> Tensor:
    """每一段的个数，最后一段含右端。"""
    left, right = edges[:-1], edges[1:]
    inside = (values.unsqueeze(1) >= left) & (values.unsqueeze(1) < right)
    counts = inside.sum(dim=0)
    counts[-1] += (values == edges[-1]).sum()
    return counts
