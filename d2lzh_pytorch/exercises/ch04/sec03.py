"""Exercises of section 4.3."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.exercises.engine import exercise


def _batches_and_widths(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.rand(2, 1, 28, 28, generator=rng), [256, 10]
    yield torch.rand(3, 3, 4, 5, generator=rng), [7, 6, 2]
    yield torch.rand(1, 9, generator=rng), [4]
    yield torch.rand(5, 2, 6, generator=rng), [3, 3]


@exercise(
    "4.3-1",
    inputs=_batches_and_widths,
    hint="先做一个列表 `[nn.Flatten()]`，逐层追加，再用 `nn.Sequential(*layers)`；"
    "试运行之后，二维的参数就是权重。",
)
def inferred_shapes(X: torch.Tensor, widths: list[int]) -> list[tuple[int, ...]]:
    """试运行之后各层权重的形状。"""
    layers: list[nn.Module] = [nn.Flatten()]
    for width in widths:
        layers += [nn.LazyLinear(width), nn.ReLU()]
    net = nn.Sequential(*layers[:-1])  # 最后一层之后没有 ReLU
    with torch.no_grad():
        net(X)
    return [tuple(param.shape) for param in net.parameters() if param.ndim == 2]


def _bodies(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    pooled = nn.Sequential(nn.AvgPool2d(2), nn.Dropout(0.5))
    tracked = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
    evaluated = nn.Sequential(nn.Conv2d(1, 2, 5, stride=2), nn.BatchNorm2d(2)).eval()
    for net in (tracked, evaluated):
        for param in net.parameters():
            nn.init.constant_(param, 0.1)
    yield pooled, (1, 28, 28)
    yield tracked, (3, 12, 10)
    yield evaluated, (1, 28, 28)
    yield nn.Identity(), (3, 5, 7)


@exercise(
    "4.3-2",
    inputs=_bodies,
    hint="先记下 `body.training`，`body.eval()` 之后在 `no_grad` 下算，"
    "最后用 `body.train(记下的值)` 恢复；`numel()` 是元素个数。",
)
def num_features(body: nn.Module, image_shape: tuple[int, ...]) -> int:
    """一张图片经过 body 之后的元素个数。"""
    was_training = body.training
    body.eval()
    with torch.no_grad():
        output: torch.Tensor = body(torch.zeros(1, *image_shape))
    body.train(was_training)
    return output.numel()
