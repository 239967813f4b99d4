"""Exercises of section 5.10."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _convolution_and_statistics(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for c_o, c_i, k in ((5, 1, 5), (4, 3, 3), (2, 5, 1), (1, 1, 1)):
        weight = torch.randn(c_o, c_i, k, k, generator=rng)
        bias, beta, mean = torch.randn(3, c_o, generator=rng)
        gamma, var = torch.rand(2, c_o, generator=rng) * 2 + 0.1
        yield weight, bias, gamma, beta, mean, var, 1e-5
    one = torch.ones(2)
    yield torch.ones(2, 1, 3, 3), one, one, -one, one, 0 * one, 0.25  # eps counts


@exercise(
    "5.10-1",
    inputs=_convolution_and_statistics,
    hint="评估模式下 y = γ(x − μ)/√(σ² + ε) + β，其中 x = wz + b 是卷积的输出。展开，"
    "看 z 乘的是什么，剩下的常数是什么。每个输出通道一个系数，乘到形状为 (c_o, c_i, k, k) 的"
    "权重上，要先变成 (c_o, 1, 1, 1)。",
    atol=1e-4,
)
def fold(
    weight: torch.Tensor,
    bias: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    eps: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """卷积层并入后面的批量归一化（评估模式）之后的权重和偏差。"""
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), (bias - mean) * scale + beta


def _feature_maps(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, c, groups, h, w in ((2, 6, 3, 4, 5), (1, 4, 1, 3, 3), (3, 4, 4, 2, 2), (2, 8, 2, 1, 1)):
        X = torch.randn(n, c, h, w, generator=rng) * 3 + 2
        gamma, beta = torch.randn(2, c, generator=rng)
        yield X, groups, gamma, beta, 1e-5
    yield torch.full((2, 4, 3, 3), 5.0), 2, torch.ones(4), torch.ones(4), 1e-5  # no variance


@exercise(
    "5.10-2",
    inputs=_feature_maps,
    hint="先 `X.reshape(n, groups, -1)`，每一行就是共用一个平均数的那些数；"
    "在最后一维上求平均数和方差（`correction=0`），标准化之后再变回原来的形状，"
    "最后逐个通道乘 γ、加 β。",
    atol=1e-4,
)
def group_norm(
    X: torch.Tensor, groups: int, gamma: torch.Tensor, beta: torch.Tensor, eps: float
) -> torch.Tensor:
    """组归一化：每个样本的每一组通道各自标准化。"""
    rows = X.reshape(len(X), groups, -1)
    mean = rows.mean(dim=2, keepdim=True)
    var = rows.var(dim=2, correction=0, keepdim=True)
    normal = ((rows - mean) / (var + eps).sqrt()).reshape(X.shape)
    return normal * gamma.view(1, -1, 1, 1) + beta.view(1, -1, 1, 1)


def _gradients(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for n, d in ((4, 3), (2, 1), (16, 5)):
        X, dY = torch.randn(2, n, d, generator=rng) * 2 + 1
        yield X, torch.rand(d, generator=rng) + 0.5, dY, 1e-5
    yield torch.randn(6, 2, generator=rng), torch.ones(2), torch.ones(6, 2), 1e-5  # the same push


@exercise(
    "5.10-3",
    inputs=_gradients,
    hint="记 dŶ = γ dY。标准化让每一列的平均数为 0、平方的平均为 1，所以传回去的梯度要从 dŶ 里"
    "减去它的平均数，再减去 x̂ 乘以 (dŶ x̂) 的平均数，最后除以 √(σ² + ε)。",
    atol=1e-4,
)
def batch_norm_gradient(
    X: torch.Tensor, gamma: torch.Tensor, dY: torch.Tensor, eps: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """训练模式下，损失对 X、γ、β 的梯度；dY 是损失对输出的梯度。"""
    std = (X.var(dim=0, correction=0) + eps).sqrt()
    normal = (X - X.mean(dim=0)) / std
    d_normal = gamma * dY
    dX = (d_normal - d_normal.mean(dim=0) - normal * (d_normal * normal).mean(dim=0)) / std
    return dX, (dY * normal).sum(dim=0), dY.sum(dim=0)
