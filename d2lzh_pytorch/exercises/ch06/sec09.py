"""Exercises of section 6.9."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _stacks(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield from (
        (1, 1556, [128, 128]),
        (3, 1556, [128, 128, 128]),
        (4, 10, [32, 16]),
        (1, 5, [7]),
        (3, 4, [4, 8, 2]),
    )


@exercise(
    "6.9-1",
    inputs=_stacks,
    hint="每一层是 gates 组，每组一个输入的权重、一个隐藏状态的权重、两个偏差；"
    "一层的输入个数是下面一层的单元个数。",
)
def stack_parameters(gates: int, input_size: int, hidden_sizes: Sequence[int]) -> int:
    """由下到上各层宽度可以不同的循环层的参数个数。"""
    total = 0
    for hidden in hidden_sizes:
        total += gates * hidden * (input_size + hidden + 2)
        input_size = hidden
    return total


def _nets(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for steps, batch, d, sizes in ((5, 3, 4, [6, 6]), (1, 2, 3, [4, 4]), (6, 1, 2, [3, 5, 2])):
        weights, below = [], d
        for h in sizes:
            weights.append(
                (
                    torch.randn(below, h, generator=rng),
                    torch.randn(h, h, generator=rng),
                    torch.randn(h, generator=rng),
                )
            )
            below = h
        masks = [
            2.0 * (torch.rand(steps, batch, h, generator=rng) > 0.5).float() for h in sizes[:-1]
        ]
        yield torch.randn(steps, batch, d, generator=rng), weights, masks


@exercise(
    "6.9-2",
    inputs=_nets,
    hint="一层一层地走：每层从全零的状态走完全部时间步；交给上一层的是乘了掩码的，"
    "自己下一步用的和最后返回的是没有乘的；最上面一层没有掩码。",
    rtol=1e-4,
    atol=1e-4,
)
def masked_stack(
    X: torch.Tensor,
    weights: Sequence[tuple[torch.Tensor, torch.Tensor, torch.Tensor]],
    masks: Sequence[torch.Tensor],
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """层间有丢弃掩码的多层 tanh 网络：最上层的全部状态，各层最后的状态。"""
    last = []
    for layer, (W_xh, W_hh, b_h) in enumerate(weights):
        H, states = X.new_zeros(X.shape[1], len(W_hh)), []
        for x in X:
            H = torch.tanh(x @ W_xh + H @ W_hh + b_h)
            states.append(H)
        last.append(H)
        output = torch.stack(states)
        X = output * masks[layer] if layer < len(masks) else output
    return output, last
