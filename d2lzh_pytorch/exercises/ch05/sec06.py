"""Exercises of section 5.6."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.utils import skip_init

from d2lzh_pytorch.exercises.engine import exercise


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    conv = [skip_init(nn.Conv2d, 1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    doubles = [skip_init(nn.Linear, 4, 3, dtype=torch.float64), nn.Flatten()]
    cases: tuple[tuple[list[nn.Module], torch.Tensor], ...] = (
        ([*conv, skip_init(nn.Linear, 36, 10)], torch.rand(2, 1, 8, 8, generator=rng)),
        ([nn.ReLU()], torch.rand(3, 5, generator=rng)),  # no parameters
        ([skip_init(nn.Linear, 5, 7, bias=False)], torch.rand(1, 5, generator=rng)),
        (doubles, torch.rand(6, 4, dtype=torch.float64, generator=rng)),
        ([], torch.rand(2, 2, generator=rng)),
    )
    for layers, X in cases:
        for layer in layers:
            for param in layer.parameters():
                nn.init.normal_(param, std=0.1, generator=rng)
        yield layers, X


@exercise(
    "5.6-1",
    inputs=_nets,
    hint="参数、梯度、两份记录，每个参数一共是 4 份 param.nbytes；"
    "再沿着各层走一遍 X = layer(X)，每走一层加上 X.nbytes。",
)
def training_bytes(layers: Sequence[nn.Module], X: torch.Tensor) -> int:
    """用 Adam 训练时留着的字节数：4 份参数，加上每一层的输出。"""
    total = 0
    for layer in layers:
        X = layer(X)
        total += X.nbytes + 4 * sum(param.nbytes for param in layer.parameters())
    return total


def _features(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.randn(2, 8, 3, 4, generator=rng), 5, 0.1, 0.75, 2.0
    yield torch.randn(1, 6, 2, 2, generator=rng).abs() * 100, 5, 1e-4, 0.75, 2.0
    yield torch.randn(3, 5, 2, 1, generator=rng), 3, 1.0, 0.5, 1.0
    yield torch.randn(2, 3, 4, 4, generator=rng), 1, 0.5, 1.0, 1.0  # each channel for itself
    yield torch.randn(1, 2, 3, 3, generator=rng), 7, 0.3, 0.75, 1.0  # wider than there are channels


@exercise(
    "5.6-2",
    inputs=_features,
    hint="先算 X.square()，再对每个通道 i，把第 max(0, i - size // 2) 至第 i + size // 2 个通道"
    "的平方加起来；切片超出末尾时会自动截断，开头则要自己防止负数。",
)
def local_response_norm(
    X: torch.Tensor, size: int, alpha: float, beta: float, k: float
) -> torch.Tensor:
    """除以相邻 size 个通道平方和的幂：X / (k + alpha * 和) ** beta。"""
    squares, half = X.square(), size // 2
    sums = [
        squares[:, max(0, i - half) : i + half + 1].sum(dim=1, keepdim=True)
        for i in range(X.shape[1])
    ]
    return X / (k + alpha * torch.cat(sums, dim=1)) ** beta


def _photographs(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, c, h, w, size in ((4, 1, 8, 8, 5), (3, 3, 7, 9, 4), (2, 1, 4, 4, 4), (1, 2, 5, 6, 1)):
        tops = torch.randint(h - size + 1, (n,), generator=rng)
        lefts = torch.randint(w - size + 1, (n,), generator=rng)
        flips = torch.arange(n) % 2 == 0
        yield torch.rand(n, c, h, w, generator=rng), size, tops, lefts, flips


@exercise(
    "5.6-3",
    inputs=_photographs,
    hint="逐张做：`image[:, top : top + size, left : left + size]` 是裁剪，`.flip(-1)` 左右翻转；"
    "最后用 `torch.stack` 摞起来。",
)
def crop_and_flip(
    images: torch.Tensor,
    size: int,
    tops: torch.Tensor,
    lefts: torch.Tensor,
    flips: torch.Tensor,
) -> torch.Tensor:
    """每张图片各裁一块，该翻转的左右翻转。"""
    pieces = []
    for image, top, left, flip in zip(images, tops, lefts, flips, strict=True):
        piece = image[:, top : top + size, left : left + size]
        pieces.append(piece.flip(-1) if flip else piece)
    return torch.stack(pieces)
