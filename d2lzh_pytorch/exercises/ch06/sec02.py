"""Exercises of section 6.2."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _sequences(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, batch, d, h in ((6, 3, 5, 4), (1, 2, 3, 3), (10, 1, 2, 6), (4, 4, 4, 4)):
        yield (
            torch.randn(n, batch, d, generator=rng),
            torch.rand(batch, h, generator=rng),  # not zero
            torch.randn(d, h, generator=rng),
            torch.randn(h, h, generator=rng),
            torch.randn(h, generator=rng),
        )


@exercise(
    "6.2-1",
    inputs=_sequences,
    hint="对 `X` 的第一维循环，每一步用 tanh 更新 `H` 并记下来，最后用 `torch.stack` 堆起来。",
    atol=1e-4,
)
def rnn_forward(
    X: torch.Tensor,
    H: torch.Tensor,
    W_xh: torch.Tensor,
    W_hh: torch.Tensor,
    b_h: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """循环神经网络走完整个序列：全部隐藏状态和最后一个。"""
    states = []
    for x in X:
        H = torch.tanh(x @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), H


def _joined(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for d, h in ((5, 4), (1, 4), (3, 3), (7, 2)):
        yield torch.randn(d + h, h, generator=rng), d


@exercise("6.2-2", inputs=_joined, hint="按行切：头 d 行乘的是输入，其余的行乘的是隐藏状态。")
def split_weights(W: torch.Tensor, input_size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """把上下接好的权重拆成输入的和隐藏状态的。"""
    return W[:input_size], W[input_size:]


def _cycles(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for cycle in ("abcdedcb", "ab", "aaaab", "aabb", "abacad", "a", "abcabd"):
        yield (cycle,)


@exercise(
    "6.2-3",
    inputs=_cycles,
    hint="数一圈里每一对（字母，下一个字母）出现几次，最后一个字母的下一个是第一个；"
    "最好的预测给每一对的概率是它的次数除以前一个字母的次数，损失是负对数的平均。",
)
def last_letter_floor(cycle: str) -> float:
    """只看最后一个字母预测下一个，平均损失的下限。"""
    pairs = Counter(zip(cycle, cycle[1:] + cycle[:1], strict=True))
    letters = Counter(cycle)
    total = sum(n * math.log(letters[first] / n) for (first, _), n in pairs.items())
    return total / len(cycle)
