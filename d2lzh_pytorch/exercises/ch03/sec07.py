"""Exercises of section 3.7."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    frozen = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2))
    frozen[0].requires_grad_(False)
    for net in (
        nn.Linear(784, 10),
        nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2, bias=False)),
        nn.Flatten(),  # 没有参数的层
        frozen,
    ):
        for param in net.parameters():
            nn.init.zeros_(param)
        yield (net,)


@exercise(
    "3.7-1",
    inputs=_nets,
    hint="`net.parameters()` 逐个给出参数张量，`numel()` 是元素个数；"
    "冻结的参数 requires_grad 为 False，不要计入。",
)
def count_parameters(net: nn.Module) -> int:
    """参与训练的参数总个数。"""
    return sum(param.numel() for param in net.parameters() if param.requires_grad)


def _linear_problems(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, c in ((1, 2, 3), (8, 5, 4), (32, 10, 10)):
        W = torch.randn(d, c, generator=rng)
        b = torch.randn(c, generator=rng)
        X = torch.randn(n, d, generator=rng)
        yield W, b, X, torch.randint(c, (n,), generator=rng)


@exercise(
    "3.7-2",
    inputs=_linear_problems,
    hint="先用 `W.detach().clone().requires_grad_()` 得到一个自己的叶，"
    "对它算平均损失，`backward()` 之后取 `.grad`。",
)
def mean_loss_gradient(
    W: torch.Tensor, b: torch.Tensor, X: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """平均交叉熵对 W 的梯度，形状与 W 相同。"""
    weight = W.detach().clone().requires_grad_()
    loss = F.cross_entropy(X @ weight + b, y)
    return torch.autograd.grad(loss, weight)[0]
