"""Exercises of section 2.2: tensors."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _probabilities_and_labels(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), torch.tensor([0, 2])
    for rows, columns in ((5, 4), (3, 3), (1, 2)):
        probabilities = torch.rand(rows, columns, generator=rng)
        yield probabilities, torch.randint(columns, (rows,), generator=rng)


@exercise(
    "2.2-1",
    inputs=_probabilities_and_labels,
    hint="gather 要求下标与被查的张量维数相同：先用 view(-1, 1) 把 y 变成一列，结果再变回一维。",
)
def pick_probabilities(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """取出每一行里真实类别对应的那个概率。"""
    return y_hat.gather(1, y.view(-1, 1)).view(-1)


def _two_sets_of_points(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[0.0, 0.0], [3.0, 4.0]]), torch.tensor([[0.0, 0.0], [0.0, 4.0]])
    for m, n, d in ((4, 3, 2), (3, 3, 5), (1, 6, 3), (2, 4, 1)):
        yield torch.randn(m, d, generator=rng), torch.randn(n, d, generator=rng)


@exercise(
    "2.2-2",
    inputs=_two_sets_of_points,
    hint="把 A 变成 (m, 1, d)、B 变成 (1, n, d)，相减时广播成 (m, n, d)，再沿最后一维求和。",
)
def pairwise_distances(A: torch.Tensor, B: torch.Tensor) -> torch.Tensor:
    """A 的每一行与 B 的每一行之间的欧氏距离，形状 (m, n)。"""
    difference = A.unsqueeze(1) - B.unsqueeze(0)  # (m, n, d)
    return (difference**2).sum(dim=2).sqrt()


def _rows_and_masks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    yield X, torch.tensor([[True, False, True], [True, True, True]])
    yield X, torch.tensor([[False, True, False], [False, False, False]])  # nothing kept in row 1
    for rows, columns in ((4, 5), (1, 8)):
        mask = torch.rand(rows, columns, generator=rng) < 0.6
        yield torch.randn(rows, columns, generator=rng), mask
    yield torch.tensor([[1.0, float("nan")]]), torch.tensor([[True, False]])


@exercise(
    "2.2-3",
    inputs=_rows_and_masks,
    hint="先用 torch.where 把不要的元素换成 0（乘以 0 去不掉 NaN），"
    "每一行的和再除以这一行 True 的个数；个数用 clamp(min=1) 防止除以 0。",
)
def masked_mean(X: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """每一行里 mask 为 True 的元素的平均值；一个也没有的行得 0。"""
    kept = torch.where(mask, X, 0.0)
    return kept.sum(dim=1) / mask.sum(dim=1).clamp(min=1)
