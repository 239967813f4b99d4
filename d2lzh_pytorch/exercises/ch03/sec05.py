"""Exercises of section 3.5."""

import struct
from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _headers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape in ((60000, 28, 28), (10000,), (3, 300, 70000, 2)):
        yield (struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape),)
    yield (struct.pack(">HBBI", 0, 8, 1, 5) + bytes([1, 2, 3, 4, 5]),)  # 后面还有数据


@exercise(
    "3.5-1",
    inputs=_headers,
    hint='`header[3]` 是整数 k；`int.from_bytes(header[4:8], "big")` 是第一维的大小。',
)
def idx_shape(header: bytes) -> tuple[int, ...]:
    """由 IDX 文件的头部读出数据的形状。"""
    dims = header[3]
    return tuple(int.from_bytes(header[4 + 4 * i : 8 + 4 * i], "big") for i in range(dims))


def _images(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for shape in ((2, 3, 3), (16, 28, 28), (1, 1, 2)):
        yield (torch.randint(256, shape, generator=rng, dtype=torch.uint8),)
    yield (torch.full((2, 2, 2), 7, dtype=torch.uint8),)


@exercise(
    "3.5-2",
    inputs=_images,
    hint="先转成 float32 再算；标准差为 0 时，减去平均值之后已经全是 0，不要再除。",
)
def standardize(images: torch.Tensor) -> torch.Tensor:
    """缩放到 0–1，再减去全部像素的平均值、除以总体标准差。"""
    pixels = images.float() / 255
    centred = pixels - pixels.mean()
    std = centred.std(correction=0)
    return centred / std if std > 1e-6 else torch.zeros_like(centred)
