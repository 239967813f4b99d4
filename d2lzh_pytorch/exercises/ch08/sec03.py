"""Exercises of section 8.3: doing things at the same time."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise


def _tasks_and_workers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [1.0, 1.0, 2.0], 2
    yield [2.0, 1.0, 1.0], 2
    yield [3.0, 1.0, 1.0, 1.0, 4.0], 2
    yield [5.0, 1.0, 1.0], 2
    yield [1.0, 2.0], 5
    yield [], 3
    yield [1.0, 2.0, 4.0], 1
    yield torch.rand(20, generator=rng).tolist(), 4


@exercise(
    "8.3-1",
    inputs=_tasks_and_workers,
    hint="给每个线程记一个“什么时候空下来”的时刻。每个任务给其中最早的一个，把它的时刻加上任务的时间。",
)
def makespan(seconds: list[float], num_workers: int) -> float:
    """任务依次交给最先空下来的线程，全部做完的时刻。"""
    free = [0.0] * num_workers
    for each in seconds:
        earliest = free.index(min(free))
        free[earliest] += each
    return max(free)


def _batches_and_buffers(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [1.0, 1.0, 1.0], [3.0, 3.0, 3.0], 1
    yield [1.0, 1.0, 1.0], [3.0, 3.0, 3.0], 2
    yield [2.0, 2.0, 2.0, 2.0], [1.0, 1.0, 1.0, 1.0], 2
    yield [1.0, 1.0, 1.0, 6.0], [4.0, 1.0, 1.0, 1.0], 2
    yield [1.0, 1.0, 1.0, 6.0], [4.0, 1.0, 1.0, 1.0], 3
    copy, compute = torch.rand(2, 15, generator=rng).tolist()
    for num_buffers in (1, 2, 15):
        yield copy, compute, num_buffers


@exercise(
    "8.3-2",
    inputs=_batches_and_buffers,
    hint="记下每一批算完的时刻。第 i 批在上一批搬完、第 i - num_buffers 批算完之后开始搬，"
    "在它自己搬完、上一批算完之后开始算。",
)
def pipeline_seconds(copy: list[float], compute: list[float], num_buffers: int) -> float:
    """缓冲区有限的两条流，最后一批算完的时刻。"""
    copied, computed = 0.0, [0.0]
    for index, (copying, computing) in enumerate(zip(copy, compute, strict=True)):
        buffer_free = computed[index - num_buffers + 1] if index >= num_buffers else 0.0
        copied = max(copied, buffer_free) + copying
        computed.append(max(copied, computed[-1]) + computing)
    return computed[-1]
