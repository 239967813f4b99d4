"""Exercises of section 8.2: what waits for what."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _timelines(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [1.0, 1.0, 1.0], [2.0, 2.0, 2.0], [False, False, False]
    yield [1.0, 1.0, 1.0], [2.0, 2.0, 2.0], [True, True, True]
    yield [3.0, 3.0, 3.0], [1.0, 1.0, 1.0], [False, False, False]
    yield [1.0, 5.0, 0.5, 0.5], [4.0, 1.0, 3.0, 0.0], [False, True, False, False]
    yield [], [], []
    prepare, compute = torch.rand(2, 12, generator=rng).tolist()
    yield prepare, compute, [i % 5 == 4 for i in range(12)]


@exercise(
    "8.2-1",
    inputs=_timelines,
    hint="记两个时刻：主机到哪里了，设备什么时候空下来。"
    "任务从两者中较晚的时刻开始；要等，就把主机的时刻推到任务做完。",
)
def finish(prepare: list[float], compute: list[float], wait: list[bool]) -> tuple[float, float]:
    """主机和设备各在什么时刻做完。"""
    host = device = 0.0
    for preparing, computing, waits in zip(prepare, compute, wait, strict=True):
        host += preparing
        device = max(host, device) + computing
        if waits:
            host = device
    return host, device


def _values_and_masks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([1.0, 2.0, 3.0]), torch.tensor([True, False, True])
    yield torch.randn(4, 5, generator=rng), torch.rand(4, 5, generator=rng) > 0.5
    yield torch.tensor([1.0, torch.nan, 5.0, -torch.inf]), torch.tensor([True, False, True, False])
    yield torch.randn(6, generator=rng), torch.zeros(6, dtype=torch.bool)
    yield torch.randn(6, generator=rng), torch.ones(6, dtype=torch.bool)


@exercise(
    "8.2-2",
    inputs=_values_and_masks,
    hint="nan 乘以 0 还是 nan，所以不能用乘法去掉，要用 torch.where。个数最少取 1，就不会除以 0。",
)
def masked_mean(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """掩码为真处的平均，一个也没有时是 0；形状与数据无关。"""
    return torch.where(mask, x, 0).sum() / mask.sum().clamp(min=1)
