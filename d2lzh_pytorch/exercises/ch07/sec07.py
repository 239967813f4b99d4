"""Exercises of section 7.7: AdaDelta."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(2), torch.tensor([[1.0, -4.0], [1.0, -4.0], [2.0, 4.0]]), 0.9, 1e-6
    yield torch.randn(3, generator=rng), torch.randn(30, 3, generator=rng), 0.9, 1e-5
    yield torch.randn(2, generator=rng), 1e-3 * torch.randn(20, 2, generator=rng), 0.5, 1e-3
    yield torch.zeros(3), torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]), 0.95, 1e-4
    yield torch.ones(1), torch.zeros(0, 1), 0.9, 1e-6


@exercise(
    "7.7-1",
    inputs=_gradients,
    hint="次序：先更新 s，用旧的 d 算 step = ((d + eps) / (s + eps)).sqrt() * g，"
    "最后才用 step**2 更新 d。两个 eps 都在根号里。",
)
def adadelta_path(x: torch.Tensor, gradients: torch.Tensor, rho: float, eps: float) -> torch.Tensor:
    """按 torch.optim.Adadelta（lr=1）的公式，沿给定的梯度走。"""
    s, d, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for gradient in gradients:
        s = rho * s + (1 - rho) * gradient**2
        step = ((d + eps) / (s + eps)).sqrt() * gradient
        d = rho * d + (1 - rho) * step**2
        path.append(path[-1] - step)
    return torch.stack(path)


def _settings(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 0.01, 0.9
    yield 0.003, 0.99
    yield 1.0, 0.0
    yield 0.1, 0.5


@exercise(
    "7.7-2",
    inputs=_settings,
    hint="第一步 d = 0，s = (1 - rho) * g**2 远大于 eps，所以 |step| = sqrt(eps / (1 - rho))。",
    atol=0.0,
)
def eps_for_first_move(move: float, rho: float) -> float:
    """使 AdaDelta 的第一步走 move 那么远的 eps。"""
    return move**2 * (1 - rho)
