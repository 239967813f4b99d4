"""Exercises of section 5.1."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise
from d2lzh_pytorch.layers import corr2d


def _kernels_and_sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.arange(4.0).reshape(2, 2), 3, 3
    yield torch.randn(3, 2, generator=rng), 4, 5
    yield torch.tensor([[1.0, -1.0]]), 3, 4
    yield torch.randn(3, 4, generator=rng), 3, 4  # one window only
    yield torch.tensor([[2.0]]), 2, 3


@exercise(
    "5.1-1",
    inputs=_kernels_and_sizes,
    hint="M 的一列对应一个输入像素：把只有这个像素是 1、其余是 0 的图交给 corr2d，"
    "输出展平之后就是这一列。",
)
def corr2d_matrix(K: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """与 K 作互相关的矩阵，形状为（输出元素数，h * w）。"""
    images = torch.eye(h * w).reshape(-1, h, w)
    return torch.stack([corr2d(image, K).flatten() for image in images], dim=1)


def _before_and_after(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for size, shape, noise in (
        ((6, 8), (1, 2), 0.0),
        ((6, 8), (1, 2), 0.5),
        ((12, 10), (3, 3), 0.2),
        ((9, 9), (4, 2), 0.2),
        ((5, 7), (1, 1), 0.1),
    ):
        X, K = torch.randn(size, generator=rng), torch.randn(shape, generator=rng)
        Y = corr2d(X, K)
        yield X, Y + noise * torch.randn(Y.shape, generator=rng)


@exercise(
    "5.1-2",
    inputs=_before_and_after,
    hint="卷积核的行数是 X 的行数减 Y 的行数加 1，列数同理。把每个窗口展平成矩阵的一行，"
    "Y 展平成一列，用 torch.linalg.lstsq 求解。",
    rtol=1e-3,
    atol=1e-3,
)
def find_kernel(X: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    """使 corr2d(X, K) 与 Y 的误差平方和最小的卷积核 K。"""
    rows, cols = Y.shape
    h, w = X.shape[0] - rows + 1, X.shape[1] - cols + 1
    windows = [X[i : i + h, j : j + w].flatten() for i in range(rows) for j in range(cols)]
    solution = torch.linalg.lstsq(torch.stack(windows), Y.reshape(-1, 1)).solution
    return solution.reshape(h, w)


def _pairs_of_kernels(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[1.0, -1.0]]), torch.tensor([[1.0, -1.0]])
    yield torch.randn(3, 3, generator=rng), torch.randn(3, 3, generator=rng)
    yield torch.randn(1, 4, generator=rng), torch.randn(3, 2, generator=rng)
    yield torch.tensor([[2.0]]), torch.randn(2, 3, generator=rng)


@exercise(
    "5.1-3",
    inputs=_pairs_of_kernels,
    hint="把第一次互相关的式子代入第二次，K1 的下标是 a、K2 的下标是 c 时，"
    "像素的下标是 i + a + c；按 a + c 的值归并。结果的行数是两个卷积核的行数之和减 1。",
)
def merge_kernels(K1: torch.Tensor, K2: torch.Tensor) -> torch.Tensor:
    """先用 K1、再用 K2 作互相关，等于用它作一次互相关。"""
    (h1, w1), (h2, w2) = K1.shape, K2.shape
    K = torch.zeros(h1 + h2 - 1, w1 + w2 - 1)
    for a in range(h2):
        for b in range(w2):
            K[a : a + h1, b : b + w1] += K1 * K2[a, b]
    return K
