"""Exercises of section 5.11."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _features(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape, out_channels, stride in (
        ((2, 3, 6, 6), 6, 2),
        ((2, 16, 8, 8), 32, 2),
        ((1, 4, 5, 7), 8, 2),  # odd sizes
        ((3, 4, 5, 5), 7, 1),
        ((2, 4, 9, 9), 4, 3),  # nothing to pad
    ):
        yield torch.randn(shape, generator=rng), out_channels, stride


@exercise(
    "5.11-1",
    inputs=_features,
    hint="先取样，再用 `F.pad`：它从最后一维数起，每维两个数，依次是前面和后面补几个；"
    "通道是倒数第三维。",
)
def pad_shortcut(X: torch.Tensor, out_channels: int, stride: int) -> torch.Tensor:
    """没有参数的捷径：按步幅取样，缺少的通道在后面补 0。"""
    X = X[:, :, ::stride, ::stride]
    return F.pad(X, (0, 0, 0, 0, 0, out_channels - X.shape[1]))


def _depths(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 3, 10
    yield 4, 10
    yield 1, 2
    yield 9, 100
    yield 18, 10


@exercise(
    "5.11-2",
    inputs=_depths,
    hint="卷积加归一化是 9 * c_i * c_o + 2 * c_o 个参数；每段第一块的第一个卷积和捷径从上一段的"
    "通道数出发（第一段没有捷径上的卷积），其余 2n - 1 个都是同样的通道数。",
)
def small_resnet_parameters(n: int, num_classes: int) -> int:
    """三段、每段 n 块、16、32、64 个通道的小残差网络的参数个数。"""

    def conv_bn(in_channels: int, out_channels: int) -> int:
        return 9 * in_channels * out_channels + 2 * out_channels

    total = conv_bn(3, 16) + 2 * n * conv_bn(16, 16)
    for c in (32, 64):
        total += 2 * conv_bn(c // 2, c) + (2 * n - 1) * conv_bn(c, c)
    return total + (64 + 1) * num_classes


def _blocks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, k in ((4, 3, 5), (1, 6, 2), (7, 4, 4)):
        shapes = (n, d), (d, k), (k, d), (n, d)
        yield tuple(torch.randn(shape, generator=rng) for shape in shapes)
    X, W1, G = (torch.randn(shape, generator=rng) for shape in ((3, 4), (4, 5), (3, 4)))
    yield X, W1, torch.zeros(5, 4), G  # the branch is dead: only the shortcut is left
    yield X.abs(), -W1.abs(), torch.ones(5, 4), G  # no hidden unit is active


@exercise(
    "5.11-3",
    inputs=_blocks,
    hint="两条路的梯度相加：捷径上是 G 本身；支路上从后往前，先乘 W2 的转置，"
    "再把 `X @ W1` 不为正的地方置 0，最后乘 W1 的转置。",
    atol=1e-4,
)
def residual_backward(
    X: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor, G: torch.Tensor
) -> torch.Tensor:
    """全连接残差块的反向传播：由输出的梯度 G 得到输入的梯度。"""
    active = (X @ W1 > 0).to(G.dtype)
    return G + ((G @ W2.T) * active) @ W1.T
