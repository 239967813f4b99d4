"""Exercises of section 3.17."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _scores_labels_weights(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.randn(8, generator=rng) * 3, (torch.arange(8) % 2).float(), 1.0
    yield torch.randn(8, generator=rng) * 3, (torch.arange(8) % 3 == 0).float(), 49.0
    yield torch.randn(6, generator=rng), torch.rand(6, generator=rng), 0.3
    wrong_and_right = torch.tensor([2000.0, 2000.0, -2000.0, -2000.0, 0.0])
    yield wrong_and_right, torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0]), 5.0


@exercise(
    "3.17-1",
    inputs=_scores_labels_weights,
    hint="-log(y_hat) = log(1 + exp(-o))，-log(1 - y_hat) = log(1 + exp(o))；"
    "两者都用 torch.logaddexp 或 F.softplus 计算。",
)
def weighted_bce(o: torch.Tensor, y: torch.Tensor, pos_weight: float) -> torch.Tensor:
    """从得分直接算的加权二元交叉熵。"""
    return pos_weight * y * F.softplus(-o) + (1 - y) * F.softplus(o)


def _scores_and_classes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.randn(30, generator=rng), (torch.arange(30) % 3 == 0).float()
    yield torch.randint(0, 4, (40,), generator=rng).float(), (torch.arange(40) % 2).float()
    yield torch.zeros(5), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0])
    yield torch.tensor([0.9, 0.8, 0.1]), torch.tensor([0.0, 0.0, 1.0])
    yield torch.tensor([-900.0, -800.0, -1000.0]), torch.tensor([1.0, 1.0, 0.0])


@exercise(
    "3.17-2",
    inputs=_scores_and_classes,
    hint="scores[y == 1].unsqueeze(1) 与 scores[y == 0] 相减，每一对得到一个差；"
    "差为正算 1，为 0 算 0.5。",
)
def auc(scores: torch.Tensor, y: torch.Tensor) -> float:
    """ROC 曲线下的面积：正类得分较高的对的比例，相等的算一半。"""
    difference = scores[y == 1].unsqueeze(1) - scores[y == 0]
    return ((difference > 0).float() + 0.5 * (difference == 0).float()).mean().item()
