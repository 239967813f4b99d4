"""Exercises of section 3.8."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _stacks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for sizes in ((3, 2), (2, 100, 2), (4, 4, 4), (5, 3, 1, 6, 2)):
        yield (
            [
                (torch.randn(d, q, generator=rng) / d**0.5, torch.randn(q, generator=rng))
                for d, q in pairwise(sizes)
            ],
        )


@exercise(
    "3.8-1",
    inputs=_stacks,
    hint="从第一层开始，每遇到一层 (W2, b2)，就把手里的 (W, b) 换成 "
    "(W @ W2, b @ W2 + b2)；注意次序。",
)
def collapse(
    layers: list[tuple[torch.Tensor, torch.Tensor]],
) -> tuple[torch.Tensor, torch.Tensor]:
    """若干线性层合成的一层。"""
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


def _hats(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.linspace(-3, 3, 25), -1.0, 0.0, 1.0
    yield torch.linspace(-1, 8, 37), 1.0, 2.0, 6.0
    yield torch.randn(4, 5, generator=rng), -0.5, 0.75, 1.0
    yield torch.tensor(2.5), 1.0, 2.0, 3.0


@exercise(
    "3.8-2",
    inputs=_hats,
    hint="每个 ReLU 在一个折点改变坡度：a 处坡度从 0 变成 1/(b-a)，b 处变成 -1/(c-b)，"
    "c 处变回 0。每个 ReLU 前面的系数就是坡度的变化。",
)
def hat(x: torch.Tensor, a: float, b: float, c: float) -> torch.Tensor:
    """由三个 ReLU 拼成的帽子，在 b 处为 1，在 a 之前和 c 之后为 0。"""
    up, down = 1 / (b - a), 1 / (c - b)
    return up * torch.relu(x - a) - (up + down) * torch.relu(x - b) + down * torch.relu(x - c)
