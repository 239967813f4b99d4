"""Exercises of section 7.9: learning rate schedules."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _phases(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for t in (0, 3, 4, 5, 11, 12, 15):
        yield t, 0.5, 16, 4, 4
    yield 0, 0.1, 10, 0, 5
    yield 9, 0.1, 10, 3, 0
    yield 0, 2.0, 1, 1, 0
    yield int(torch.randint(100, (), generator=rng)), 1.0, 100, 30, 40


@exercise(
    "7.9-1",
    inputs=_phases,
    hint="最后一段从第 num_steps - num_decay 步开始，j = t - (num_steps - num_decay)。",
)
def three_phases(t: int, peak: float, num_steps: int, num_warmup: int, num_decay: int) -> float:
    """第 t 步的学习率：预热、不变、线性下降。"""
    if t < num_warmup:
        return peak * (t + 1) / num_warmup
    j = t - (num_steps - num_decay)
    return peak if j < 0 else peak * (1 - (j + 1) / num_decay)


def _restarts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for t in (0, 9, 10, 29, 30, 69, 70):
        yield t, 1.0, 10, 2, 0.0
    for t in (3, 4, 11):
        yield t, 0.1, 4, 1, 0.01
    yield int(torch.randint(200, (), generator=rng)), 0.5, 7, 3, 0.1


@exercise(
    "7.9-2",
    inputs=_restarts,
    hint="只要 t 不小于这一段的长度，就减去它，并把长度乘以 multiple。",
)
def restarted_cosine(t: int, lr: float, first: int, multiple: int, low: float) -> float:
    """第 t 步的学习率：带热重启的余弦。"""
    length = first
    while t >= length:
        t -= length
        length *= multiple
    return low + (lr - low) * (1 + math.cos(math.pi * t / length)) / 2


def _metrics(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [1.0] * 12, 1.0, 0.1, 2, 3
    yield [1.0, 0.9, 0.95, 0.95, 0.8, 0.85, 0.85, 0.85, 0.85], 0.4, 0.5, 1, 0
    yield [1.0, 2.0, 0.5, 0.6, 0.6, 0.6], 1.0, 0.5, 0, 1
    yield [1.0, 0.99995, 0.9999, 0.99985], 1.0, 0.1, 1, 2
    noisy = 1 + torch.randn(40, generator=rng).cumsum(dim=0).abs() / 10
    yield noisy.tolist(), 1.0, 0.5, 2, 4
    yield [], 1.0, 0.5, 2, 4


@exercise(
    "7.9-3",
    inputs=_metrics,
    hint="先照常更新最好的值和坏的轮数；若还在冷却，剩余轮数减 1，坏的轮数归 0；最后才看要不要降。",
)
def plateau_with_cooldown(
    metrics: list[float], lr: float, factor: float, patience: int, cooldown: int
) -> list[float]:
    """ReduceLROnPlateau，降过之后冷却几轮。"""
    best, num_bad, resting, rates = math.inf, 0, 0, []
    for metric in metrics:
        if metric < best * (1 - 1e-4):
            best, num_bad = metric, 0
        else:
            num_bad += 1
        if resting > 0:
            resting, num_bad = resting - 1, 0
        if num_bad > patience:
            lr, num_bad, resting = lr * factor, 0, cooldown
        rates.append(lr)
    return rates
