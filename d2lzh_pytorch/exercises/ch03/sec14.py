"""Exercises of section 3.14."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _affine_layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, q in ((4, 3, 2), (1, 5, 3), (6, 1, 4), (3, 3, 3)):
        dY = torch.randn(n, q, generator=rng)
        yield dY, torch.randn(n, d, generator=rng), torch.randn(d, q, generator=rng)


@exercise(
    "3.14-1",
    inputs=_affine_layers,
    hint="每个梯度与它的变量同形：dW 是 (d, q)，dX 是 (n, d)，db 是 (q,)。"
    "b 的每个元素在 n 行里各用了一次，n 条路的导数要相加。",
)
def affine_backward(
    dY: torch.Tensor, X: torch.Tensor, W: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """全连接层 Y = XW + b 的反向传播，返回 dX、dW、db。"""
    return dY @ W.T, X.T @ dY, dY.sum(dim=0)


def _networks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, h, q, lam in ((4, 3, 5, 2, 0.1), (1, 2, 3, 1, 0.5), (6, 4, 4, 4, 0.0)):
        X, Y = torch.randn(n, d, generator=rng), torch.randn(n, q, generator=rng)
        yield X, Y, torch.randn(d, h, generator=rng), torch.randn(h, q, generator=rng), lam


@exercise(
    "3.14-2",
    inputs=_networks,
    hint="平方损失对得分的梯度是 (O - Y) / n；sigmoid 的导数用它的输出 H 写出来是 H * (1 - H)。"
    "两个权重都还有一条经过正则项的路。",
)
def mlp_gradients(
    X: torch.Tensor, Y: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor, lam: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """隐藏层用 sigmoid、损失用平方损失、带 L2 正则化的网络的两个权重的梯度。"""
    H = torch.sigmoid(X @ W1)  # (n, h)
    dO = (H @ W2 - Y) / len(X)  # (n, q)
    dZ = dO @ W2.T * H * (1 - H)  # (n, h)
    return X.T @ dZ + lam * W1, H.T @ dO + lam * W2
