"""Exercises of section 4.1."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


class _Holder(nn.Module):
    """A module with the attributes it is given."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__()
        for name, value in attributes.items():
            setattr(self, name, value)


def _holders(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (_Holder(hidden=[nn.Identity(), nn.ReLU()], output=nn.ReLU()),)
    yield (_Holder(hidden=nn.ModuleList([nn.ReLU()]), act=nn.ReLU()),)  # 都登记了
    yield (_Holder(tail=(nn.ReLU(),), heads={"a": nn.ReLU()}, body=[nn.ReLU()]),)
    yield (_Holder(sizes=[4, 8], names={"a": 1}, empty=[], mixed=[3, nn.ReLU()]),)
    yield (_Holder(child=_Holder(inner=[nn.ReLU()])),)  # 不必递归


@exercise(
    "4.1-1",
    inputs=_holders,
    hint="`vars(net)` 给出属性的字典，名册 `_modules` 也在里面，要跳过；"
    "字典里的模块在 `values()` 中，用 `isinstance(x, nn.Module)` 判断。",
)
def find_unregistered(net: nn.Module) -> list[str]:
    """装着模块的普通列表、元组和字典的属性名，按字母排序。"""
    found = []
    for name, value in vars(net).items():
        if name.startswith("_") or not isinstance(value, list | tuple | dict):
            continue
        members = value.values() if isinstance(value, dict) else value
        if any(isinstance(member, nn.Module) for member in members):
            found.append(name)
    return sorted(found)


def _filled(net: nn.Sequential) -> nn.Sequential:
    for param in net.parameters():
        nn.init.constant_(param, 0.1)
    return net


def _chains(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    shared = nn.Linear(4, 4)
    named = OrderedDict(flatten=nn.Flatten(), hidden=nn.Linear(6, 5), output=nn.Linear(5, 2))
    nested = nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(4, 1))
    yield _filled(nn.Sequential(nn.Linear(3, 4), nn.Tanh())), torch.rand(10, 3, generator=rng)
    yield _filled(nn.Sequential(named)), torch.rand(2, 1, 2, 3, generator=rng)
    yield _filled(nn.Sequential(shared, nn.ReLU(), shared)), torch.rand(1, 4, generator=rng)
    yield _filled(nested), torch.rand(7, 3, generator=rng)


@exercise(
    "4.1-2",
    inputs=_chains,
    hint="照 `MySequential` 的 forward 走一遍 `net._modules.items()`；"
    "`named_children()` 会漏掉第二次出现的层。",
)
def layer_report(net: nn.Sequential, X: torch.Tensor) -> list[tuple[str, tuple[int, ...], int]]:
    """逐层的名字、输出形状和参数个数。"""
    report = []
    for name, layer in net._modules.items():
        assert layer is not None
        X = layer(X)
        report.append((name, tuple(X.shape), sum(p.numel() for p in layer.parameters())))
    return report
