"""Exercises of section 5.7."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _rules(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (1, 1, 2, 2, 2), 1, 64, 512  # VGG-11
    yield (2, 2, 4, 4, 4), 3, 64, 512  # VGG-19
    yield (1, 2, 1), 1, 8, 64
    yield (1, 1, 1, 1), 3, 6, 10  # doubled, 6 would pass 10
    yield (3,), 2, 16, 16
    yield (), 1, 64, 512


@exercise(
    "5.7-1",
    inputs=_rules,
    hint="记住两个数：上一个块的输出通道，和这一个块的宽度；每过一个块，宽度变成 "
    "min(2 * width, max_width)。",
)
def vgg_arch(
    nums_convs: Sequence[int], in_channels: int, width: int, max_width: int
) -> list[tuple[int, int, int]]:
    """按规则列出每个块的 (卷积个数, 输入通道, 输出通道)。"""
    arch = []
    for num_convs in nums_convs:
        arch.append((num_convs, in_channels, width))
        in_channels, width = width, min(2 * width, max_width)
    return arch


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    small = ((1, 1, 8), (1, 8, 16), (2, 16, 32))
    full = ((1, 1, 64), (1, 64, 128), (2, 128, 256), (2, 256, 512), (2, 512, 512))
    yield small, 32, 64, 10
    yield small, 30, 64, 10  # 30, 15, 7, 3: odd sides on the way
    yield full, 224, 4096, 10
    yield ((2, 3, 64), (2, 64, 128)), 5, 16, 1000
    yield ((3, 2, 4),), 2, 1, 1


@exercise(
    "5.7-2",
    inputs=_nets,
    hint="每个块的第一个卷积是 in_channels 到 out_channels，其余是 out_channels 到 out_channels，"
    "各有 9 * 输入 * 输出 + 输出 个参数；每过一个块，边长整除以 2。",
)
def vgg_parameters(
    conv_arch: Sequence[tuple[int, int, int]],
    image_size: int,
    fc_hidden_units: int,
    num_classes: int,
) -> int:
    """由块的参数算出整个网络的参数个数。"""
    count, side, channels = 0, image_size, 0
    for num_convs, in_channels, channels in conv_arch:
        count += channels * (9 * in_channels + 1)
        count += (num_convs - 1) * channels * (9 * channels + 1)
        side //= 2
    widths = [channels * side**2, fc_hidden_units, fc_hidden_units, num_classes]
    for before, after in itertools.pairwise(widths):
        count += after * (before + 1)
    return count
