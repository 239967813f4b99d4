"""Exercises of section 2.10: reading the documentation."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _integers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([4, 2, 2, 4, 1]),)  # 2 和 4 一样多
    yield (torch.tensor([[-3, 5], [-3, 7]]),)
    yield (torch.tensor([9]),)
    yield (torch.randint(-5, 5, (6, 7), generator=rng),)


@exercise(
    "2.10-1",
    inputs=_integers,
    hint="`torch.unique(x, return_counts=True)` 给出排好序的值和它们的个数；"
    "`argmax` 遇到相同的最大值时，请确认它给出哪一个位置。",
)
def most_frequent(x: torch.Tensor) -> torch.Tensor:
    """出现次数最多的值；次数相同时取较小的。"""
    values, counts = torch.unique(x, return_counts=True)
    return values[counts == counts.max()][0]


def _rows(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]]), 1.0
    for rows, columns, limit in ((5, 3, 1.5), (4, 8, 0.5)):
        yield torch.randn(rows, columns, generator=rng), limit


@exercise(
    "2.10-2",
    inputs=_rows,
    hint="`torch.renorm(input, p, dim, maxnorm)` 就做这件事；"
    "读一读说明，弄清 `dim` 指的是哪些子张量。",
)
def limit_row_norms(X: torch.Tensor, max_norm: float) -> torch.Tensor:
    """把太长的行按比例缩短到 max_norm。"""
    return torch.renorm(X, p=2, dim=0, maxnorm=max_norm)
