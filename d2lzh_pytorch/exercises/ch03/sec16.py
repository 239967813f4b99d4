"""Exercises of section 3.16."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

if TYPE_CHECKING:
    import pandas as pd


def _folds(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, k in ((10, 5), (11, 4), (3, 3), (7, 2)):
        for i in range(k):
            yield n, k, i


@exercise(
    "3.16-1",
    inputs=_folds,
    hint="每份 n // k 行，前 n % k 份各多一行；由此算出第 i 份的起点和终点。"
    "也可以用 `torch.arange(n).tensor_split(k)`。",
)
def k_fold_rows(n: int, k: int, i: int) -> tuple[list[int], list[int]]:
    """连续分成 k 份，返回训练和验证的行号。"""
    folds = [fold.tolist() for fold in torch.arange(n).tensor_split(k)]
    valid = folds[i]
    return [row for row in range(n) if row not in valid], valid


def _tables(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    import pandas as pd

    nan = float("nan")
    train = {"area": [50.0, nan, 70.0, 400.0], "rooms": [2, 3, 3, 9], "zone": ["A", None, "B", "A"]}
    test = {"area": [nan, 900.0], "rooms": [nan, 5], "zone": [None, "C"]}
    yield pd.DataFrame(train), pd.DataFrame(test)
    values = torch.rand(9, 2, generator=rng)
    values[values < 0.3] = nan
    table = pd.DataFrame({"a": values[:, 0].tolist(), "b": values[:, 1].tolist()})
    yield table.iloc[:6].copy(), table.iloc[6:].copy()
    whole = pd.DataFrame({"rooms": [1, 2, 2, 7], "zone": ["A", "B", None, "B"]})
    yield whole, pd.DataFrame({"rooms": [4.0, nan, nan], "zone": ["B", None, "A"]})


@exercise(
    "3.16-2",
    inputs=_tables,
    hint="`train.select_dtypes('number').median()` 是一个以列名为索引的 Series；"
    "交给 `fillna`，它只填名字相同的列。",
)
def fill_numbers(
    train: "pd.DataFrame", test: "pd.DataFrame"
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """用训练表的中位数填两张表的数值列。"""
    medians = train.select_dtypes("number").median()
    return train.fillna(medians), test.fillna(medians)
