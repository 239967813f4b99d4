"""Exercises of section 8.6: where the time goes, and batches made at once."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _parts_and_factors(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield {"load": 3.0, "forward": 1.0, "backward": 2.0}, {"load": 3.0}
    yield {"load": 3.0, "forward": 1.0}, {"load": float("inf")}
    yield {"load": 3.0, "forward": 1.0}, {}
    yield {"load": 1.0, "forward": 4.0, "update": 5.0}, {"load": 2.0, "forward": 0.5, "update": 5.0}
    seconds = torch.rand(4, generator=rng).tolist()
    yield dict(zip("abcd", seconds, strict=True)), {"a": 10.0, "d": 1.5}


@exercise(
    "8.6-1",
    inputs=_parts_and_factors,
    hint="原来的时间是各部分之和；改过之后，每一部分除以自己的倍数，没有提到的倍数是 1。",
)
def overall_speed_up(seconds: dict[str, float], factors: dict[str, float]) -> float:
    """几个部分各快若干倍，全部快几倍。"""
    after = sum(each / factors.get(name, 1.0) for name, each in seconds.items())
    return sum(seconds.values()) / after


def _ranges(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield ([("step", 0.0, 10.0), ("forward", 1.0, 4.0), ("backward", 4.0, 9.0)],)
    yield ([("a", 0.0, 8.0), ("b", 1.0, 7.0), ("c", 2.0, 3.0), ("c", 4.0, 6.0)],)
    yield ([("a", 0.0, 2.0), ("a", 2.0, 3.0), ("b", 5.0, 6.0)],)
    yield ([("f", 0.0, 9.0), ("f", 1.0, 5.0), ("f", 2.0, 3.0)],)
    yield ([("c", 2.0, 3.0), ("a", 0.0, 8.0), ("b", 1.0, 7.0)],)
    yield ([],)


@exercise(
    "8.6-2",
    inputs=_ranges,
    hint="按开始的时刻排序（同时开始的，长的在前），用一个栈记住还没有结束的区间。"
    "新的区间把自己的长度加到自己的名字上，从栈顶那个名字里减掉。",
)
def self_times(ranges: list[tuple[str, float, float]]) -> dict[str, float]:
    """每个名字的自身时间：它的各个区间的长度，减去直接包在里面的区间的长度。"""
    totals: dict[str, float] = {}
    open_ranges: list[tuple[str, float]] = []
    for name, start, end in sorted(ranges, key=lambda each: (each[1], -each[2])):
        while open_ranges and open_ranges[-1][1] <= start:
            open_ranges.pop()
        totals[name] = totals.get(name, 0.0) + end - start
        if open_ranges:
            totals[open_ranges[-1][0]] -= end - start
        open_ranges.append((name, end))
    return totals


def _images_and_corners(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    X = torch.arange(2 * 1 * 4 * 5.0).reshape(2, 1, 4, 5)
    yield X, torch.tensor([0, 2]), torch.tensor([3, 1]), 2
    yield torch.rand(3, 2, 6, 6, generator=rng), torch.tensor([0, 3, 1]), torch.tensor([2, 0, 3]), 3
    yield torch.rand(2, 3, 4, 4, generator=rng), torch.zeros(2).long(), torch.zeros(2).long(), 4
    yield torch.rand(4, 1, 8, 7, generator=rng), torch.arange(4), torch.arange(4).flip(0), 1


@exercise(
    "8.6-3",
    inputs=_images_and_corners,
    hint="rows = tops[:, None] + torch.arange(size)，形状 (n, size)，列也一样。"
    "用 X[i, :, rows, cols] 那样的索引取：i 的形状 (n, 1, 1)，rows 变成 (n, size, 1)，"
    "cols 变成 (n, 1, size)；通道会落到最后一维，再移回来。",
)
def crop_each(X: torch.Tensor, tops: torch.Tensor, lefts: torch.Tensor, size: int) -> torch.Tensor:
    """每张图片从自己的位置裁出 size×size，没有循环。"""
    steps = torch.arange(size)
    which = torch.arange(len(X))[:, None, None]
    rows = (tops[:, None] + steps)[:, :, None]
    columns = (lefts[:, None] + steps)[:, None, :]
    return X[which, :, rows, columns].movedim(-1, 1)
