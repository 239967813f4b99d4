"""Exercises of section 8.1: graphs of a program."""

from collections.abc import Iterator
from typing import Any

import torch

from d2lzh_pytorch.exercises.engine import exercise

Step = tuple[str, str, list[str]]


def _graphs_with_repetitions(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield [("a", "add", ["x", "y"]), ("b", "add", ["x", "y"]), ("c", "mul", ["a", "b"])], "c"
    # Only after b has become a are c and d the same.
    yield (
        [
            ("a", "relu", ["x"]),
            ("b", "relu", ["x"]),
            ("c", "mul", ["a", "y"]),
            ("d", "mul", ["b", "y"]),
            ("e", "add", ["c", "d"]),
        ],
        "e",
    )
    yield [("a", "add", ["x", "y"]), ("b", "mul", ["x", "y"]), ("c", "sub", ["y", "x"])], "c"
    yield [("a", "sub", ["x", "y"]), ("b", "sub", ["y", "x"]), ("c", "add", ["a", "b"])], "c"
    yield [("a", "exp", ["x"]), ("b", "exp", ["x"])], "b"
    yield [], "x"


@exercise(
    "8.1-1",
    inputs=_graphs_with_repetitions,
    hint="先用字典把操作数换成新的名字，再看这个运算和这些操作数以前有没有出现过。"
    "出现过，就只记下旧名字到新名字的对应。",
)
def merge_equal(steps: list[Step], output: str) -> tuple[list[Step], str]:
    """相同的运算、相同的操作数只算一次；返回留下的步骤和输出的名字。"""
    renamed: dict[str, str] = {}
    seen: dict[tuple[str, ...], str] = {}
    kept = []
    for name, operation, operands in steps:
        operands = [renamed.get(each, each) for each in operands]
        key = (operation, *operands)
        if key in seen:
            renamed[name] = seen[key]
        else:
            seen[key] = name
            kept.append((name, operation, operands))
    return kept, renamed.get(output, output)


def _vectors_and_limits(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    yield torch.tensor([3.0, 4.0]), 1.0
    yield torch.tensor([0.3, 0.4]), 1.0
    yield torch.zeros(3), 1.0
    yield torch.randn(4, 5, generator=rng), 2.0
    yield torch.randn(4, 5, generator=rng), 100.0
    yield torch.tensor([-6.0, 8.0]), 10.0


@exercise(
    "8.1-2",
    inputs=_vectors_and_limits,
    hint="长度超过界限时乘以 limit / norm，否则乘以 1：就是取两者中较小的一个。"
    "长度是 0 时 limit / norm 是无穷大，较小的仍是 1。",
)
def shorten(x: torch.Tensor, limit: float) -> torch.Tensor:
    """把 x 的长度缩到 limit 以内，方向不变，不看数据也不分支。"""
    return x * (limit / x.norm()).clamp(max=1)


def _graphs_and_outputs(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
    chain = [("a", "exp", ["x"]), ("b", "neg", ["a"]), ("c", "relu", ["b"])]
    yield chain, "c"
    yield [("e", "add", ["a", "b"]), ("f", "add", ["c", "d"]), ("g", "add", ["e", "f"])], "g"
    # a lives until the end; c is its own last use.
    yield [("a", "exp", ["x"]), *chain[1:], ("d", "mul", ["c", "c"]), ("e", "add", ["d", "a"])], "e"
    yield [("a", "exp", ["x"]), ("b", "neg", ["x"]), ("c", "add", ["x", "x"])], "a"
    yield [(f"t{i}", "neg", [f"t{i - 1}" if i else "x"]) for i in range(9)], "t8"
    wide = [(f"t{i}", "exp", ["x"]) for i in range(6)]
    yield [*wide, ("sum", "add", [f"t{i}" for i in range(6)])], "sum"


@exercise(
    "8.1-3",
    inputs=_graphs_and_outputs,
    hint="先求出每个名字最后一次被用到是第几步（输出算作用到最后）。"
    "每一步：结果先占一个位置，此刻数一数，再放掉在这一步之后不再用的。",
)
def peak_live(steps: list[Step], output: str) -> int:
    """同时占着内存的中间结果最多有几个；用完就放掉，输入不计。"""
    last_use = {name: index for index, (name, _, _) in enumerate(steps)}
    for index, (_, _, operands) in enumerate(steps):
        last_use.update((each, index) for each in operands if each in last_use)
    last_use[output] = len(steps)
    live: set[str] = set()
    peak = 0
    for index, (name, _, _) in enumerate(steps):
        live.add(name)
        peak = max(peak, len(live))
        live = {each for each in live if last_use[each] > index}
    return peak
