"""Exercises of section 3.13."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _uniforms(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape, drop_prob in (((2, 8), 0.5), ((3, 4, 5), 0.2), ((10,), 0.9), ((4, 4), 0.0)):
        yield torch.randn(shape, generator=rng), torch.rand(shape, generator=rng), drop_prob
    yield torch.randn(3, 3, generator=rng), torch.rand(3, 3, generator=rng), 1.0
    # 随机数恰好在两端：0 应保留，等于保留率应丢弃
    yield torch.ones(4), torch.tensor([0.0, 0.25, 0.5, 0.75]), 0.5


@exercise(
    "3.13-1",
    inputs=_uniforms,
    hint="保留的条件是 uniform 小于 1 - drop_prob，不是小于 drop_prob。"
    "drop_prob 等于 1 时不能除以 0，直接返回全 0。",
)
def apply_dropout(X: torch.Tensor, uniform: torch.Tensor, drop_prob: float) -> torch.Tensor:
    """用给定的均匀随机数 uniform 做丢弃。"""
    keep_prob = 1 - drop_prob
    if keep_prob == 0:
        return torch.zeros_like(X)
    return torch.where(uniform < keep_prob, X / keep_prob, torch.zeros_like(X))


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for sizes, p, k, n in (((6, 5, 3), 0.5, 4, 7), ((4, 8, 2), 0.2, 10, 3), ((3, 3, 2), 0.7, 1, 5)):
        d, h, c = sizes
        net = nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Dropout(p), nn.Linear(h, c))
        with torch.no_grad():
            for param in net.parameters():
                param.copy_(0.5 * torch.randn(param.shape, generator=rng))
        net.train(n != 3)  # 一个处在评估模式，用完要还原
        yield net, torch.randn(n, d, generator=rng), k


@exercise(
    "3.13-2",
    inputs=_nets,
    hint="先记下 net.training，切换到训练模式，在 no_grad 下正向传播 k 次，每次取 softmax 再累加；"
    "最后用 net.train(原来的模式) 还原。",
)
def monte_carlo(net: nn.Module, X: torch.Tensor, k: int) -> torch.Tensor:
    """用 k 个随机的掩码各预测一次，返回概率的平均，形状 (n, q)。"""
    training = net.training
    net.train()
    with torch.no_grad():
        total = sum((net(X).softmax(dim=1) for _ in range(k)), torch.zeros(()))
    net.train(training)
    return total / k
