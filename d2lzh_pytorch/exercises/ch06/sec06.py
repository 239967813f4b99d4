"""Exercises of section 6.6."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _relu_nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for steps, batch, d, h in ((5, 3, 4, 6), (1, 2, 3, 3), (8, 1, 2, 5), (4, 4, 4, 4)):
        yield (
            torch.randn(steps, batch, d, generator=rng),
            torch.rand(batch, h, generator=rng),  # not zero
            torch.randn(d, h, generator=rng),
            torch.randn(h, h, generator=rng) * 0.6,
            torch.randn(steps, batch, h, generator=rng),
        )


@exercise(
    "6.6-1",
    inputs=_relu_nets,
    hint="先正向走一遍，留下从初始状态起的全部状态；再从最后一步往回走，"
    "每一步先把直接来的和从下一步传来的梯度相加，再乘 ReLU 的导数。",
    rtol=1e-4,
    atol=1e-4,
)
def relu_bptt(
    X: torch.Tensor,
    H: torch.Tensor,
    W_xh: torch.Tensor,
    W_hh: torch.Tensor,
    dH: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """激活函数是 ReLU 的循环神经网络，两个权重和初始状态的梯度。"""
    states = [H]
    for x in X:
        states.append((x @ W_xh + states[-1] @ W_hh).relu())
    dW_xh, dW_hh, later = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(H)
    for t in reversed(range(len(X))):
        dZ = (dH[t] + later) * (states[t + 1] > 0)
        dW_xh += X[t].T @ dZ
        dW_hh += states[t].T @ dZ
        later = dZ @ W_hh.T
    return dW_xh, dW_hh, later


def _direct_gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for steps, batch, h, k in (
        (7, 2, 3, 3),
        (5, 3, 4, 1),
        (6, 1, 2, 9),
        (8, 2, 3, 4),
        (1, 2, 2, 1),
    ):
        yield (
            torch.randn(steps, batch, h, generator=rng),
            torch.randn(h, h, generator=rng) * 0.7,
            k,
        )


@exercise(
    "6.6-2",
    inputs=_direct_gradients,
    hint="按通项写：第 t 步收到第 t + j 步的损失传来的梯度，乘了 j 次 `W_hh.T`；"
    "只加 j 小于 k 的项，超出末尾的没有。",
    rtol=1e-4,
    atol=1e-4,
)
def sliding_gradients(dH: torch.Tensor, W_hh: torch.Tensor, k: int) -> torch.Tensor:
    """线性的循环神经网络，每一步的损失只影响包括自己在内的最近 k 步。"""
    total, sent = dH.clone(), dH
    for distance in range(1, min(k, len(dH))):
        sent = sent @ W_hh.T
        total[:-distance] += sent[distance:]
    return total
