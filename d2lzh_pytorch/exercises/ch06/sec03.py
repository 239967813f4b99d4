"""Exercises of section 6.3."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 10_000, 32, 35, 250  # the book's
    yield 21_355, 16, 35, 20
    yield 30, 2, 6, 1
    yield 31, 5, 6, 3  # the last label just fits
    yield 30, 5, 6, 3  # and here it does not
    yield 12, 2, 6, 100  # too short for a batch


@exercise(
    "6.3-1",
    inputs=_sizes,
    hint="先算能切出多少段（最后一个字没有标签），再算能凑成多少个批量，最后乘以轮数。",
)
def batches_needed(length: int, batch_size: int, num_steps: int, epochs: int) -> int:
    """用随机采样训练 epochs 轮，一共更新多少次。"""
    windows = (length - 1) // num_steps
    return windows // batch_size * epochs


def _texts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield "床前明月光，疑是地上霜。举头望明月，低头思故乡。", "明月出天山，头上有霜。", 2
    yield "红豆生南国，春来发几枝。", "春来江水绿。", 1
    yield "白日依山尽，黄河入海流。", "黄河远上白云间。", 5  # nothing is left but the unknown
    yield "山山水水，山高水长。", "", 2
    yield "花非花，雾非雾。", "非花非雾，来如春梦。", 3


@exercise(
    "6.3-2",
    inputs=_texts,
    hint="`Counter(train_text)` 数出每个字的次数；词表是够次数的字与“□”的并集，用 `sorted` 排序；"
    "不在词表里的字取“□”的编号。",
)
def encode_valid(train_text: str, valid_text: str, min_freq: int) -> list[int]:
    """由训练部分建词表，返回验证部分的编号。"""
    frequent = {char for char, count in Counter(train_text).items() if count >= min_freq}
    vocab = sorted(frequent | {"□"})
    index = {char: i for i, char in enumerate(vocab)}
    return [index.get(char, index["□"]) for char in valid_text]


def _corpora(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.arange(30), 6, 0
    yield torch.arange(30), 6, 5
    yield torch.randint(100, (50,), generator=rng), 7, 1
    yield torch.randint(100, (50,), generator=rng), 7, 0  # 50 = 7 * 7 + 1: the label just fits
    yield torch.randint(100, (9,), generator=rng), 4, 3
    yield torch.randint(100, (21,), generator=rng), 1, 0


@exercise(
    "6.3-3",
    inputs=_corpora,
    hint="先切掉头 shift 个字，再照 `data_iter_random` 的办法用 `view` 切段；标签从下一个字切起。",
)
def shifted_windows(
    corpus: torch.Tensor, num_steps: int, shift: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """从第 shift 个字起切出互不重叠的段，返回输入和标签。"""
    corpus = corpus[shift:]
    used = (len(corpus) - 1) // num_steps * num_steps
    return corpus[:used].view(-1, num_steps), corpus[1 : used + 1].view(-1, num_steps)
