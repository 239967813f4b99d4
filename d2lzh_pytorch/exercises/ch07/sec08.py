"""Exercises of section 7.8: Adam and AdamW."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    two = torch.tensor([[1.0, -4.0], [1.0, -4.0], [-2.0, 4.0]])
    yield torch.ones(2), two, 0.1, (0.9, 0.999), 1e-8, 0.0
    x, gradients = torch.randn(3, generator=rng), torch.randn(12, 3, generator=rng)
    yield x, gradients, 0.01, (0.9, 0.999), 1e-8, 0.5
    x, gradients = torch.randn(2, generator=rng), 1e-3 * torch.randn(6, 2, generator=rng)
    yield x, gradients, 0.1, (0.5, 0.9), 1e-3, 0.1
    yield torch.ones(2), torch.tensor([[0.0, 1.0], [0.0, 0.0]]), 0.1, (0.9, 0.99), 1e-8, 1.0
    yield torch.ones(1), torch.zeros(0, 1), 0.1, (0.9, 0.999), 1e-8, 0.1


@exercise(
    "7.8-1",
    inputs=_gradients,
    hint="t 从 1 数起。先 x = (1 - lr * decay) * x，再走 Adam 的一步："
    "m、v 各除以 1 - beta**t，eps 加在开方之后。衰减不进 m 和 v。",
)
def adamw_path(
    x: torch.Tensor,
    gradients: torch.Tensor,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    decay: float,
) -> torch.Tensor:
    """按 torch.optim.AdamW 的公式，沿给定的梯度走；decay = 0 就是 Adam。"""
    beta1, beta2 = betas
    m, v, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        path.append((1 - lr * decay) * path[-1] - lr * m_hat / (v_hat.sqrt() + eps))
    return torch.stack(path)


def _settings(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 0.001, 0.9, 0.999, 5
    yield 1.0, 0.0, 0.9, 4
    yield 0.1, 0.5, 0.0, 3
    yield 0.01, 0.9, 0.99, 1


@exercise(
    "7.8-2",
    inputs=_settings,
    hint="梯度恒为 g 时 m = (1 - beta1**t) * g，v = (1 - beta2**t) * g**2，t 从 1 数起。",
    atol=1e-7,
)
def uncorrected_moves(lr: float, beta1: float, beta2: float, num_steps: int) -> torch.Tensor:
    """梯度不变、不做偏差修正时，每一步走多远。"""
    t = torch.arange(1, num_steps + 1, dtype=torch.float64)
    return lr * (1 - beta1**t) / (1 - beta2**t).sqrt()
