"""Exercises of section 3.12."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _regressions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, lambd in ((30, 3, 0.1), (8, 20, 0.5), (5, 1, 10.0), (12, 12, 0.02)):
        X = 2 + torch.randn(n, d, generator=rng, dtype=torch.float64)
        y = 10 + X[:, :1] + torch.randn(n, 1, generator=rng, dtype=torch.float64)
        yield X, y, lambd
    X = torch.randn(10, 4, generator=rng, dtype=torch.float64)
    yield X, torch.full((10, 1), 7.0, dtype=torch.float64), 1.0  # 标签全相同：w 是 0，b 是 7


@exercise(
    "3.12-1",
    inputs=_regressions,
    hint="先把 X 的每一列和 y 减去各自的平均数，问题就没有偏差了；解出 w 之后，"
    "再由“误差的平均为 0”求 b。",
)
def ridge_with_bias(
    X: torch.Tensor, y: torch.Tensor, lambd: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """岭回归的解，偏差不受罚。"""
    n, d = X.shape
    centered = X - X.mean(dim=0)
    A = centered.T @ centered / n + lambd * torch.eye(d, dtype=X.dtype)
    w = torch.linalg.solve(A, centered.T @ (y - y.mean()) / n)
    return w, (y - X @ w).mean(dim=0)


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    nets = (
        nn.Linear(3, 2),
        nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False)),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)),  # 批量归一化的缩放是 1 维的
    )
    for net, weight_decay in zip(nets, (0.1, 0.01, 3.0), strict=True):
        with torch.no_grad():
            for param in net.parameters():
                param.copy_(torch.randn(param.shape, generator=rng))
        yield net, weight_decay


@exercise(
    "3.12-2",
    inputs=_nets,
    hint="遍历 `net.parameters()`，按 `param.ndim` 分成两个列表；"
    '每组写成 `{"params": ..., "weight_decay": ...}`。',
)
def decay_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """两个参数组：权重衰减，其余不衰减。"""
    weights = [param for param in net.parameters() if param.ndim >= 2]
    others = [param for param in net.parameters() if param.ndim < 2]
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
