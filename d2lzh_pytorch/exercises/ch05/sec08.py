"""Exercises of section 5.8."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.engine import exercise


def _images_and_weights(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    shapes = (
        ((2, 3, 4, 5), 6, 7),  # a batch, height and width differ
        ((1, 1, 1, 1), 1, 1),  # one pixel, one channel
        ((3, 4, 4, 4), 4, 4),  # everything is 4: only the values tell the axes apart
        ((2, 5, 1, 8), 3, 2),
    )
    for shape, hidden, out in shapes:
        sizes = (shape, (hidden, shape[1]), (hidden,), (out, hidden), (out,))
        yield tuple(torch.randn(size, generator=rng) for size in sizes)


@exercise(
    "5.8-1",
    inputs=_images_and_weights,
    hint="`X.movedim(1, 3)` 把通道放到最后，每个像素就是一个向量；线性层是 `@ W.T + b`。"
    "算完再用 `movedim(3, 1)` 放回去。",
)
def pixel_mlp(
    X: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor
) -> torch.Tensor:
    """在每个像素上作用同一个两层感知机，两层之后都有 ReLU。"""
    H = F.relu(X.movedim(1, 3) @ W1.T + b1)
    return F.relu(H @ W2.T + b2).movedim(3, 1)


def _heads(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 256, 5, 4096, 10  # AlexNet at 224 pixels
    yield 512, 7, 4096, 1000  # VGG with the classes of ImageNet
    yield 384, 5, 4096, 10  # NiN at 224 pixels
    yield 384, 1, 64, 10
    yield 1, 1, 1, 2


@exercise(
    "5.8-2",
    inputs=_heads,
    hint="全连接层的参数是 c_o * (c_i + 1)，展平之后有 channels * side ** 2 个输入。"
    "NiN 块里第一个卷积层的参数是 c_o * (9 * c_i + 1)，后两个是 1×1 卷积，"
    "输入输出都是 classes 个通道。",
)
def head_parameters(channels: int, side: int, hidden: int, classes: int) -> tuple[int, int]:
    """两种输出部分的参数个数：(三个全连接层, NiN 块加全局平均池化)。"""
    features = channels * side**2
    dense = hidden * (features + 1) + hidden * (hidden + 1) + classes * (hidden + 1)
    block = classes * (9 * channels + 1) + 2 * classes * (classes + 1)
    return dense, block


def _windows(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    pool = (3, 0, 2)
    yield ([(11, 0, 4), pool, (5, 2, 1), pool, (3, 1, 1), pool, (3, 1, 1)],)  # NiN
    yield ([(5, 0, 1), (2, 0, 2), (5, 0, 1), (2, 0, 2)],)  # LeNet
    yield ([(3, 1, 1), (2, 0, 2)] * 5,)  # a VGG
    yield ([(7, 3, 2), (3, 1, 2), (3, 1, 2)],)  # one pixel is enough
    yield ([(2, 0, 2), (5, 3, 1)],)  # more padding than the last window needs
    yield ([],)


@exercise(
    "5.8-3",
    inputs=_windows,
    hint="从最后一层往前推。要输出边长至少为 m，即 (n + 2p - k) // s + 1 >= m，"
    "n 最小是 (m - 1) * s + k - 2 * p；n 本身也不能小于 1。",
)
def smallest_input(layers: list[tuple[int, int, int]]) -> int:
    """图片的边长最小是多少，才能使每一层的输出都不是空的；每层是 (窗口边长, 每侧填充, 步幅)。"""
    n = 1
    for k, p, s in reversed(layers):
        n = max(1, (n - 1) * s + k - 2 * p)
    return n
