"""Exercises of section 2.3: automatic differentiation."""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

Function = Callable[[torch.Tensor], torch.Tensor]


def _sum_of_cubes(x: torch.Tensor) -> torch.Tensor:
    return (x**3).sum()


def _branching(x: torch.Tensor) -> torch.Tensor:
    return (x * x).mean() if x.sum() > 0 else x.exp().sum()


def _scalar_functions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield _sum_of_cubes, torch.tensor([1.0, 2.0, 3.0])
    yield _branching, torch.randn(2, 3, generator=rng)
    yield _branching, -torch.rand(4, generator=rng)
    used = torch.tensor([2.0, -1.0], requires_grad=True)
    _sum_of_cubes(used).backward()  # leaves (12, 3) in its grad
    yield _sum_of_cubes, used
    yield _sum_of_cubes, torch.tensor(0.5)


@exercise(
    "2.3-1",
    inputs=_scalar_functions,
    hint="先用 detach().clone() 得到一个没有历史的副本，再对副本 requires_grad_()、求导。",
)
def gradient(f: Function, x: torch.Tensor) -> torch.Tensor:
    """标量函数 f 在 x 处的梯度，形状与 x 相同；x 和 x.grad 都不改动。"""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]


def _polar(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([x[0] * x[1].cos(), x[0] * x[1].sin()])


def _neighbours(x: torch.Tensor) -> torch.Tensor:
    return x[1:] * x[:-1]


def _powers(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([x[0], x[0] ** 2, x[0] ** 3])


def _vector_functions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield _polar, torch.tensor([2.0, 0.5])
    yield _neighbours, torch.randn(5, generator=rng)
    yield torch.exp, torch.randn(3, generator=rng)
    yield _powers, torch.tensor([2.0])


@exercise(
    "2.3-2",
    inputs=_vector_functions,
    hint="第 j 次反传，传入第 j 个元素为 1、其余为 0 的权重，得到第 j 行。"
    "同一张图要走 m 次，所以要 retain_graph=True；用 torch.autograd.grad 就不会累加。",
)
def jacobian(f: Function, x: torch.Tensor) -> torch.Tensor:
    """(m, n) 的矩阵，第 j 行是 f 的第 j 个输出对 x 的梯度。"""
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    weights = torch.eye(len(y))
    rows = [torch.autograd.grad(y, leaf, row, retain_graph=True)[0] for row in weights]
    return torch.stack(rows)
