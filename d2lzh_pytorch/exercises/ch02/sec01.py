"""Exercises of section 2.1: setting up."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _versions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield "580.159.03", "580.65.06"  # 159 大于 65，按字符串却小
    yield "525.60", "580.65.06"
    yield "580", "580.0.0"
    yield "1000.1", "580.65.06"
    yield "580.65.06", "580.65.6.1"


@exercise(
    "2.1-1",
    inputs=_versions,
    hint='用 `split(".")` 切成几段，每段转成整数再比；列表可以直接比较大小，但要先补齐长度。',
)
def driver_is_new_enough(found: str, needed: str) -> bool:
    """逐段按整数比较两个版本，缺的段当作 0。"""
    pairs = zip_longest(found.split("."), needed.split("."), fillvalue="0")
    for mine, wanted in pairs:
        if int(mine) != int(wanted):
            return int(mine) > int(wanted)
    return True
