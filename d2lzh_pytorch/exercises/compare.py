"""Compare an answer with the reference's, and say in Chinese where they differ."""

import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from d2lzh_pytorch.exercises.show import kind_of, show_pair


def difference(expected: Any, received: Any, rtol: float, atol: float) -> str | None:
    """Return how `received` differs from `expected`, or None where they agree.

    Tensors and arrays agree if their shapes, the kinds of their elements (boolean, integer,
    floating-point, complex) and their values do; gradients and devices do not matter. Lists and
    tuples are compared item by item, dictionaries and pandas tables by key, modules and
    optimizers by their state. NaN equals NaN.
    """
    expected, received = _plain(expected), _plain(received)
    if received is None and expected is not None:
        return f"期望{kind_of(expected)}，得到 None（是不是忘了 return？）"
    if kind_of(expected) != kind_of(received):
        return f"期望{kind_of(expected)}，得到{kind_of(received)}{_advice(expected, received)}"
    if isinstance(expected, torch.Tensor):
        return _between_tensors(expected, received, rtol, atol)
    if isinstance(expected, np.ndarray):
        if expected.dtype.kind in "biufc" and received.dtype.kind in "biufc":
            return _between_tensors(_to_tensor(expected), _to_tensor(received), rtol, atol)
        return difference(expected.tolist(), received.tolist(), rtol, atol)
    if isinstance(expected, dict):
        return _between_dicts(expected, received, rtol, atol)
    if isinstance(expected, list | tuple):
        return _between_sequences(expected, received, rtol, atol)
    same = bool(expected == received)
    if not same and kind_of(expected) == "数" and not _both_integral(expected, received):
        same = bool(np.isclose(complex(received), complex(expected), rtol, atol, equal_nan=True))
    return None if same else "期望 {}，得到 {}".format(*show_pair(expected, received))


def _between_tensors(
    expected: torch.Tensor, received: torch.Tensor, rtol: float, atol: float
) -> str | None:
    expected, received = expected.detach().cpu(), received.detach().cpu()
    if expected.shape != received.shape:
        return f"期望形状 {tuple(expected.shape)}，得到 {tuple(received.shape)}"
    kinds = _element_kind(expected), _element_kind(received)
    if kinds[0] != kinds[1]:
        dtypes = [str(t.dtype).removeprefix("torch.") for t in (expected, received)]
        return f"期望{kinds[0]}张量（{dtypes[0]}），得到{kinds[1]}张量（{dtypes[1]}）"
    if expected.is_floating_point() or expected.is_complex():
        wide = torch.complex128 if expected.is_complex() else torch.float64
        close = torch.isclose(
            received.to(wide), expected.to(wide), rtol=rtol, atol=atol, equal_nan=True
        )
    else:
        close = received.to(torch.int64) == expected.to(torch.int64)
    if close.all():
        return None
    index = tuple((~close).nonzero()[0].tolist())
    values = "期望 {}，得到 {}".format(*show_pair(expected[index].item(), received[index].item()))
    if not index:
        return values
    wrong = int((~close).sum())
    return f"下标 {list(index)} 处{values}（{close.numel()} 个元素中有 {wrong} 个不同）"


def _between_dicts(
    expected: dict[Any, Any], received: dict[Any, Any], rtol: float, atol: float
) -> str | None:
    for key in expected:
        if key not in received:
            return f"缺少键 {key!r}"
    for key in received:
        if key not in expected:
            return f"多出键 {key!r}"
    for key, value in expected.items():
        found = difference(value, received[key], rtol, atol)
        if found:
            return f"键 {key!r}：{found}"
    return None


def _between_sequences(
    expected: list[Any] | tuple[Any, ...],
    received: list[Any] | tuple[Any, ...],
    rtol: float,
    atol: float,
) -> str | None:
    if len(expected) != len(received):
        return f"期望 {len(expected)} 项，得到 {len(received)} 项"
    for number, pair in enumerate(zip(expected, received, strict=True), start=1):
        found = difference(*pair, rtol, atol)
        if found:
            return f"第 {number} 项：{found}"
    return None


def _plain(value: Any) -> Any:
    """Return what a compound object holds as a dictionary or list; other values unchanged."""
    if isinstance(value, nn.Module):
        return {"training": value.training, **value.state_dict()}
    if isinstance(value, torch.optim.Optimizer):
        return value.state_dict()
    if isinstance(value, Mapping):
        return dict(value)
    if type(value).__module__.startswith("pandas"):
        if hasattr(value, "columns"):
            return value.to_dict("list")
        if hasattr(value, "tolist"):
            return value.tolist()
    return value


def _to_tensor(array: np.ndarray[Any, Any]) -> torch.Tensor:
    return torch.from_numpy(np.array(array, order="C"))


def _element_kind(tensor: torch.Tensor) -> str:
    if tensor.is_complex():
        return "复数"
    if tensor.is_floating_point():
        return "浮点"
    return "布尔" if tensor.dtype == torch.bool else "整数"


def _both_integral(expected: Any, received: Any) -> bool:
    return isinstance(expected, numbers.Integral) and isinstance(received, numbers.Integral)


def _advice(expected: Any, received: Any) -> str:
    if isinstance(received, torch.Tensor) and received.ndim == 0:
        if isinstance(expected, numbers.Number):
            return "（用 .item() 取出其中的数）"
    elif isinstance(received, torch.Tensor) and isinstance(expected, list):
        return "（用 .tolist() 转换）"
    return ""
