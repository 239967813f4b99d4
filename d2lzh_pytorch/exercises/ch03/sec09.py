"""Exercises of section 3.9."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _hidden_layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    # The second unit is off for the first example alone, the third is 0 for both.
    yield torch.eye(2), torch.tensor([[1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]), torch.zeros(3)
    yield torch.ones(1, 2), -torch.ones(2, 4), torch.tensor([0.0, 2.0, 3.0, -1.0])
    for n, shift in ((5, -2.0), (50, -4.0), (50, 0.0)):
        X = torch.rand(n, 6, generator=rng)
        W1 = torch.randn(6, 20, generator=rng)
        yield X, W1, torch.full((20,), shift) + torch.randn(20, generator=rng)


@exercise(
    "3.9-1",
    inputs=_hidden_layers,
    hint="先算激活之前的 X @ W1 + b1，形状是 (n, h)；再问每一列里有没有大于 0 的数。",
)
def dead_units(X: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor) -> int:
    """对每个样本都关着的 ReLU 单元个数。"""
    on = X @ W1 + b1 > 0
    return int((~on.any(dim=0)).sum())


def _small_nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, h, q in ((1, 2, 3, 2), (4, 5, 6, 3), (3, 3, 3, 3), (8, 1, 4, 2)):
        X = torch.randn(n, d, generator=rng)
        W1 = torch.randn(d, h, generator=rng)
        b1 = torch.randn(h, generator=rng)
        yield X, W1, b1, torch.randn(h, q, generator=rng)


@exercise(
    "3.9-2",
    inputs=_small_nets,
    hint="开关的形状是 (n, h)。给它添一维变成 (n, 1, h)，与 (d, h) 的 W1 广播成 (n, d, h)，"
    "再与 W2 相乘。",
)
def local_weights(
    X: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor
) -> torch.Tensor:
    """每个样本所在的线性块的权重，形状 (n, d, q)。"""
    on = (X @ W1 + b1 > 0).float()
    return (W1 * on.unsqueeze(1)) @ W2
