"""Exercises of section 8.5: 16-bit numbers and loss scaling."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

HALF = 2**16  # a float32 is a bfloat16 with this many finer steps between neighbours


def _numbers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([1.0, 0.1, -0.1, 3.14159, 1e-20, 1e20]),)
    yield (torch.tensor([1 + 1 / 256, 1 + 3 / 256, 257.0, 259.0, -257.0, -259.0]),)  # halfway
    yield (torch.tensor([1.9999999, 255.9, 65535.0, -0.99999]),)  # the exponent changes
    yield (torch.tensor([0.0, 1e-40, 2.0**-133]),)
    yield (torch.randn(4, 5, generator=rng),)


@exercise(
    "8.5-1",
    inputs=_numbers,
    hint="x.view(torch.int32) 给出 32 位的整数，大小的次序与绝对值相同。"
    "先加上一个数，再把低 16 位变成 0：加 0x7FFF 时，正好在中间的往下舍；"
    "要舍到偶数，留下的最低一位是 1 时就多加 1。",
)
def round_to_bfloat16(x: torch.Tensor) -> torch.Tensor:
    """把 float32 的数舍入到 bfloat16 能表示的数，正好在中间的舍到末位是偶数的一边。"""
    bits = x.view(torch.int32)
    last_kept = (bits >> 16) & 1
    rounded = (bits + 0x7FFF + last_kept) & ~0xFFFF
    return rounded.view(torch.float32)


def _overflows(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [False] * 7, 1024.0, 3
    yield [True, True, False, False, False, False], 2.0**16, 2
    yield [False, False, True, False, False, False, False], 8.0, 3
    yield [True, False, True, False, True, False, False], 64.0, 2
    yield [], 4.0, 5
    yield [False, True], 4.0, 1
    yield (torch.rand(30, generator=rng) < 0.2).tolist(), 2.0**10, 3


@exercise(
    "8.5-2",
    inputs=_overflows,
    hint="记两个数：现在的倍数，连续几步没有溢出。溢出时倍数减半、计数归零；"
    "计数满 interval 时倍数加倍，计数也归零。",
)
def loss_scales(overflows: list[bool], scale: float, interval: int) -> list[float]:
    """每一步用的倍数。"""
    scales, good = [], 0
    for overflow in overflows:
        scales.append(scale)
        if overflow:
            scale, good = scale / 2, 0
            continue
        good += 1
        if good == interval:
            scale, good = scale * 2, 0
    return scales


def _numbers_and_chances(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    quarter = torch.full((4,), 1 + 1 / 512)  # a quarter of the way from 1 to its neighbour
    yield quarter, torch.tensor([0.0, 0.7, 0.76, 0.99])
    yield -quarter, torch.tensor([0.0, 0.7, 0.76, 0.99])
    yield torch.tensor([1.0, -2.0, 0.0, 256.0]), torch.tensor([0.0, 0.3, 0.6, 0.9])
    yield torch.tensor([1.9999, 255.99]), torch.tensor([0.999, 0.999])
    yield torch.randn(3, 4, generator=rng), torch.rand(3, 4, generator=rng)


@exercise(
    "8.5-3",
    inputs=_numbers_and_chances,
    hint="x.view(torch.int32) 的低 16 位，除以 65,536，就是它在两个相邻的数之间走到了几成。"
    "给整数加上 u * 65536 的整数部分，再去掉低 16 位：走到几成，就有几成的机会进位。",
)
def round_at_random(x: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """随机舍入到 bfloat16 的数：离哪一边近，就多半舍到哪一边。"""
    bits = x.view(torch.int32) + (u * HALF).to(torch.int32)
    return (bits & ~0xFFFF).view(torch.float32)
