"""Exercises of section 2.9: broken programs to repair."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from d2lzh_pytorch.exercises.engine import exercise


def _two_layer_nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d, width, classes in ((6, 5, 4, 3), (1, 3, 8, 2), (20, 4, 16, 10)):
        X, y = torch.randn(n, d, generator=rng), torch.randint(classes, (n,), generator=rng)
        W1, b1 = torch.randn(d, width, generator=rng), torch.randn(width, generator=rng)
        W2, b2 = torch.randn(width, classes, generator=rng), torch.randn(classes, generator=rng)
        yield X, y, W1, b1, W2, b2


@exercise(
    "2.9-1",
    inputs=_two_layer_nets,
    hint="哪些参数没有梯度？tolist 与 detach 一样剪断了图。"
    "得分可以是负数，最后一层之后不应当再有 ReLU。",
)
def loss_gradients(
    X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, ...]:
    """平均交叉熵对四个参数的梯度。"""
    params = [param.requires_grad_() for param in (W1, b1, W2, b2)]
    h = (X @ W1 + b1).relu()
    scores = h @ W2 + b2
    return torch.autograd.grad(F.cross_entropy(scores, y), params)


def _points(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, lr, num_steps in ((6, 0.1, 1), (6, 0.1, 3), (20, 0.05, 40), (1, 0.1, 5)):
        x = torch.randn(n, 1, generator=rng)
        yield x, 2 * x.flatten() - 1 + 0.1 * torch.randn(n, generator=rng), lr, num_steps


@exercise(
    "2.9-2",
    inputs=_points,
    hint="打印 (x @ w + b - y) 的形状；再看看每一步之后 w.grad 里还留着什么。",
)
def fit_line(x: Tensor, y: Tensor, lr: float, num_steps: int) -> tuple[float, float]:
    """用梯度下降拟合一条直线。"""
    w, b = torch.zeros(1, 1), torch.zeros(1)
    for _ in range(num_steps):
        w.requires_grad_()
        b.requires_grad_()
        loss = ((x @ w + b - y.view(-1, 1)) ** 2).mean()
        w_grad, b_grad = torch.autograd.grad(loss, (w, b))
        w, b = (w - lr * w_grad).detach(), (b - lr * b_grad).detach()
    return w.item(), b.item()


def _numbers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([1.0, 2.0, 0.5]),)
    yield (torch.tensor([0.0, 4.0, -3.0]),)
    yield (torch.randn(3, 4, generator=rng),)
    yield (torch.zeros(2),)


@exercise(
    "2.9-3",
    inputs=_numbers,
    hint="torch.where 的两个分支都参与求梯度。"
    "先用 torch.where(x > 0, x, 1.0) 换掉不用的数再取对数，log 1 正好是 0。",
)
def log_gradient(x: Tensor) -> Tensor:
    """对正数取对数之和的梯度；其余的数梯度为 0。"""
    leaf = x.detach().clone().requires_grad_()
    total = torch.where(leaf > 0, leaf, 1.0).log().sum()
    return torch.autograd.grad(total, leaf)[0]
