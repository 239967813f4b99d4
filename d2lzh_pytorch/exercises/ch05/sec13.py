"""Exercises of section 5.13."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _depths(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [3, 4, 6, 3], 1000
    yield [2, 2, 2, 2], 1000
    yield [1, 1, 1, 1], 2
    yield [3, 4, 6, 3], 10
    yield [1, 5, 2, 4], 37


@exercise(
    "5.13-1",
    inputs=_depths,
    hint="一个 k x k 卷积加归一化是 k * k * c_i * c_o + 2 * c_o 个参数。第一段全是 64 个通道；"
    "其余每段的第一块，第一个卷积和捷径上的 1 x 1 卷积从上一段的通道数出发。",
)
def resnet_parameters(blocks: list[int], num_classes: int) -> int:
    """四段各有若干基本块的 ResNet 的参数个数（torchvision 的写法）。"""

    def conv_bn(in_channels: int, out_channels: int, k: int) -> int:
        return k * k * in_channels * out_channels + 2 * out_channels

    total = conv_bn(3, 64, 7) + 2 * blocks[0] * conv_bn(64, 64, 3)
    for n, c in zip(blocks[1:], (128, 256, 512), strict=True):
        total += conv_bn(c // 2, c, 3) + conv_bn(c // 2, c, 1)
        total += (2 * n - 1) * conv_bn(c, c, 3)
    return total + (512 + 1) * num_classes


def _files(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    data = bytes(torch.randint(256, (1000,), generator=rng).tolist())
    digest = hashlib.sha256(data).hexdigest()
    yield data, f"resnet34-{digest[:8]}.pth"
    yield data[:-1], f"resnet34-{digest[:8]}.pth"  # the last byte is missing
    yield data, f"densenet161-{digest[:12]}.pth"  # another number of digits
    yield data, f"vit_b_16-{digest[1:9]}.pth"  # not the beginning
    yield data, f"swin_v2-t-{digest[:8]}.pth"  # two hyphens
    yield b"", "empty-e3b0c442.pth"
    yield data, f"vgg16-{digest[:7]}{'0' if digest[7] != '0' else '1'}.pth"


@exercise(
    "5.13-2",
    inputs=_files,
    hint='`name.rpartition("-")` 从最后一个连字符分开；去掉扩展名之后，用 `startswith` 比较。',
)
def is_intact(data: bytes, name: str) -> bool:
    """文件内容的 sha256 是否以文件名里的那几位开头。"""
    digits = name.rpartition("-")[2].partition(".")[0]
    return hashlib.sha256(data).hexdigest().startswith(digits)


_MEAN, _STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def _images(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for h, w, size in ((8, 12, 4), (9, 7, 6), (5, 5, 5), (30, 21, 16)):
        image = torch.randint(256, (3, h, w), generator=rng, dtype=torch.uint8)
        yield image, size, _MEAN, _STD
    image = torch.full((3, 6, 6), 255, dtype=torch.uint8)
    yield image, 2, [0.5, 0.5, 0.5], [0.5, 0.25, 1.0]


@exercise(
    "5.13-3",
    inputs=_images,
    hint="先裁剪，再除以 255；`mean` 和 `std` 变成形状 (3, 1, 1) 的张量，才能与图片广播。",
)
def to_input(
    image: torch.Tensor, size: int, mean: Sequence[float], std: Sequence[float]
) -> torch.Tensor:
    """取正中的一块，缩放到 0 至 1，标准化，加上批量那一维。"""
    top, left = ((side - size) // 2 for side in image.shape[1:])
    X = image[:, top : top + size, left : left + size].float() / 255
    shift, scale = torch.tensor(mean).reshape(3, 1, 1), torch.tensor(std).reshape(3, 1, 1)
    return ((X - shift) / scale)[None]
