"""Exercises of section 3.18."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _points(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.linspace(-6, 6, 13),)
    yield (torch.randn(3, 4, generator=rng) * 3,)
    yield (torch.tensor([-1000.0, -100.0, 0.0, 100.0, 1000.0]),)


@exercise(
    "3.18-1",
    inputs=_points,
    hint="用乘积的求导法则，sigmoid 的导数是 s * (1 - s)；s 用 torch.sigmoid 计算。",
)
def silu_slope(x: torch.Tensor) -> torch.Tensor:
    """SiLU 的导数。"""
    s = torch.sigmoid(x)
    return s * (1 + x * (1 - s))


def _batches(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    shift = torch.tensor([-9.0, -1.5, 0.0, -9.0])
    yield ([torch.randn(n, 4, generator=rng) + shift for n in (8, 8, 3)],)
    yield ([torch.tensor([[1.0, -1.0, -1.0]]), torch.tensor([[-1.0, 1.0, -1.0]])],)
    yield ([torch.tensor([[0.0, -2.0, 5.0], [0.0, -2.0, -10.0]])],)
    yield ([-torch.ones(2, 5), -torch.ones(1, 5)],)


@exercise(
    "3.18-2",
    inputs=_batches,
    hint="每一批先求 (Z > 0).any(dim=0)，再把各批“或”起来；剩下没有活过的才是死的。",
)
def dead_relu_share(batches: list[torch.Tensor]) -> float:
    """对所有批的所有样本都不大于 0 的单元所占的比例。"""
    alive = torch.zeros(batches[0].shape[1], dtype=torch.bool)
    for Z in batches:
        alive |= (Z > 0).any(dim=0)
    return (~alive).float().mean().item()
