"""Exercises of section 6.5."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 8, 16, 2
    yield 1027, 256, 1
    yield 5, 5, 1
    yield 4, 3, 3
    yield 256, 512, 2


@exercise(
    "6.5-1",
    inputs=_sizes,
    hint="第一层的输入是 input_size 个数，以后各层的输入是上一层的 hidden_size 个；每层两个偏差。",
)
def rnn_parameters(input_size: int, hidden_size: int, num_layers: int) -> int:
    """单向 nn.RNN 的参数个数。"""
    first = hidden_size * (input_size + hidden_size + 2)
    other = hidden_size * (hidden_size + hidden_size + 2)
    return first + (num_layers - 1) * other


def _texts(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    source = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    yield "举杯望明月，疑是地上人", source
    yield "春花秋雨", source  # nothing was copied
    yield "望明月，低头", source  # all of it was
    yield "月", source
    yield "明明月光光，", source
    yield "", source
    yield source + "故乡", source


@exercise(
    "6.5-2",
    inputs=_texts,
    hint="从每个起点开始，只要这一段在 `source` 里，就再加长一个字；记下最长的。",
)
def longest_copy(text: str, source: str) -> int:
    """最长的、在 source 里原样出现过的一段的字数。"""
    longest = 0
    for start in range(len(text)):
        while start + longest < len(text) and text[start : start + longest + 1] in source:
            longest += 1
    return longest


def _layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng)))
        for batch_first in (True, False):
            yield nn.RNN(3, 4, batch_first=batch_first), torch.randn(2, 5, 3)
        yield nn.RNN(2, 3, num_layers=2), torch.randn(4, 4, 2)  # the shape does not tell
        yield nn.GRU(2, 3, batch_first=True), torch.randn(1, 6, 2)
        yield nn.LSTM(2, 3), torch.randn(3, 2, 2)


@exercise(
    "6.5-3",
    inputs=_layers,
    hint="`layer.batch_first` 是真时直接用；否则把前两维交换，算完再换回来。",
    atol=1e-4,
)
def outputs_by_row(layer: nn.RNNBase, X: torch.Tensor) -> torch.Tensor:
    """不论时间在哪一维，返回（行，时间步，隐藏单元）的输出。"""
    if layer.batch_first:
        return layer(X)[0]
    return layer(X.transpose(0, 1))[0].transpose(0, 1)
