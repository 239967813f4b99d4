"""Exercises of section 7.6: RMSProp."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(2), torch.tensor([[1.0, -4.0], [1.0, -4.0]]), 0.5, 0.9, 1e-8
    yield torch.randn(3, generator=rng), torch.randn(6, 3, generator=rng), 0.1, 0.99, 1e-8
    yield torch.randn(2, generator=rng), 1e-3 * torch.randn(4, 2, generator=rng), 0.1, 0.5, 1e-3
    yield torch.zeros(3), torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]), 1.0, 0.9, 1e-8
    yield torch.ones(1), torch.zeros(0, 1), 0.1, 0.9, 1e-8


@exercise(
    "7.6-1",
    inputs=_gradients,
    hint="s = alpha * s + (1 - alpha) * g**2，然后 x = x - lr * g / (s.sqrt() + eps)。",
)
def rmsprop_path(
    x: torch.Tensor, gradients: torch.Tensor, lr: float, alpha: float, eps: float
) -> torch.Tensor:
    """按 torch.optim.RMSprop 的公式，沿给定的梯度走。"""
    s = torch.zeros_like(x)
    path = [x]
    for gradient in gradients:
        s = alpha * s + (1 - alpha) * gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def _settings(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 0.4, 0.9, 5
    yield 1.0, 0.0, 3
    yield 0.01, 0.99, 20
    yield 0.1, 0.5, 1


@exercise(
    "7.6-2",
    inputs=_settings,
    hint="s 第 t 步是 (1 - gamma**t) * g**2，t 从 1 数起；走的距离是 lr * |g| / sqrt(s)。",
)
def constant_gradient_moves(lr: float, gamma: float, num_steps: int) -> torch.Tensor:
    """梯度不变时，RMSProp 每一步走多远。"""
    t = torch.arange(1, num_steps + 1, dtype=torch.float64)
    return lr / (1 - gamma**t).sqrt()
