"""Exercises of section 4.7."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from d2lzh_pytorch.exercises.engine import exercise


def _filled(net: nn.Module, rng: torch.Generator) -> nn.Module:
    with torch.no_grad():
        for param in net.parameters():
            param.copy_(torch.randn(param.shape, generator=rng))
    return net


def _named_parts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    flat = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    yield _filled(flat, rng), torch.randn(5, 3, generator=rng), ["0", "1", "2"]
    in_place = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 2))
    yield _filled(in_place, rng), torch.randn(5, 3, generator=rng), ["0", "2"]
    nested = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.Linear(2, 1))
    yield _filled(nested, rng), torch.randn(4, 2, generator=rng), ["0.0", "0", "1"]
    yield _filled(nn.Sequential(nn.Linear(2, 1)), rng), torch.randn(1, 2, generator=rng), []


@exercise(
    "4.7-1",
    inputs=_named_parts,
    hint="用 `net.get_submodule(name)` 找到子模块；钩子里把输出 `detach().clone()`。",
)
def collect(net: nn.Module, X: Tensor, names: list[str]) -> dict[str, Tensor]:
    """各个子模块的输出，不受后面就地改写的影响。"""
    outputs, handles = {}, []
    for name in names:

        def hook(module: nn.Module, inputs: Any, output: Tensor, name: str = name) -> None:
            outputs[name] = output.detach().clone()

        handles.append(net.get_submodule(name).register_forward_hook(hook))
    try:
        net(X)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def _relu_nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for net in (
        nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)),
        nn.Sequential(nn.Sequential(nn.Linear(2, 3), nn.ReLU()), nn.Linear(3, 3), nn.ReLU()),
        nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Sequential(nn.Sequential(nn.ReLU()))),
        nn.Sequential(nn.Linear(2, 2)),
    ):
        yield _filled(net, rng), torch.randn(4, 2, generator=rng)


@exercise(
    "4.7-2",
    inputs=_relu_nets,
    hint="对 `net.modules()` 里的每个模块，看它的 `named_children()`；"
    "是 ReLU 的，用 `setattr(模块, 名字, nn.Tanh())` 换掉。",
)
def tanh_output(net: nn.Module, X: Tensor) -> Tensor:
    """把每个 nn.ReLU 换成 nn.Tanh 之后的输出。"""
    for parent in net.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.ReLU):
                setattr(parent, name, nn.Tanh())
    output: Tensor = net(X)
    return output
