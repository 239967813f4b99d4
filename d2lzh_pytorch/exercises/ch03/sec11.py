"""Exercises of section 3.11."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _samples(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, max_degree, k in ((30, 6, 5), (23, 5, 4), (12, 4, 12), (40, 3, 2)):
        x = 2 * torch.rand(n, generator=rng, dtype=torch.float64) - 1
        noise = torch.randn(n, generator=rng, dtype=torch.float64)
        yield x, 5 + 1.2 * x - 3.4 * x**2 + 5.6 * x**3 + 0.5 * noise, max_degree, k
    x = torch.linspace(-1, 1, 15, dtype=torch.float64)
    yield x, 2 - x + 0.1 * torch.randn(15, generator=rng, dtype=torch.float64), 4, 5
    yield x, torch.randn(15, generator=rng, dtype=torch.float64), 4, 5


@exercise(
    "3.11-1",
    inputs=_samples,
    hint="对每个次数：每一折只用训练的下标拟合，在验证的下标上算 MSE，K 个 MSE 取平均；"
    "最后取平均最小的次数。选次数时不要看训练误差。",
)
def best_degree(x: torch.Tensor, y: torch.Tensor, max_degree: int, k: int) -> int:
    """K 折交叉验证的平均误差最小的次数。"""
    folds = torch.arange(len(x)).tensor_split(k)
    means = []
    for degree in range(max_degree + 1):
        A = x.unsqueeze(-1) ** torch.arange(degree + 1)  # (n, degree + 1)
        errors = []
        for i, valid in enumerate(folds):
            train = torch.cat(folds[:i] + folds[i + 1 :])
            w = torch.linalg.lstsq(A[train], y[train].unsqueeze(-1)).solution
            errors.append(((A[valid] @ w).squeeze(-1) - y[valid]).square().mean())
        means.append(torch.stack(errors).mean().item())
    return means.index(min(means))


def _loss_curves(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [5.0, 4.0, 3.0, 3.5, 3.2, 3.1, 2.0], 3
    yield [5.0, 4.0, 3.0, 3.5, 2.9, 3.1, 3.0, 3.2, 1.0], 3
    yield [3.0, 2.0, 1.0], 2  # 一直下降，没有触发
    yield [1.0, 2.0, 3.0, 4.0], 1
    yield [2.0, 2.0, 2.0, 2.0, 2.0], 2  # 持平不算更低
    yield [4.0], 1
    yield [3.0, 4.0, 2.0, 5.0, 6.0], 5
    yield torch.rand(50, generator=rng).tolist(), 7


@exercise(
    "3.11-2",
    inputs=_loss_curves,
    hint="记住目前的最小值和它所在的轮。每一轮先看有没有刷新最小值；没有刷新，"
    "就看离最小值那一轮已经过了几轮。",
)
def early_stopping(losses: list[float], patience: int) -> tuple[int, int]:
    """停下来的那一轮，和验证误差最小的那一轮。"""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(losses) - 1, best
