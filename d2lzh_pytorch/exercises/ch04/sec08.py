"""Exercises of section 4.8."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _shapes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape in ((256, 784), (8, 3, 5, 5), (4, 2, 7), (1, 1), (16, 16, 1, 1), (6, 5, 2, 3, 4)):
        yield (shape,)


@exercise(
    "4.8-1",
    inputs=_shapes,
    hint="窗口的大小是 `math.prod(shape[2:])`，没有窗口时它是 1；第 1 维是输入，第 0 维是输出。",
)
def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """扇入和扇出。"""
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def _targets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((1.0, 2.0), (0.02, 2.0), (0.02, 1.0), (0.3, 0.5), (1.0, 8.0))


@exercise(
    "4.8-2",
    inputs=_targets,
    hint="根号里的数与 σ 无关，先算出它；用 target 除以这个倍数。",
)
def std_before(target: float, c: float) -> float:
    """截断之前的标准差。"""
    density = math.exp(-(c**2) / 2) / math.sqrt(2 * math.pi)
    inside = math.erf(c / math.sqrt(2))
    return target / math.sqrt(1 - 2 * c * density / inside)
