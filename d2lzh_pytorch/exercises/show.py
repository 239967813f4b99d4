"""Short, deterministic text for the values that appear in an exercise."""

import numbers
import re
from typing import Any

import numpy as np
import torch

DIGITS = 4
EXACT_DIGITS = 17  # enough to write any float64
MAX_ITEMS = 6  # items shown of one dimension, list or dictionary
MAX_LENGTH = 160  # characters of one value


def show(value: Any, digits: int = DIGITS) -> str:
    """Return `value` as one line of at most `MAX_LENGTH` characters.

    Tensors come with dtype and shape: ``float32 张量 (2, 3) [[1, 2, 3], [4, 5, 6]]``.
    """
    text = _text(value, digits)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def show_pair(expected: Any, received: Any) -> tuple[str, str]:
    """Return both values, with as many digits as it takes to tell them apart."""
    digits = DIGITS
    while show(expected, digits) == show(received, digits) and digits < EXACT_DIGITS:
        digits += 1
    return show(expected, digits), show(received, digits)


def kind_of(value: Any) -> str:
    """Return the Chinese name of the kind of value; kinds that compare alike share one."""
    if value is None:
        return " None"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return f" {type(value).__name__}"


_KINDS: list[tuple[Any, str]] = [
    (torch.Tensor, "张量"),
    (np.ndarray, "数组"),
    ((bool, np.bool_), "布尔值"),
    (numbers.Number, "数"),
    (str, "字符串"),
    (dict, "字典"),
    ((list, tuple), "列表或元组"),
]


def _text(value: Any, digits: int) -> str:
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        shape = tuple(value.shape)
        return f"{dtype} 张量 {shape} {_nested(value.detach().cpu().tolist(), digits)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} 数组 {value.shape} {_nested(value.tolist(), digits)}"
    if isinstance(value, bool | np.bool_ | numbers.Integral | str):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if isinstance(value, numbers.Number):
        return format(value, f".{digits}g")
    if isinstance(value, list):
        return f"[{_joined([_text(v, digits) for v in value[: MAX_ITEMS + 1]])}]"
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"({_joined([_text(v, digits) for v in value[: MAX_ITEMS + 1]])}{comma})"
    if isinstance(value, dict):
        items = [f"{k!r}: {_text(v, digits)}" for k, v in list(value.items())[: MAX_ITEMS + 1]]
        return f"{{{_joined(items)}}}"
    name = getattr(value, "__name__", None)
    if isinstance(name, str):
        return name
    text = " ".join(repr(value).split())
    return re.sub(r" at 0x[0-9a-f]+", "", text, flags=re.IGNORECASE)  # never the same twice


def _nested(value: Any, digits: int) -> str:
    """Return the elements of a tensor, given as nested lists."""
    if isinstance(value, list):
        return f"[{_joined([_nested(v, digits) for v in value[: MAX_ITEMS + 1]])}]"
    return _text(value, digits)


def _joined(items: list[str]) -> str:
    return ", ".join(items if len(items) <= MAX_ITEMS else [*items[:MAX_ITEMS], "…"])
