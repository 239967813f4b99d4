"""Exercises of section 3.6."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _scores_and_labels(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, classes, k in ((6, 10, 2), (50, 10, 3), (1, 4, 1), (8, 5, 5)):
        scores = torch.randn(n, classes, generator=rng)
        yield scores, torch.randint(classes, (n,), generator=rng), k
    yield torch.tensor([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]]), torch.tensor([1, 0]), 2


@exercise(
    "3.6-1",
    inputs=_scores_and_labels,
    hint="`scores.topk(k, dim=1).indices` 给出每行得分最高的 k 个类别；"
    "把 y 变成 (n, 1)，就能与它们逐个比较。",
)
def top_k_accuracy(scores: torch.Tensor, y: torch.Tensor, k: int) -> float:
    """真实类别落在得分最高的 k 个类别之中的样本比例。"""
    best = scores.topk(k, dim=1).indices  # (n, k)
    return (best == y.unsqueeze(1)).any(dim=1).float().mean().item()


def _matrices(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for classes in (2, 3, 10):
        yield (torch.randint(50, (classes, classes), generator=rng),)
    yield (torch.tensor([[5, 0, 1], [3, 0, 0], [2, 0, 4]]),)  # 没有样本被认成第 1 类
    yield (torch.zeros(3, 3, dtype=torch.int64),)


@exercise(
    "3.6-2",
    inputs=_matrices,
    hint="被认成第 j 类的样本在第 j 列，所以分母是每一列的和；"
    "分母为 0 时把它换成 1，分子此时也是 0。",
)
def precision(matrix: torch.Tensor) -> torch.Tensor:
    """由混淆矩阵算出每一类的精确率；没有预测为某一类时记为 0。"""
    predicted = matrix.sum(dim=0)
    return matrix.diagonal() / predicted.clamp(min=1)
