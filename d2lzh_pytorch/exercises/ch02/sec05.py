"""Exercises of section 2.5: derivatives of one's own."""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

Function = Callable[[torch.Tensor], torch.Tensor]


def _rows_and_gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[3.0, 4.0]]), torch.tensor([[1.0, 0.0]])
    for n, d in ((4, 3), (2, 6), (3, 1)):
        yield torch.randn(n, d, generator=rng), torch.randn(n, d, generator=rng)
    yield 100 * torch.randn(2, 3, generator=rng), torch.ones(2, 3)


@exercise(
    "2.5-1",
    inputs=_rows_and_gradients,
    hint="对一行，g 是 grad_output：dx = (g - y (y·g)) / ‖x‖，"
    "即去掉 g 沿 y 方向的分量，再除以长度；求和与长度都沿 dim=1，并用 keepdim=True。",
)
def normalize_backward(X: torch.Tensor, grad_output: torch.Tensor) -> torch.Tensor:
    """每一行除以自己长度这一步的反向，形状 (n, d)。"""
    length = X.norm(dim=1, keepdim=True)  # (n, 1)
    Y = X / length
    along = (Y * grad_output).sum(dim=1, keepdim=True)  # (n, 1)
    return (grad_output - Y * along) / length


def _cubic(x: torch.Tensor) -> torch.Tensor:
    return (x**3).sum() + x[0] * x[-1]


def _quadratic(x: torch.Tensor) -> torch.Tensor:
    A = torch.tensor([[2.0, 1.0], [-3.0, 4.0]])
    return x @ A @ x


def _product_of_exponentials(x: torch.Tensor) -> torch.Tensor:
    return (x[0] * x[1].exp() + x[2] ** 2).sin()


def _scalar_functions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield _quadratic, torch.tensor([1.0, 2.0])
    yield _cubic, torch.randn(4, generator=rng)
    yield _product_of_exponentials, torch.randn(3, generator=rng)
    yield _cubic, torch.tensor([2.0])


@exercise(
    "2.5-2",
    inputs=_scalar_functions,
    hint="第一次求导用 create_graph=True，得到 (n,) 的梯度；再对梯度的每个元素求一次导，"
    "得到一行，记得 retain_graph=True。",
)
def hessian(f: Function, x: torch.Tensor) -> torch.Tensor:
    """标量函数 f 在 x 处的二阶导数，形状 (n, n)。"""
    leaf = x.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    rows = [torch.autograd.grad(g, leaf, retain_graph=True)[0] for g in gradient]
    return torch.stack(rows)
