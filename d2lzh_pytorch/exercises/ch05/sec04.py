"""Exercises of section 5.4."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _padded(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.randn(6, 6, generator=rng), 2, 0, 2
    yield torch.arange(16.0).reshape(4, 4), 3, 1, 2
    yield -torch.rand(5, 7, generator=rng) - 1, 3, 1, 2  # all negative: padding with 0 would win
    yield torch.randn(7, 5, generator=rng), 3, 0, 1
    yield torch.randn(3, 4, generator=rng), 2, 1, 3
    yield torch.randn(1, 1, generator=rng), 1, 0, 1


@exercise(
    "5.4-1",
    inputs=_padded,
    hint='`F.pad(X, (p, p, p, p), value=float("-inf"))` 在四周补负无穷；'
    "输出的 (i, j) 看的窗口从补好之后的第 i*s 行、第 j*s 列开始。",
)
def max_pool(X: torch.Tensor, k: int, p: int, s: int) -> torch.Tensor:
    """最大池化，形状由 5.2 节的公式给出。"""
    h, w = X.shape
    padded = X.new_full((h + 2 * p, w + 2 * p), float("-inf"))
    padded[p : p + h, p : p + w] = X
    windows = padded.unfold(0, k, s).unfold(1, k, s)
    return windows.amax(dim=(2, 3))


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for h, w, k in ((4, 4, 2), (6, 3, 3), (2, 6, 1)):
        X = torch.randn(h, w, generator=rng)
        yield X, k, torch.randn(h // k, w // k, generator=rng)
    ties = torch.randint(0, 2, (6, 6), generator=rng).float()
    yield ties, 3, torch.randn(2, 2, generator=rng)
    yield torch.zeros(4, 4), 2, torch.ones(2, 2)


@exercise(
    "5.4-2",
    inputs=_gradients,
    hint="对每个窗口用 `window.argmax()`：有几个最大值时它给出最前面的一个；"
    "把展平的编号换回行和列，在那里写上 G 的对应元素。",
)
def max_pool_gradient(X: torch.Tensor, k: int, G: torch.Tensor) -> torch.Tensor:
    """损失对 X 的梯度，形状与 X 相同。"""
    gradient = torch.zeros_like(X)
    for i in range(G.shape[0]):
        for j in range(G.shape[1]):
            place = int(X[i * k : (i + 1) * k, j * k : (j + 1) * k].argmax())
            gradient[i * k + place // k, j * k + place % k] = G[i, j]
    return gradient


def _positive(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.rand(4, 6, generator=rng), 2
    yield torch.randn(6, 6, generator=rng).relu(), 3
    yield torch.tensor([[0.0, 0.0, 3.0, 1.0], [0.0, 0.0, 0.0, 0.0]]), 2  # a window of zeros
    yield torch.full((4, 4), 2.0), 2
    yield torch.zeros(3, 3), 3


@exercise(
    "5.4-3",
    inputs=_positive,
    hint="期望是 Σ a² / Σ a；和为 0 的窗口先换一个不为 0 的分母，再用 `torch.where` 取 0。"
    "`X.reshape(h // k, k, w // k, k)` 把窗口分到第 1、3 维。",
)
def expected_pool(X: torch.Tensor, k: int) -> torch.Tensor:
    """随机池化的期望，形状 (h // k, w // k)。"""
    h, w = X.shape
    windows = X.reshape(h // k, k, w // k, k)
    total, squares = windows.sum(dim=(1, 3)), windows.square().sum(dim=(1, 3))
    return torch.where(total > 0, squares / total.clamp(min=1e-30), 0.0)
