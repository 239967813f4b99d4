"""Exercises of section 5.12."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 64, 32, [4, 4, 4, 4]
    yield 64, 32, [6, 12, 24, 16]
    yield 16, 12, [12, 12, 12]
    yield 5, 2, [1, 3]  # an odd number of channels to halve
    yield 8, 4, [2]  # one block, no transition


@exercise(
    "5.12-1",
    inputs=_nets,
    hint="走过一个有 m 个卷积的块，通道数增加 m * growth_rate；除最后一块以外，"
    "块后面的过渡层把通道数整除 2。每走一步记一个数。",
)
def dense_channels(channels: int, growth_rate: int, num_convs: list[int]) -> list[int]:
    """依次经过各个稠密块和过渡层之后的通道数。"""
    result = []
    for i, count in enumerate(num_convs):
        channels += count * growth_rate
        result.append(channels)
        if i < len(num_convs) - 1:
            channels //= 2
            result.append(channels)
    return result


def _layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 64, 32, 0
    yield 216, 32, 0
    yield 216, 32, 4
    yield 992, 32, 4
    yield 3, 10, 0
    yield 24, 12, 2


@exercise(
    "5.12-2",
    inputs=_layers,
    hint="批量归一化每个通道有 2 个参数；k×k 的卷积层有 c_o * (c_i * k * k + 1) 个。"
    "有瓶颈时依次是：批量归一化、1×1 卷积、批量归一化、3×3 卷积，"
    "中间的通道数是 bottleneck * growth_rate。",
)
def layer_parameters(channels: int, growth_rate: int, bottleneck: int) -> int:
    """稠密块里一层的参数个数；bottleneck 为 0 时没有 1×1 卷积。"""
    total = 2 * channels
    if bottleneck:
        middle = bottleneck * growth_rate
        total += middle * (channels + 1) + 2 * middle
        channels = middle
    return total + growth_rate * (channels * 9 + 1)


def _pieces(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, h, w, c_o, sizes in ((2, 5, 5, 2, (3, 2, 2)), (1, 1, 1, 4, (2, 1)), (3, 4, 6, 1, (4,))):
        pieces = [torch.randn(n, c, h, w, generator=rng) for c in sizes]
        weight = torch.randn(c_o, sum(sizes), 3, 3, generator=rng)
        yield pieces, weight, torch.randn(c_o, generator=rng)


@exercise(
    "5.12-3",
    inputs=_pieces,
    hint="卷积对输入通道求和，所以权重可以沿第 1 维切开：`weight[:, a:b]` 只与第 a 到 b-1 个"
    "输入通道相遇。各块各算各的，再相加；偏差只能加一次。",
    atol=1e-4,
)
def conv_of_pieces(
    pieces: list[torch.Tensor], weight: torch.Tensor, bias: torch.Tensor
) -> torch.Tensor:
    """对拼接起来的输入作 3×3 卷积（填充 1），但不拼接。"""
    weights = weight.split([piece.shape[1] for piece in pieces], dim=1)
    parts = [F.conv2d(X, W, padding=1) for X, W in zip(pieces, weights, strict=True)]
    return torch.stack(parts).sum(dim=0) + bias.view(1, -1, 1, 1)
