"""Exercises of section 7.10: the optimization algorithms compared."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _infinity_norm(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(2), torch.tensor([[1.0, -4.0], [0.1, -0.4]]), 0.5, (0.9, 0.5), 1e-8
    yield (
        torch.randn(3, generator=rng),
        torch.randn(6, 3, generator=rng),
        0.1,
        (0.9, 0.999),
        1e-8,
    )
    yield torch.ones(2), 1e-3 * torch.randn(4, 2, generator=rng), 0.1, (0.5, 0.9), 1e-3
    yield torch.zeros(2), torch.tensor([[3.0, 0.0], [0.0, 0.0]]), 1.0, (0.9, 0.9), 1e-8
    yield torch.ones(1), torch.zeros(0, 1), 0.1, (0.9, 0.999), 1e-8


@exercise(
    "7.10-1",
    inputs=_infinity_norm,
    hint="u = torch.maximum(beta2 * u, g.abs() + eps)；只有 m 要除以 1 - beta1**t，t 从 1 数起。",
)
def adamax_path(
    x: torch.Tensor,
    gradients: torch.Tensor,
    lr: float,
    betas: tuple[float, float],
    eps: float,
) -> torch.Tensor:
    """按 torch.optim.Adamax 的公式，沿给定的梯度走。"""
    beta1, beta2 = betas
    m = u = torch.zeros_like(x)
    path = [x]
    for t, gradient in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * gradient
        u = torch.maximum(beta2 * u, gradient.abs() + eps)
        path.append(path[-1] - lr * m / (1 - beta1**t) / u)
    return torch.stack(path)


def _signs(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.ones(2), torch.tensor([[1.0, -4.0], [-0.1, 9.0]]), 0.5, (0.9, 0.99), 0.0
    yield torch.randn(3, generator=rng), torch.randn(8, 3, generator=rng), 0.1, (0.9, 0.99), 0.1
    yield torch.ones(2), torch.randn(6, 2, generator=rng), 0.1, (0.5, 0.6), 0.5
    yield torch.ones(2), torch.zeros(3, 2), 0.1, (0.9, 0.99), 1.0
    yield torch.ones(1), torch.zeros(0, 1), 0.1, (0.9, 0.99), 0.0


@exercise(
    "7.10-2",
    inputs=_signs,
    hint="走的方向用 beta1 和更新之前的 m，记住的 m 用 beta2；权重衰减乘在旧的参数上。",
)
def lion_path(
    x: torch.Tensor,
    gradients: torch.Tensor,
    lr: float,
    betas: tuple[float, float],
    weight_decay: float,
) -> torch.Tensor:
    """按 Lion 的公式，沿给定的梯度走。"""
    beta1, beta2 = betas
    m = torch.zeros_like(x)
    path = [x]
    for gradient in gradients:
        direction = (beta1 * m + (1 - beta1) * gradient).sign()
        m = beta2 * m + (1 - beta2) * gradient
        path.append((1 - lr * weight_decay) * path[-1] - lr * direction)
    return torch.stack(path)


def _grids(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    nan = math.nan
    yield [0.01, 0.1, 1.0], torch.tensor([[0.6, 0.7], [0.8, 0.7], [0.9, nan]])
    yield [0.01, 0.1, 1.0], torch.tensor([[0.5, 0.5], [0.6, 0.6], [0.7, 0.75]])
    yield [0.01, 0.1, 1.0], torch.tensor([[0.8, 0.8], [0.9, 0.7], [0.1, 0.1]])
    yield [0.001, 0.01, 0.1], torch.tensor([[nan], [0.5], [nan]])
    yield [0.001, 0.01, 0.1, 1.0], torch.tensor([[0.7], [0.75], [0.75], [0.1]])
    yield [1.0, 10.0], torch.tensor([[nan, 0.9], [nan, nan]])
    yield [10.0 ** (k / 2) for k in range(-6, 1)], torch.rand(7, 3, generator=rng)


@exercise(
    "7.10-3",
    inputs=_grids,
    hint="先按种子取平均，nan 的平均还是 nan；再把 nan 换成 -inf，argmax 就不会选中它。",
)
def choose_rate(rates: list[float], accuracies: torch.Tensor) -> tuple[float | None, bool]:
    """在验证集上挑学习率，并说明它是否在表的边缘。"""
    means = accuracies.mean(dim=1).nan_to_num(nan=-math.inf)
    best = int(means.argmax())
    if means[best] == -math.inf:
        return None, False
    return rates[best], best in (0, len(rates) - 1)
