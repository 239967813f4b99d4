"""Exercises of section 2.4: storage and strides."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _shapes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape in ((3, 4), (7,), (2, 3, 5), (4, 1, 3, 2), ()):
        yield (shape,)
    yield (tuple(torch.randint(1, 6, (5,), generator=rng).tolist()),)


@exercise(
    "2.4-1",
    inputs=_shapes,
    hint="最后一维的步幅是 1；从后往前，前一维的步幅等于后一维的步幅乘后一维的长度。",
)
def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """形状为 shape 的连续张量的步幅。"""
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return tuple(strides)


def _vectors_and_widths(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.arange(6.0), 3
    yield torch.randn(20, generator=rng)[4::3], 2  # a view with stride 3 and offset 4
    yield torch.randn(4, 5, generator=rng)[:, 2], 4  # a column
    yield torch.randn(5, generator=rng), 1


@exercise(
    "2.4-2",
    inputs=_vectors_and_widths,
    hint="换一个窗口与换窗口里的一个元素，都是在 x 上前进一个元素，"
    "要跨的格子数是 x.stride(0)，不一定是 1。",
)
def sliding_windows(x: torch.Tensor, k: int) -> torch.Tensor:
    """第 i 行是 x[i : i + k]，与 x 共用存储，形状 (n - k + 1, k)。"""
    step = x.stride(0)
    return x.as_strided((len(x) - k + 1, k), (step, step))
