"""Exercises of section 7.5: AdaGrad."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(2), torch.tensor([[1.0, -4.0], [1.0, -4.0]]), 0.5, 1e-10
    yield torch.randn(3, generator=rng), torch.randn(6, 3, generator=rng), 0.1, 1e-10
    yield torch.randn(2, generator=rng), 1e-3 * torch.randn(4, 2, generator=rng), 0.1, 1e-3
    yield torch.zeros(3), torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]), 1.0, 1e-8
    yield torch.ones(1), torch.zeros(0, 1), 0.1, 1e-10


@exercise(
    "7.5-1",
    inputs=_gradients,
    hint="s = s + g**2 逐元素累积；x = x - lr * g / (s.sqrt() + eps)，先累积再走。",
)
def adagrad_path(x: torch.Tensor, gradients: torch.Tensor, lr: float, eps: float) -> torch.Tensor:
    """按 torch.optim.Adagrad 的公式，沿给定的梯度走。"""
    s = torch.zeros_like(x)
    path = [x]
    for gradient in gradients:
        s = s + gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def _sparse_gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.zeros(4), torch.zeros(4), torch.tensor([2]), torch.tensor([3.0]), 0.1, 1e-10
    x, s = torch.randn(6, generator=rng), torch.rand(6, generator=rng)
    yield x, s, torch.tensor([0, 5, 3]), torch.randn(3, generator=rng), 0.5, 1e-10
    x, s = torch.randn(5, generator=rng), torch.rand(5, generator=rng)
    yield x, s, torch.tensor([1, 4, 1, 1]), torch.randn(4, generator=rng), 0.3, 1e-10
    yield torch.ones(3), torch.ones(3), torch.tensor([], dtype=torch.int64), torch.ones(0), 1.0, 0.1


@exercise(
    "7.5-2",
    inputs=_sparse_gradients,
    hint="重复的序号要先合并：torch.zeros_like(x).index_add(0, indices, values) 给出整个梯度，"
    "或者用 indices.unique(return_inverse=True) 只处理出现过的序号。不要用 x[indices] -= ...。",
)
def sparse_adagrad(
    x: torch.Tensor,
    s: torch.Tensor,
    indices: torch.Tensor,
    values: torch.Tensor,
    lr: float,
    eps: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """只更新梯度不为 0 的参数的 AdaGrad。"""
    rows, place = indices.unique(return_inverse=True)
    gradient = torch.zeros(len(rows)).index_add(0, place, values)
    x, s = x.clone(), s.clone()
    s[rows] += gradient**2
    x[rows] -= lr * gradient / (s[rows].sqrt() + eps)
    return x, s
