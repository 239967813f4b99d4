"""Exercises of section 5.2."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _images_and_settings(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for size, kernel, p, s, d in (
        ((3, 3), (2, 2), 0, 1, 1),
        ((8, 8), (3, 3), 1, 2, 1),
        ((9, 7), (3, 2), 2, 3, 2),
        ((4, 4), (3, 3), 1, 3, 1),
        ((5, 5), (3, 3), 0, 1, 2),  # one window only
        ((6, 8), (1, 2), 0, 2, 3),
    ):
        yield torch.randn(size, generator=rng), torch.randn(kernel, generator=rng), p, s, d


@exercise(
    "5.2-1",
    inputs=_images_and_settings,
    hint="先补 0。第 (i, j) 个窗口从第 (i * s, j * s) 格开始，边长 d * (k - 1) + 1，"
    "切片的步长取 d 就只留下参与计算的格子。",
)
def conv2d(X: torch.Tensor, K: torch.Tensor, p: int, s: int, d: int) -> torch.Tensor:
    """填充 p、步幅 s、膨胀 d 的互相关。"""
    X = F.pad(X, (p, p, p, p))
    h, w = (d * (k - 1) + 1 for k in K.shape)
    rows, cols = (X.shape[0] - h) // s + 1, (X.shape[1] - w) // s + 1
    Y = torch.zeros(rows, cols)
    for i in range(rows):
        for j in range(cols):
            window = X[i * s : i * s + h : d, j * s : j * s + w : d]
            Y[i, j] = (window * K).sum()
    return Y


def _kernel_sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 3, 1
    yield 4, 1
    yield 2, 1
    yield 1, 5  # nothing to add
    yield 4, 3
    yield 3, 2


@exercise(
    "5.2-2",
    inputs=_kernel_sizes,
    hint="窗口的边长是 d * (k - 1) + 1，一共要补它减 1 个。",
)
def same_padding(k: int, d: int) -> tuple[int, int]:
    """步幅为 1 时保持大小的填充：（前面，后面）。"""
    total = d * (k - 1)
    return total // 2, total - total // 2


def _stacks_of_layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield ([(3, 1, 1)] * 3,)
    yield ([(3, 2, 1)] * 3,)
    yield ([(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)],)
    yield ([(3, 1, 1), (3, 1, 2), (3, 1, 4)],)
    yield ([(7, 2, 1), (3, 2, 1), (3, 1, 2), (1, 2, 1), (3, 1, 1)],)
    yield ([],)


@exercise(
    "5.2-3",
    inputs=_stacks_of_layers,
    hint="从 r = 1、J = 1 开始，每过一层先给 r 加 d * (k - 1) * J，再把 J 乘以 s。",
)
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """依次经过各层 (k, s, d) 之后，一个输出的感受野边长。"""
    r, jump = 1, 1
    for k, s, d in layers:
        r += d * (k - 1) * jump
        jump *= s
    return r
