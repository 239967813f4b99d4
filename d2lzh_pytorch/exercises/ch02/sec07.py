"""Exercises of section 2.7: putting samples into batches."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from d2lzh_pytorch.exercises.engine import exercise


def _sentences(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for lengths in ([3, 5, 2], [4], [2, 2], [1, 6, 6, 3]):
        tokens = [torch.randint(1, 50, (length,), generator=rng) for length in lengths]
        labels = torch.randint(3, (len(lengths),), generator=rng).tolist()
        yield (list(zip(tokens, labels, strict=True)),)
    yield ([(torch.tensor([0, 7, 0]), 1), (torch.tensor([5]), 0)],)


@exercise(
    "2.7-1",
    inputs=_sentences,
    hint="长度从 len(tokens) 来，不要去数非 0 的元素：句子里可以有 0。"
    "先建 torch.zeros(n, T, dtype=torch.int64)，再逐行填；"
    "或者用 torch.nn.utils.rnn.pad_sequence(..., batch_first=True)。",
)
def pad_collate(samples: list[tuple[Tensor, int]]) -> tuple[Tensor, Tensor, Tensor]:
    """补 0 到最长的一句，同时给出各句的长度。"""
    tokens, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(each) for each in tokens])
    return pad_sequence(list(tokens), batch_first=True), lengths, torch.tensor(labels)


def _labels(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([0, 0, 0, 1]),)
    yield (torch.randint(3, (20,), generator=rng),)
    yield (torch.tensor([4, 1, 4, 4]),)  # 没有 0、2、3
    yield (torch.tensor([2, 2]),)


@exercise(
    "2.7-2",
    inputs=_labels,
    hint="每个类别分到 1 / (出现过的类别数)，再由这个类别的样本平分。"
    "labels.unique(return_inverse=True, return_counts=True) 一次给出需要的数。",
)
def balanced_weights(labels: Tensor) -> Tensor:
    """出现过的每个类别机会相同，全部权重之和为 1。"""
    classes, inverse, counts = labels.unique(return_inverse=True, return_counts=True)
    return 1 / (len(classes) * counts[inverse]).float()


def _batches(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [3, 5, 2, 4], [[0, 1], [2, 3]]
    yield [3, 5, 2, 4], [[2, 0], [3, 1]]
    yield [7, 7, 7], [[0, 1, 2]]
    lengths = torch.randint(1, 30, (20,), generator=rng).tolist()
    order = torch.randperm(20, generator=rng).tolist()
    yield lengths, [order[i : i + 6] for i in range(0, 20, 6)]


@exercise(
    "2.7-3",
    inputs=_batches,
    hint="一批补齐之后有 (样本数 × 这一批最长的长度) 个位置，减去真正有内容的位置。",
)
def padding(lengths: list[int], batches: list[list[int]]) -> int:
    """各批补上的位置的总数。"""
    total = 0
    for indices in batches:
        chosen = [lengths[i] for i in indices]
        total += len(chosen) * max(chosen) - sum(chosen)
    return total
