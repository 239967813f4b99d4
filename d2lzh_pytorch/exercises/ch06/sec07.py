"""Exercises of section 6.7."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _cells(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for batch, d, h in ((3, 5, 4), (2, 3, 3), (1, 2, 6), (4, 4, 4)):
        yield (
            torch.randn(batch, d, generator=rng),
            torch.randn(batch, h, generator=rng),
            torch.randn(3 * h, d, generator=rng),
            torch.randn(3 * h, h, generator=rng),
            torch.randn(3 * h, generator=rng),
            torch.randn(3 * h, generator=rng),  # the bias inside the reset gate is not zero
        )


@exercise(
    "6.7-1",
    inputs=_cells,
    hint="先各算一次 `X @ weight_ih.T + bias_ih` 和 `H @ weight_hh.T + bias_hh`，各切成三段；"
    "三段依次是重置门、更新门、候选，重置门乘的是第二项的第三段，连同它的偏差。",
    atol=1e-4,
)
def gru_cell(
    X: torch.Tensor,
    H: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """按 PyTorch 的权重排列走一步门控循环单元。"""
    from_X = (X @ weight_ih.T + bias_ih).chunk(3, dim=1)
    from_H = (H @ weight_hh.T + bias_hh).chunk(3, dim=1)
    R = torch.sigmoid(from_X[0] + from_H[0])
    Z = torch.sigmoid(from_X[1] + from_H[1])
    candidate = torch.tanh(from_X[2] + R * from_H[2])
    return Z * H + (1 - Z) * candidate


def _gates(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for steps, batch, h in ((5, 2, 3), (1, 1, 2), (12, 3, 1)):
        yield (torch.rand(steps, batch, h, generator=rng),)
    yield (torch.full((4, 1, 2), 0.5),)
    yield (torch.tensor([1.0, 0.0, 1.0, 1.0]).view(4, 1, 1),)  # written once, then kept


@exercise(
    "6.7-2",
    inputs=_gates,
    hint="第 t 步的候选进来时乘以 1 − Z_t，以后每一步再乘以那一步的 Z；"
    "初始状态只乘以全部的 Z。可以从最后一步往前累乘。",
)
def shares(Z: torch.Tensor) -> torch.Tensor:
    """最后的状态里，初始状态和各步候选各占多少，形状（步数 + 1，行，隐藏单元）。"""
    later = torch.ones_like(Z[0])
    parts = []
    for gate in Z.flip(0):
        parts.append((1 - gate) * later)
        later = later * gate
    return torch.stack([later, *reversed(parts)])


def _half_lives(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for steps in (1, 2, 10, 35, 100, 1000):
        yield (steps,)


@exercise(
    "6.7-3",
    inputs=_half_lives,
    hint="先由 z 的 n 次方等于 1/2 解出 z，再求 sigmoid 的反函数 log(z / (1 − z))。",
)
def bias_for_half_life(n: int) -> float:
    """更新门只由偏差决定时，使旧状态过 n 步正好剩一半的偏差。"""
    z = 0.5 ** (1 / n)
    return math.log(z / (1 - z))
