"""Exercises of section 3.3: linear regression with torch.nn and torch.optim."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _batches(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [0.5, 0.25, 2.0], [10, 10, 1]
    yield [4.0, 1.0], [256, 96]
    yield [3.0], [7]  # one batch only
    sizes = torch.randint(1, 20, (12,), generator=rng).tolist()
    yield torch.rand(12, generator=rng).tolist(), sizes


@exercise(
    "3.3-1",
    inputs=_batches,
    hint="平均损失乘以样本数，才是这个批量的损失之和；全部加起来，再除以样本总数。",
)
def average_loss(batch_means: list[float], batch_sizes: list[int]) -> float:
    """按样本数加权的平均。"""
    pairs = zip(batch_means, batch_sizes, strict=True)
    return sum(mean * size for mean, size in pairs) / sum(batch_sizes)


def _nets_and_data(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    cases = ((8, 2, 0.1, 0.02, 5), (19, 1, 0.01, 0.3, 3), (5, 3, 0.0, 0.1, 4), (4, 2, 0.1, 0.2, 1))
    for n, d, lr_weight, lr_bias, num_steps in cases:
        net = nn.Linear(d, 1)
        with torch.no_grad():
            net.weight.copy_(torch.randn(1, d, generator=rng))
            net.bias.copy_(torch.randn(1, generator=rng))
        X, y = torch.randn(n, d, generator=rng), torch.randn(n, 1, generator=rng)
        yield net, X, y, lr_weight, lr_bias, num_steps


@exercise(
    "3.3-2",
    inputs=_nets_and_data,
    hint="给 torch.optim.SGD 一个列表，里面是两个字典，各有 params 和 lr；"
    "每一步先 zero_grad，最后在 no_grad 之下再算一次损失。",
)
def train_two_rates(
    net: nn.Linear,
    X: torch.Tensor,
    y: torch.Tensor,
    lr_weight: float,
    lr_bias: float,
    num_steps: int,
) -> float:
    """用两个参数组训练，返回训练之后的均方误差。"""
    groups = [{"params": net.weight, "lr": lr_weight}, {"params": net.bias, "lr": lr_bias}]
    optimizer = torch.optim.SGD(groups)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.mse_loss(net(X), y).backward()
        optimizer.step()
    with torch.no_grad():
        return F.mse_loss(net(X), y).item()
