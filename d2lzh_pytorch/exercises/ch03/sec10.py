"""Exercises of section 3.10."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _budgets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 203_530, 784, 10  # 正好放下 256 个
    yield 203_529, 784, 10  # 差 1 个参数
    yield 1_000_000, 784, 10
    yield 23, 2, 2
    yield 10, 784, 10  # 只够输出层的偏差
    yield 5, 784, 10
    for budget in torch.randint(100, 100_000, (3,), generator=rng).tolist():
        yield budget, 20, 3


@exercise(
    "3.10-1",
    inputs=_budgets,
    hint="h 个隐藏单元的网络有 (d + 1)h + (h + 1)q 个参数。把它写成 h 的一次函数再解出 h，"
    "向下取整，并且不要让它变成负数。",
)
def widest(budget: int, d: int, q: int) -> int:
    """参数总数不超过 budget 时，隐藏单元最多的个数。"""
    return max(0, (budget - q) // (d + 1 + q))


def _answers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, share_a, share_b in ((1000, 0.8, 0.85), (200, 0.9, 0.6), (10, 0.5, 0.5)):
        yield torch.rand(n, generator=rng) < share_a, torch.rand(n, generator=rng) < share_b
    same = torch.rand(20, generator=rng) < 0.5
    yield same, same.clone()
    yield torch.tensor([True, False]), torch.tensor([False, True])


@exercise(
    "3.10-2",
    inputs=_answers,
    hint="“只有 a 对”是 right_a & ~right_b。先用 .sum().item() 得到两个整数，再代公式；"
    "分母为 0 的情形单独处理。",
)
def sign_z(right_a: torch.Tensor, right_b: torch.Tensor) -> float:
    """只有一个模型对的样本中，b 比 a 多多少个标准差。"""
    only_a = int((right_a & ~right_b).sum())
    only_b = int((right_b & ~right_a).sum())
    if only_a + only_b == 0:
        return 0.0
    return float((only_b - only_a) / (only_a + only_b) ** 0.5)
