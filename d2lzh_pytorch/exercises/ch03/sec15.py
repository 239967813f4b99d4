"""Exercises of section 3.15."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _fans_and_slopes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((784, 0.0), (784, 5**0.5), (1, 0.0), (400, 0.01), (256, 1.0))


@exercise(
    "3.15-1",
    inputs=_fans_and_slopes,
    hint="令 c**2 / 3 等于给出的方差，解出 c。",
)
def kaiming_bound(d_in: int, a: float) -> float:
    """Kaiming 初始化所用均匀分布 U(-c, c) 的边界 c。"""
    return float((6 / ((1 + a**2) * d_in)) ** 0.5)


def _stacks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for std, sizes in ((0.5, (6, 6)), (0.01, (8, 16, 8, 4)), (3.0, (5, 7, 9))):
        weights = [torch.randn(d_in, d_out, generator=rng) * std for d_in, d_out in pairwise(sizes)]
        yield torch.randn(32, sizes[0], generator=rng), weights


@exercise(
    "3.15-2",
    inputs=_stacks,
    hint="ReLU(H @ (W * c)) = c * ReLU(H @ W)，所以先求出输出的均方根 r，再把 W 除以 r；"
    "送进下一层的是调整之后的输出。",
)
def rescale(X: torch.Tensor, weights: list[torch.Tensor]) -> list[torch.Tensor]:
    """缩放每个权重，使每一层 ReLU 输出的均方根为 1。"""
    H, scaled = X, []
    for W in weights:
        size = (H @ W).relu().pow(2).mean().sqrt()
        scaled.append(W / size)
        H = (H @ scaled[-1]).relu()
    return scaled
