"""Exercises of section 3.2: linear regression from scratch."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _predictions_and_labels(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[0.5], [-2.0], [4.0]]), torch.zeros(3, 1), 1.0
    yield torch.randn(6, 1, generator=rng), torch.randn(6, generator=rng), 0.5  # (n, 1) and (n,)
    yield torch.tensor([[1.0], [2.0]]), torch.tensor([1.0, 5.0]), 3.0  # error 0 and error delta
    yield 10 * torch.randn(20, 1, generator=rng), torch.randn(20, 1, generator=rng), 2.0


@exercise(
    "3.2-1",
    inputs=_predictions_and_labels,
    hint="先用 y.view(y_hat.shape) 统一形状，算出误差的绝对值，"
    "再用 torch.where(条件, 甲, 乙) 逐个元素挑选两段公式。",
)
def huber_loss(y_hat: torch.Tensor, y: torch.Tensor, delta: float) -> torch.Tensor:
    """误差不超过 delta 时是平方损失，超过时只按一次增长；形状与 y_hat 相同。"""
    error = (y_hat - y.view(y_hat.shape)).abs()
    return torch.where(error <= delta, error**2 / 2, delta * (error - delta / 2))


def _models_and_data(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, batch_size, lr in ((8, 2, 4, 0.1), (10, 3, 4, 0.03), (5, 1, 8, 0.5), (6, 2, 1, 0.01)):
        w, b = torch.randn(d, 1, generator=rng), torch.randn(1, generator=rng)
        features, labels = torch.randn(n, d, generator=rng), torch.randn(n, generator=rng)
        yield w, b, features, labels, batch_size, lr


@exercise(
    "3.2-2",
    inputs=_models_and_data,
    hint="误差 e = X w + b - y 要保持 (B, 1) 的形状；w 的梯度是 X.T @ e / B，b 的梯度是 e 的平均，"
    "B 是这个批量的实际大小。",
)
def one_epoch(
    w: torch.Tensor,
    b: torch.Tensor,
    features: torch.Tensor,
    labels: torch.Tensor,
    batch_size: int,
    lr: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """按原来的次序走一轮小批量梯度下降，返回新的 w 和 b。"""
    for X, y in zip(features.split(batch_size), labels.split(batch_size), strict=True):
        error = X @ w + b - y.view(-1, 1)
        w = w - lr * X.T @ error / len(y)
        b = b - lr * error.mean()
    return w, b
