"""Exercises of section 6.10."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _padded(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for num_steps, lengths in ((4, [4, 2, 1]), (5, [5, 5]), (6, [3, 1, 2, 6]), (1, [1])):
        X = torch.randn(num_steps, len(lengths), 2, generator=rng)
        for row, length in enumerate(lengths):
            X[length:, row] = 0  # the padding
        yield X, torch.tensor(lengths)
    yield torch.randn(5, 2, 3, generator=rng), torch.tensor([3, 4])  # padding that is not 0


@exercise(
    "6.10-1",
    inputs=_padded,
    hint="第 b 行的前 `lengths[b]` 步倒过来，其余的不动；先 `clone`，再逐行写入。",
)
def reverse_padded(X: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """每一行在自己的长度之内倒过来，后面的填充留在原处；X 的形状是 (n, B, d)。"""
    reverse = X.clone()
    for row, length in enumerate(lengths.tolist()):
        reverse[:length, row] = X[:length, row].flip(0)
    return reverse


def _states(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    forward = torch.randn(6, 2, 3, generator=rng)
    backward = torch.randn(6, 2, 4, generator=rng)
    yield forward, backward, 2, 3  # one character
    yield forward, backward, 1, 4
    yield forward, backward, 0, 2  # nothing to the left
    yield forward, backward, 5, 6  # nothing to the right
    yield forward, backward, 0, 6
    yield forward[:1], backward[:1], 0, 1


@exercise(
    "6.10-2",
    inputs=_states,
    hint="左边用第 start − 1 步的正向状态，右边用第 stop 步的反向；缺口在头尾时，缺的一边取 0。",
)
def around_gap(
    forward: torch.Tensor, backward: torch.Tensor, start: int, stop: int
) -> torch.Tensor:
    """没有读过第 start 至 stop − 1 步的正向和反向状态，接起来，(B, 正向的个数 + 反向的个数)。"""
    left = forward[start - 1] if start > 0 else torch.zeros_like(forward[0])
    right = backward[stop] if stop < len(backward) else torch.zeros_like(backward[0])
    return torch.cat([left, right], dim=1)


def _layers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    for num_layers, shape in ((1, (5, 2, 6)), (2, (4, 3, 4)), (3, (2, 1, 2)), (2, (1, 2, 8))):
        yield ([torch.randn(shape, generator=rng) for _ in range(num_layers)],)


@exercise(
    "6.10-3",
    inputs=_layers,
    hint="每一层先放正向的最后一步，再放反向的第 0 步；层从下往上。",
)
def h_n_from_outputs(outputs: list[torch.Tensor]) -> torch.Tensor:
    """由双向网络每一层的输出 (n, B, 2h) 拼出 h_n，(2 * 层数, B, h)。"""
    states = []
    for Y in outputs:
        h = Y.shape[2] // 2
        states += [Y[-1, :, :h], Y[0, :, h:]]
    return torch.stack(states)
