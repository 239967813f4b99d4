"""Exercises of section 6.8."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _cells(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for batch, d, h in ((3, 5, 4), (2, 3, 3), (1, 2, 6), (4, 4, 4)):
        yield (
            torch.randn(batch, d, generator=rng),
            torch.randn(batch, h, generator=rng),
            2 * torch.randn(batch, h, generator=rng),  # a cell is not bounded by 1
            torch.randn(4 * h, d, generator=rng),
            torch.randn(4 * h, h, generator=rng),
            torch.randn(4 * h, generator=rng),
        )


@exercise(
    "6.8-1",
    inputs=_cells,
    hint="两次乘法和偏差加起来，形状（行，4h），切成四段：输入门、遗忘门、候选、输出门；"
    "先更新 C，再由新的 C 算 H。",
    atol=1e-4,
)
def lstm_cell(
    X: torch.Tensor,
    H: torch.Tensor,
    C: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """按 PyTorch 的权重排列走一步长短期记忆，返回新的 H 和 C。"""
    i, f, g, o = (X @ weight_ih.T + H @ weight_hh.T + bias).chunk(4, dim=1)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C


def _layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for kind in ("RNN", "GRU", "LSTM"):
        yield kind, 1027, 256
        yield kind, 5, 5
    yield "LSTM", 1, 100
    yield "GRU", 64, 1


@exercise(
    "6.8-2",
    inputs=_layers,
    hint="先算一组权重有多少个数（两个矩阵，两个偏差），再乘以组数：一组候选，每个门一组。",
)
def layer_parameters(kind: str, input_size: int, hidden_size: int) -> int:
    """单层单向的 nn.RNN、nn.GRU 或 nn.LSTM 的参数个数。"""
    groups = {"RNN": 1, "GRU": 3, "LSTM": 4}[kind]
    return groups * hidden_size * (input_size + hidden_size + 2)


def _biases(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for h, value in ((4, 1.0), (1, 3.0), (3, 0.0), (5, -2.0)):
        yield (
            torch.randn(4 * h, generator=rng),
            torch.randn(4 * h, generator=rng),
            value,
        )


@exercise(
    "6.8-3",
    inputs=_biases,
    hint="遗忘门是四段里的第二段；两个偏差相加起来用，所以要让它们的和等于 value。",
)
def forget_bias(bias_ih: torch.Tensor, bias_hh: torch.Tensor, value: float) -> torch.Tensor:
    """遗忘门的偏差换成 value 之后，实际起作用的偏差，形状 (4h,)。"""
    bias = bias_ih + bias_hh
    h = len(bias) // 4
    bias[h : 2 * h] = value
    return bias
