"""Exercises of section 5.3."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise
from d2lzh_pytorch.layers import corr2d


def _layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 1, 6, 5, 0, 1, 28, 1
    yield 3, 96, 11, 2, 4, 224, 1
    yield 64, 128, 1, 0, 1, 14, 1
    yield 64, 128, 3, 1, 2, 15, 4
    yield 32, 32, 3, 1, 1, 7, 32  # depthwise
    yield 8, 4, 3, 0, 2, 8, 2  # the window does not reach the last column


@exercise(
    "5.3-1",
    inputs=_layers,
    hint="权重有 `c_o * (c_i // groups) * k * k` 个，偏差有 c_o 个；输出图的边长用 5.2 节的公式；"
    "乘法次数是权重的个数（不算偏差）乘以输出图的位置数。",
)
def conv_layer_cost(
    c_i: int, c_o: int, k: int, p: int, s: int, h: int, groups: int
) -> tuple[int, int]:
    """参数个数和乘法次数。"""
    weights = c_o * (c_i // groups) * k * k
    side = (h + 2 * p - k) // s + 1
    return weights + c_o, weights * side * side


def _grouped(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for c_i, c_o, groups, size, window in (
        (4, 6, 2, (5, 4), (2, 3)),
        (3, 3, 3, (4, 4), (3, 3)),  # depthwise
        (2, 6, 2, (3, 5), (1, 1)),  # several output channels for each input channel
        (2, 3, 1, (4, 3), (2, 2)),  # not grouped
        (6, 3, 3, (3, 3), (3, 3)),
    ):
        X = torch.randn(c_i, *size, generator=rng)
        yield X, torch.randn(c_o, c_i // groups, *window, generator=rng), groups


@exercise(
    "5.3-2",
    inputs=_grouped,
    hint="`X.chunk(groups)` 和 `K.chunk(groups)` 把通道分成组；每一组内是正文的 "
    "`corr2d_multi_in_out`；各组的结果用 `torch.cat` 接起来。",
)
def corr2d_grouped(X: torch.Tensor, K: torch.Tensor, groups: int) -> torch.Tensor:
    """分组的互相关，形状 (c_o, h_o, w_o)。"""
    outputs = []
    for x_group, k_group in zip(X.chunk(groups), K.chunk(groups), strict=True):
        for kernel in k_group:
            planes = [corr2d(x, k) for x, k in zip(x_group, kernel, strict=True)]
            outputs.append(torch.stack(planes).sum(dim=0))
    return torch.stack(outputs)


def _pairs(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for c_i, c_1, c_2 in ((3, 5, 2), (1, 1, 1), (4, 4, 4), (2, 1, 3)):
        yield (
            torch.randn(c_1, c_i, 1, 1, generator=rng),
            torch.randn(c_1, generator=rng),
            torch.randn(c_2, c_1, 1, 1, generator=rng),
            torch.randn(c_2, generator=rng),
        )


@exercise(
    "5.3-3",
    inputs=_pairs,
    hint="每个像素上，W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)。"
    "权重先变成矩阵，最后补回两维。",
)
def merge_1x1(
    W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """合并之后的权重 (c_2, c_i, 1, 1) 和偏差 (c_2,)。"""
    A1, A2 = W1.flatten(start_dim=1), W2.flatten(start_dim=1)
    return (A2 @ A1)[..., None, None], A2 @ b1 + b2
