"""Exercises of section 6.11."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _outputs(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield (torch.randn(2, 5, 6, generator=rng),)
    yield (torch.randn(4, 28, 8, generator=rng),)
    yield (torch.randn(1, 3, 2, generator=rng),)
    yield (torch.randn(3, 1, 4, generator=rng),)  # a single step: both directions end there


@exercise(
    "6.11-1",
    inputs=_outputs,
    hint="前一半是正向的，读到最后一步才读完；后一半是反向的，读到第 0 步才读完。",
)
def final_states(Y: torch.Tensor) -> torch.Tensor:
    """由双向层的输出 (B, n, 2h) 取出两个方向各自读完全部之后的状态，(B, 2h)。"""
    h = Y.shape[2] // 2
    return torch.cat([Y[:, -1, :h], Y[:, 0, h:]], dim=1)


def _images(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.rand(2, 1, 28, 28, generator=rng), 4
    yield torch.rand(1, 1, 28, 28, generator=rng), 7
    yield torch.rand(3, 1, 6, 4, generator=rng), 2
    yield torch.rand(2, 1, 4, 4, generator=rng), 1
    yield torch.rand(2, 1, 3, 3, generator=rng), 3


@exercise(
    "6.11-2",
    inputs=_images,
    hint="先用 `view` 把高拆成（块的行，块内的行）、宽拆成（块的列，块内的列），再交换中间两维。",
)
def as_patches(X: torch.Tensor, p: int) -> torch.Tensor:
    """把 (B, 1, 高, 宽) 的图片切成 p x p 的小块，一块一步，(B, 块数, p * p)。"""
    B, _, height, width = X.shape
    blocks = X.view(B, height // p, p, width // p, p).transpose(2, 3)
    return blocks.reshape(B, -1, p * p)


def _sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 28, 128, 2, True, 10
    yield 28, 128, 2, False, 10
    yield 28, 64, 1, True, 10
    yield 16, 32, 3, True, 5
    yield 1, 1, 1, False, 2


@exercise(
    "6.11-3",
    inputs=_sizes,
    hint="一个方向的一层有 4h(d+h+2) 个；第一层的 d 是输入的个数，以后各层的是上一层的输出个数。",
)
def lstm_classifier_parameters(
    input_size: int, hidden_size: int, num_layers: int, bidirectional: bool, num_classes: int
) -> int:
    """nn.LSTM 加一个线性层的参数个数。"""
    directions = 2 if bidirectional else 1
    total, size = 0, input_size
    for _ in range(num_layers):
        total += directions * 4 * hidden_size * (size + hidden_size + 2)
        size = directions * hidden_size
    return total + num_classes * (size + 1)
