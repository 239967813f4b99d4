"""Exercises of section 6.4."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    shapes = (3, 4), (4,), (2, 2)
    for scale, theta in ((1.0, 0.5), (1.0, 100.0), (0.01, 1.0), (50.0, 1e-2)):
        yield [scale * torch.randn(shape, generator=rng) for shape in shapes], theta
    yield [torch.tensor([3.0, 0.0]), torch.tensor([[0.0], [4.0]])], 5.0  # exactly as long
    yield [torch.zeros(3), torch.zeros(2, 2)], 1.0


@exercise(
    "6.4-1",
    inputs=_gradients,
    hint="长度是所有张量的所有元素的平方和再开方；倍数取 theta 除以长度与 1 中较小的一个。",
)
def clip_gradients(grads: list[torch.Tensor], theta: float) -> list[torch.Tensor]:
    """把若干个梯度合在一起的长度裁剪到 theta，返回新的张量。"""
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    scale = (theta / norm).clamp(max=1)
    return [grad * scale for grad in grads]


def _scores(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for batch, steps, vocab in ((2, 5, 7), (4, 3, 11), (1, 6, 3), (5, 1, 4), (3, 3, 6)):
        scores = 3 * torch.randn(steps * batch, vocab, generator=rng)
        yield scores, torch.randint(vocab, (batch, steps), generator=rng)


@exercise(
    "6.4-2",
    inputs=_scores,
    hint="`F.cross_entropy(..., reduction='none')` 得到每个位置的损失；得分先是第 1 步的所有行，"
    "所以可以变形成（步数，行数）再沿行平均。",
    atol=1e-4,
)
def loss_per_step(scores: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    """每个时间步的平均损失，形状是（步数，）。"""
    losses = F.cross_entropy(scores, Y.T.flatten(), reduction="none")
    return losses.view(Y.shape[1], Y.shape[0]).mean(dim=1)


def _distributions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([2.0, 0.0, 1.0, -1.0]), 2, 1.0
    yield torch.randn(10, generator=rng), 3, 0.5
    yield torch.randn(10, generator=rng), 10, 2.0  # nothing is cut off
    yield 5 * torch.randn(8, generator=rng), 1, 1.5
    yield 100 + torch.randn(6, generator=rng), 4, 0.1  # large scores must not overflow


@exercise(
    "6.4-3",
    inputs=_distributions,
    hint="`scores.topk(k)` 给出最高的 k 个得分和它们的下标；其余的概率是 0，不是很小的数。",
)
def top_k_probs(scores: torch.Tensor, k: int, temperature: float) -> torch.Tensor:
    """只在得分最高的 k 个字里选，返回全部字的概率。"""
    kept, index = scores.topk(k)
    return torch.zeros_like(scores).scatter(0, index, (kept / temperature).softmax(dim=0))
