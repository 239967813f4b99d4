"""Exercises of section 4.6."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    half_frozen = nn.Sequential(nn.Linear(10, 4), nn.Linear(4, 2))
    half_frozen[0].requires_grad_(False)
    for net, num_states in (
        (nn.Linear(784, 10), 0),
        (nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 1)), 2),
        (nn.Linear(3, 3, dtype=torch.float64), 1),
        (half_frozen, 2),
        (nn.ReLU(), 2),
    ):
        for param in net.parameters():
            nn.init.zeros_(param)
        yield net, num_states


@exercise(
    "4.6-1",
    inputs=_nets,
    hint="每个参数占 numel() 乘以 element_size() 字节；参与训练的参数要乘以 2 + num_states。",
)
def training_bytes(net: nn.Module, num_states: int) -> int:
    """参数、梯度和优化器状态一共占的字节数。"""
    total = 0
    for param in net.parameters():
        copies = 2 + num_states if param.requires_grad else 1
        total += copies * param.numel() * param.element_size()
    return total


def _batches(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    X, y = torch.rand(4, 3, generator=rng), torch.arange(4)
    yield (X,)
    yield ((X, y),)
    yield ({"image": X, "target": [y, {"box": torch.zeros(2, 4, dtype=torch.uint8)}], "id": "a"},)
    yield ([],)


@exercise(
    "4.6-2",
    inputs=_batches,
    hint="用递归：遇到张量就算它的字节数，遇到列表、元组或字典的值就对每一项再调用自己。",
)
def batch_bytes(batch: Any) -> int:
    """嵌套结构中全部张量的字节数。"""
    if isinstance(batch, torch.Tensor):
        return batch.numel() * batch.element_size()
    if isinstance(batch, dict):
        return sum(batch_bytes(item) for item in batch.values())
    if isinstance(batch, list | tuple):
        return sum(batch_bytes(item) for item in batch)
    return 0
