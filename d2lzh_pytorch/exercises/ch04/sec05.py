"""Exercises of section 4.5."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from d2lzh_pytorch.exercises.engine import exercise


def _net(num_outputs: int) -> nn.Module:
    """Return a network with constant parameters and a buffer."""
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, num_outputs))
    for param in net.parameters():
        nn.init.constant_(param, 0.5)
    return net


def _nets_and_states(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for num_outputs, change in ((2, {}), (5, {}), (2, {"0.bias": torch.ones(4, 1)})):
        state = {
            name: torch.rand(tensor.shape, generator=rng).mul(9).to(tensor.dtype)
            for name, tensor in _net(2).state_dict().items()
        }
        yield _net(num_outputs), state | change
    yield _net(2), {"1.running_mean": torch.ones(4), "head.weight": torch.ones(2, 4)}
    yield _net(2), {}


@exercise(
    "4.5-1",
    inputs=_nets_and_states,
    hint="先挑出名字在 `net.state_dict()` 里、形状也相同的那些项，"
    "再用 `load_state_dict(..., strict=False)`；缓冲区也要载入。",
)
def load_matching(net: nn.Module, state: dict[str, Tensor]) -> tuple[nn.Module, list[str]]:
    """载入名字和形状都对得上的项，返回 net 和没有载入的名字。"""
    own = net.state_dict()
    fitting = {
        name: tensor
        for name, tensor in state.items()
        if name in own and own[name].shape == tensor.shape
    }
    net.load_state_dict(fitting, strict=False)
    return net, [name for name in own if name not in fitting]


def _states(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    names = ("module.weight", "module.module.bias", "head.module.weight", "modulo.bias", "bias")
    state = {name: torch.rand(2, generator=rng) for name in names}
    yield state, "module."
    yield state, "_orig_mod."
    yield {"_orig_mod.0.weight": torch.rand(2, 2, generator=rng)}, "_orig_mod."
    yield {}, "module."


@exercise(
    "4.5-2", inputs=_states, hint="字符串的 `removeprefix` 只在开头匹配时去掉它，而且只去一次。"
)
def strip_prefix(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """去掉名字开头的 prefix，其余不变。"""
    return {name.removeprefix(prefix): tensor for name, tensor in state.items()}
