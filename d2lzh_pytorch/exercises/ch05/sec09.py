"""Exercises of section 5.9."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _blocks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 192, 64, (96, 128), (16, 32), 32  # the first block of GoogLeNet
    yield 832, 384, (192, 384), (48, 128), 128  # its last
    yield 3, 1, (1, 1), (1, 1), 1
    yield 1, 7, (2, 5), (3, 11), 13  # no two widths are the same


@exercise(
    "5.9-1",
    inputs=_blocks,
    hint="六个卷积层，每个 c_o * (c_i * k**2 + 1)；第四条路径的池化不改变通道数，没有参数。",
)
def inception_parameters(
    in_c: int, c1: int, c2: tuple[int, int], c3: tuple[int, int], c4: int
) -> int:
    """Inception 块的参数个数。"""
    total = c1 * (in_c + 1) + c4 * (in_c + 1)
    for (middle, out), k in ((c2, 3), (c3, 5)):
        total += middle * (in_c + 1) + out * (middle * k**2 + 1)
    return total


def _reductions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 192, 32, 5
    yield 192, 128, 3
    yield 480, 208, 3
    yield 16, 16, 1  # a detour through 7 channels still pays, through 8 it does not
    yield 9, 9, 3
    yield 1, 1, 3
    yield 1, 1, 1  # nothing pays


@exercise(
    "5.9-2",
    inputs=_reductions,
    hint="每个位置上，直接卷积要 k² c_i c_o 次乘法，先降到 m 个通道要 m (c_i + k² c_o) 次。"
    "要求后者严格小于前者，用整数除法求最大的 m。",
)
def widest_reduction(c_i: int, c_o: int, k: int) -> int:
    """1×1 卷积最多降到多少个通道，乘法次数仍然比直接卷积少；不存在时是 0。"""
    return (k * k * c_i * c_o - 1) // (c_i + k * k * c_o)


def _scores(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, classes in ((4, 10), (1, 3), (7, 2)):
        scores = [torch.randn(n, classes, generator=rng) for _ in range(3)]
        yield *scores, torch.randint(classes, (n,), generator=rng)
    yield *(torch.zeros(3, 4) for _ in range(3)), torch.tensor([0, 3, 2])


@exercise(
    "5.9-3",
    inputs=_scores,
    hint="三组得分各算一次 `F.cross_entropy`，后两个乘以 0.3 再相加。",
)
def loss_with_auxiliary(
    O: torch.Tensor,  # noqa: E741
    O1: torch.Tensor,
    O2: torch.Tensor,
    y: torch.Tensor,
) -> torch.Tensor:
    """训练 GoogLeNet 的损失：主输出的交叉熵，加上两个辅助输出的交叉熵的 0.3 倍。"""
    auxiliary = F.cross_entropy(O1, y) + F.cross_entropy(O2, y)
    return F.cross_entropy(O, y) + 0.3 * auxiliary
