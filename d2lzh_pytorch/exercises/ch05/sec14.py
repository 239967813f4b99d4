"""Exercises of section 5.14."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.utils import skip_init

from d2lzh_pytorch.exercises.engine import exercise


def _features_and_weights(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for (n, c, h, w), classes in (((2, 4, 3, 5), 6), ((1, 1, 1, 1), 1), ((3, 2, 2, 2), 2)):
        features = torch.randn(n, c, h, w, generator=rng)
        yield features, torch.randn(classes, c * h * w, generator=rng)
    yield torch.zeros(1, 3, 2, 4), torch.randn(5, 24, generator=rng)  # nothing was found


@exercise(
    "5.14-1",
    inputs=_features_and_weights,
    hint="`nn.Flatten` 按通道、行、列的次序排开，所以 `weight.reshape(-1, c, h, w)` 让每个权重"
    "回到它所乘的那个数的位置；再与特征图逐元素相乘，只对通道求和。",
)
def contribution_map(features: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """末尾是展平加线性层时，各个位置对各类得分的贡献。"""
    return torch.einsum("ncij,qcij->nqij", features, weight.reshape(-1, *features.shape[1:]))


def _matrices(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([[50, 3, 1], [4, 60, 0], [9, 2, 70]]), 2
    yield torch.tensor([[5, 2, 1], [0, 5, 0], [1, 2, 5]]), 3  # three pairs, all alike
    yield torch.tensor([[7, 0, 0], [0, 8, 1], [0, 0, 9]]), 3  # one pair only
    yield torch.eye(4, dtype=torch.int64), 2  # nothing is confused
    yield torch.randint(0, 100, (10, 10), generator=rng), 5


@exercise(
    "5.14-2",
    inputs=_matrices,
    hint="`matrix + matrix.T` 把两个方向相加；只看 i < j 的格子，去掉 0。"
    "用 `(-count, i, j)` 作键来排序，次数相同时自然按类别的次序。",
)
def most_confused(matrix: torch.Tensor, k: int) -> list[tuple[int, int, int]]:
    """混淆次数最多的至多 k 对类别，每对是 (i, j, 两个方向的次数之和)，i < j。"""
    both = (matrix + matrix.T).triu(diagonal=1)
    pairs = [(i, j, int(both[i, j])) for i, j in both.nonzero().tolist()]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:k]


def _nets_and_images(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for channels, height, width, label, size in (
        (1, 8, 8, 0, 2),
        (1, 4, 8, 2, 4),  # two squares, height and width differ
        (3, 6, 3, 1, 1),  # every pixel is a square
        (1, 6, 6, 3, 6),  # one square covers everything
    ):
        conv, linear = skip_init(nn.Conv2d, channels, 4, 3, padding=1), skip_init(nn.Linear, 4, 5)
        for param in (*conv.parameters(), *linear.parameters()):
            nn.init.normal_(param, generator=rng)
        net = nn.Sequential(conv, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear)
        yield net, torch.rand(1, channels, height, width, generator=rng), label, size


@exercise(
    "5.14-3",
    inputs=_nets_and_images,
    hint="先算一次没有遮挡的得分。每个方块都从 `X.clone()` 开始，把它的行和列切出来置零；"
    "第 i 行第 j 个方块占 `i * size` 到 `(i + 1) * size` 行。",
)
def occlusion_map(net: nn.Module, X: torch.Tensor, label: int, size: int) -> torch.Tensor:
    """每个 size × size 的方块换成 0 之后，第 label 类的得分降低多少。"""
    rows, columns = X.shape[2] // size, X.shape[3] // size
    result = torch.zeros(rows, columns)
    with torch.no_grad():
        score = net(X)[0, label]
        for i in range(rows):
            for j in range(columns):
                hidden = X.clone()
                hidden[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
                result[i, j] = score - net(hidden)[0, label]
    return result
