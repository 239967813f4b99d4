"""Exercises of section 3.4: softmax and cross-entropy."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _scores_and_distributions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    P = torch.rand(5, 3, generator=rng)
    yield torch.randn(5, 3, generator=rng), P / P.sum(dim=1, keepdim=True)
    yield torch.randn(4, 4, generator=rng), torch.eye(4)  # one-hot labels
    yield (
        torch.tensor([[2000.0, 0.0, -2000.0], [0.0, 1500.0, 0.0]]),
        torch.tensor([[0.75, 0.25, 0.0], [0.5, 0.0, 0.5]]),
    )
    yield torch.randn(1, 6, generator=rng), torch.full((1, 6), 1 / 6)


@exercise(
    "3.4-1",
    inputs=_scores_and_distributions,
    hint="先算出对数概率（torch.log_softmax，或者得分减去 logsumexp），再与 P 相乘，"
    "沿类别那一维求和，最后取负号。",
)
def soft_cross_entropy(scores: torch.Tensor, P: torch.Tensor) -> torch.Tensor:
    """每个样本的交叉熵，标签是概率分布。"""
    log_probability = scores - scores.logsumexp(dim=1, keepdim=True)
    return -(P * log_probability).sum(dim=1)


def _score_vectors(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([1.0, 2.0, -1.0]),)
    yield (torch.randn(5, generator=rng),)
    yield (torch.zeros(2),)
    yield (torch.tensor([1000.0, 999.0, 0.0]),)


@exercise(
    "3.4-2",
    inputs=_score_vectors,
    hint="j = k 时是 p_j (1 - p_j)，j ≠ k 时是 -p_j p_k；"
    "合起来就是对角矩阵 diag(p) 减去 p 与自己的外积。",
)
def softmax_jacobian(o: torch.Tensor) -> torch.Tensor:
    """概率对得分的导数，形状 (q, q)。"""
    p = torch.softmax(o, dim=0)
    return p.diag() - p.outer(p)
