"""Exercises of section 5.5."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import skip_init

from d2lzh_pytorch.exercises.engine import exercise


def _stacks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    lenet = [(5, 0, 1), (2, 0, 2), (5, 0, 1), (2, 0, 2)]
    yield 28, lenet
    yield 32, lenet
    yield 28, [(5, 2, 1), (2, 0, 2), (5, 2, 1), (2, 0, 2)]
    yield 224, [(11, 2, 4), (3, 0, 2), (5, 2, 1), (3, 0, 2), (3, 1, 1), (3, 0, 2)]
    yield 8, [(3, 0, 2)]  # the window does not reach the last column
    yield 7, []


@exercise(
    "5.5-1",
    inputs=_stacks,
    hint="每过一层用一次 (h + 2p - k) // s + 1，把结果当作下一层的 h。",
)
def output_size(h: int, layers: list[tuple[int, int, int]]) -> int:
    """依次经过各层之后的边长；每层是 (窗口边长, 每侧填充, 步幅)。"""
    for k, p, s in layers:
        h = (h + 2 * p - k) // s + 1
    return h


def _image_sizes(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield 1, 28
    yield 1, 32
    yield 3, 32
    yield 1, 16  # one pixel is left of each feature map
    yield 3, 97  # odd sizes on the way


@exercise(
    "5.5-2",
    inputs=_image_sizes,
    hint="卷积层的参数是 c_o * (c_i * 25 + 1)，与图片大小无关；"
    "图片大小只决定第一个全连接层有几个输入：边长先减 4 再整除 2，做两遍。",
)
def lenet_parameters(channels: int, size: int) -> int:
    """给定输入通道数和边长时，LeNet 的参数个数。"""
    side = ((size - 4) // 2 - 4) // 2
    conv = 6 * (channels * 25 + 1) + 16 * (6 * 25 + 1)
    fc = 120 * (16 * side * side + 1) + 84 * (120 + 1) + 10 * (84 + 1)
    return conv + fc


def _images_and_layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, channels, size, classes in ((4, 1, 28, 10), (1, 1, 28, 10), (3, 3, 16, 5), (2, 1, 9, 3)):
        layers = (
            skip_init(nn.Conv2d, channels, 16, 5, padding=2),
            skip_init(nn.Conv2d, 16, 32, 5, padding=2),
            skip_init(nn.Linear, 32 * (size // 4) ** 2, classes),
        )
        for layer in layers:
            for param in layer.parameters():
                nn.init.normal_(param, std=0.1, generator=rng)
        yield torch.randn(n, channels, size, size, generator=rng), *layers


@exercise(
    "5.5-3",
    inputs=_images_and_layers,
    hint="`F.max_pool2d(F.relu(conv1(X)), 2)` 是第一段；进线性层之前用 `flatten(start_dim=1)` "
    "保住批量那一维。",
    atol=1e-4,
)
def small_cnn(
    X: torch.Tensor, conv1: nn.Conv2d, conv2: nn.Conv2d, linear: nn.Linear
) -> torch.Tensor:
    """两遍“卷积、ReLU、最大池化”，展平，再接线性层。"""
    H = F.max_pool2d(F.relu(conv1(X)), 2)
    H = F.max_pool2d(F.relu(conv2(H)), 2)
    return linear(H.flatten(start_dim=1))
