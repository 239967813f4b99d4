"""Exercises of section 6.1."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

_POEM = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def _probabilities(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield ((torch.rand(20, generator=rng) + 0.01) / 1.01,)
    yield (torch.full((7,), 1 / 1556),)
    yield (torch.ones(5),)
    yield (torch.tensor([0.5, 0.0, 0.9]),)
    yield (torch.full((400,), 0.01),)  # the product of the probabilities would be 0
    yield (torch.tensor([0.2]),)


@exercise(
    "6.1-1",
    inputs=_probabilities,
    hint="先取对数再平均，不要先连乘；"
    "`torch.log` 遇到 0 得到负无穷，变号之后取指数，正是需要的结果。",
)
def perplexity_of(probs: torch.Tensor) -> float:
    """由各个真实的字的概率求困惑度。"""
    return probs.log().mean().neg().exp().item()


def _contexts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield _POEM, "明", "月", 0.1, 50
    yield _POEM, "明", "霜", 0.1, 50
    yield _POEM, "", "，", 1.0, 50
    yield _POEM, "乡", "。", 0.5, 50
    yield _POEM, "春", "风", 0.01, 50  # the context has not been seen
    yield _POEM, "明月", "光", 2.0, 50
    yield "一一二一", "一", "一", 1.0, 3  # the last character has no successor


@exercise(
    "6.1-2",
    inputs=_contexts,
    hint="分母是 `before` 后面还跟着字的次数，所以在 `text[:-1]` 里数，再加 k 乘以词表的大小。",
)
def add_k_prob(text: str, before: str, char: str, k: float, vocab_size: int) -> float:
    """加 k 平滑的条件概率。"""
    n = len(before) + 1
    joint = Counter(text[i : i + n] for i in range(len(text) - n + 1))
    context = sum(count for gram, count in joint.items() if gram[:-1] == before)
    return (joint[before + char] + k) / (context + k * vocab_size)


def _parts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    valid = "明月出天山，苍茫云海间。明月明月。"
    for n in (1, 2, 3):
        yield _POEM, valid, n
    yield _POEM, _POEM, 4
    yield _POEM, "花间", 2
    yield _POEM, "明月", 3  # too short


@exercise(
    "6.1-3",
    inputs=_parts,
    hint="训练部分的 n 元组放进集合；验证部分逐个检查，重复的重复算。",
)
def unseen_share(train: str, valid: str, n: int) -> float:
    """验证部分的 n 元组中，没有在训练部分出现过的比例。"""
    seen = {train[i : i + n] for i in range(len(train) - n + 1)}
    grams = [valid[i : i + n] for i in range(len(valid) - n + 1)]
    return sum(gram not in seen for gram in grams) / len(grams) if grams else 0.0
