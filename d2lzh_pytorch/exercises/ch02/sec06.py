"""Exercises of section 2.6: from tables to tensors."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from d2lzh_pytorch.exercises.engine import exercise


def _tables(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    nan = torch.nan
    yield (
        torch.tensor([[1.0, 10.0], [3.0, nan], [nan, 30.0]]),
        torch.tensor([[nan, 20.0], [5.0, nan]]),
    )
    train = torch.randn(12, 4, generator=rng) * 5 + 100
    valid = torch.randn(5, 4, generator=rng) * 9 + 80
    yield train, valid
    holes = torch.rand(12, 4, generator=rng) < 0.3
    yield torch.where(holes, nan, train), valid
    yield torch.tensor([[2.0, 7.0], [4.0, 7.0]]), torch.tensor([[3.0, 9.0]])


@exercise(
    "2.6-1",
    inputs=_tables,
    hint="平均数用 train.nanmean(dim=0)，torch.where(x.isnan(), mean, x) 填空；"
    "标准差从填好的训练集算，valid 只用不学。",
)
def standardize(train: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """用训练集的平均数和标准差填空并标准化两张表。"""
    mean = train.nanmean(dim=0)
    std = torch.where(train.isnan(), mean, train).std(dim=0, correction=0)
    std = torch.where(std > 0, std, 1.0)
    scaled = [(torch.where(X.isnan(), mean, X) - mean) / std for X in (train, valid)]
    return scaled[0], scaled[1]


def _words(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    names = ["north", "east", "south", "west"]
    yield ["b", "a", None], ["a", "b", None, "c"]
    yield ["b", "a", "b"], ["b", None]
    drawn = torch.randint(4, (10,), generator=rng).tolist()
    yield [names[i] for i in drawn[:6]], [names[i] for i in drawn]
    yield ["only"], ["other"]


@exercise(
    "2.6-2",
    inputs=_words,
    hint="sorted({w for w in train if w is not None}) 是名单，再添上 None。"
    "一行一个列表：[float(value == c) for c in 名单]。",
)
def encode_categories(train: list[str | None], values: list[str | None]) -> Tensor:
    """按训练集的名单编码，最后一列留给空格。"""
    categories = [*sorted({word for word in train if word is not None}), None]
    return torch.tensor([[float(value == each) for each in categories] for value in values])


def _closes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.tensor([10.0, 12.0, 11.0, 11.0, 15.0]),)
    yield (3100 + torch.randint(-40, 41, (30,), generator=rng).float().cumsum(0),)
    yield (torch.tensor([1.0, 2.0, 3.0]),)


@exercise(
    "2.6-3",
    inputs=_closes,
    hint="change = close[1:] - close[:-1] 有 T - 1 个数。"
    "它去掉最后一个是“今天”，去掉第一个是“明天”。",
)
def next_day(close: Tensor) -> tuple[Tensor, Tensor]:
    """今天的涨跌，和明天是否上涨。"""
    change = close[1:] - close[:-1]
    return change[:-1], (change[1:] > 0).float()
