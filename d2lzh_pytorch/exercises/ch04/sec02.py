"""Exercises of section 4.2."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for net in (
        nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 1)),
        nn.Linear(2, 2),
        nn.Sequential(nn.Linear(3, 3, bias=False), nn.LayerNorm(3)),
        nn.Sequential(nn.Sequential(nn.Linear(2, 5)), nn.ModuleDict({"head": nn.Linear(5, 2)})),
    ):
        for param in net.parameters():
            nn.init.constant_(param, 0.5)
        yield (net,)


@exercise(
    "4.2-1",
    inputs=_nets,
    hint="写一个收一个模块的函数，用 `isinstance` 认出 `nn.Linear`，交给 `net.apply`；"
    "没有偏差的层，`bias` 是 None。",
)
def init_linears(net: nn.Module) -> nn.Module:
    """每个 nn.Linear 的权重为单位阵，偏差为 0.01。"""

    def init(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.eye_(module.weight)
            if module.bias is not None:
                nn.init.constant_(module.bias, 0.01)

    return net.apply(init)


def _codes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, h in ((1, 2, 1), (8, 5, 3), (20, 4, 4)):
        yield torch.randn(h, d, generator=rng) / d, torch.randn(n, d, generator=rng)
    yield torch.zeros(2, 3), torch.randn(4, 3, generator=rng)


@exercise(
    "4.2-2",
    inputs=_codes,
    hint="先用 `W.detach().clone().requires_grad_()` 得到自己的叶；"
    "压缩和还原用同一个叶，两处的梯度就会自动相加。",
)
def tied_gradient(W: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
    """还原误差对共用权重的梯度，形状与 W 相同。"""
    weight = W.detach().clone().requires_grad_()
    loss = F.mse_loss(X @ weight.T @ weight, X)
    return torch.autograd.grad(loss, weight)[0]
