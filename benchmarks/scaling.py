"""Build the tables of docs/scaling.md: ``make results``.

What two processes were measured to take stands in benchmarks/scaling.json, what a GPU takes in the
logs in benchmarks/results. All beyond comes from the model below, with the nominal figures of some
links. Nothing in the tables is typed by hand.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.communication import FILE as MEASURED
from benchmarks.results import FOLDER, ROOT, read_logs, table
from benchmarks.work import Work, work_of
from d2lzh_pytorch.models.zoo import ZOO

PAGE = ROOT / "docs" / "scaling.md"
BLOCK = re.compile(r"(<!-- table:(\w+):begin -->\n).*?(<!-- table:end -->)", re.DOTALL)
NOT_MEASURED = "尚未测量"
EXAMPLE = "resnet18"  # the net whose curve is shown
FORWARD = 1 / 3  # of the time of a step; messages can hide behind the rest, the backward pass
BEARABLE = 0.1  # what messages may take of a step where gradients are accumulated
MANY = 8  # processes, in the table of accumulation


@dataclass(frozen=True)
class Link:
    """What connects two processes: bytes a second in each direction, and seconds a message."""

    name: str
    bandwidth: float
    latency: float


GIGABIT = 1e9 / 8
LINKS = (
    Link("1 Gbit/s 以太网", GIGABIT, 50e-6),
    Link("10 Gbit/s 以太网", 10 * GIGABIT, 20e-6),
    Link("100 Gbit/s 网络（RDMA）", 100 * GIGABIT, 5e-6),
    Link("PCIe 4.0 ×16", 31.5e9, 5e-6),
    Link("NVLink 4（H100、H200）", 450e9, 3e-6),
)
SLOW, FAST = LINKS[:3], LINKS[1:]  # between machines; between GPUs


@dataclass(frozen=True)
class Machine:
    """What one process computes with: for each net, the seconds of a step with the whole batch.

    `updates` holds the part of it that does not shrink when the batch is divided, as every process
    updates all parameters.
    """

    name: str
    steps: dict[str, float]
    updates: dict[str, float]

    def seconds(self, net: str, processes: int) -> float:
        """Return what a step computes for when `processes` share the batch."""
        update = self.updates.get(net, 0.0)
        return update + (self.steps[net] - update) / processes


def all_reduce(work: Work, processes: int, link: Link) -> float:
    """Return the seconds that averaging all gradients takes in a ring.

    Each process sends 2 (p - 1) messages for a bucket, of the p-th part of it each.
    """
    messages = 2 * (processes - 1)
    each = work.size / processes / link.bandwidth
    return messages * (each + len(work.buckets) * link.latency)


def overlapped(compute: float, messages: float) -> float:
    """Return the seconds of a step whose messages travel during the backward pass."""
    return FORWARD * compute + max((1 - FORWARD) * compute, messages)


def crossing(work: Work, machine: Machine, link: Link) -> int | None:
    """Return from how many processes on a step sends for longer than it computes, batch given.

    None: never, as long as each process has two examples.
    """
    for processes in range(2, work.model.batch_size // 2 + 1):
        computing = machine.seconds(work.model.name, processes)
        if all_reduce(work, processes, link) > computing:
            return processes
    return None


def fitted(messages: Iterable[dict[str, float]]) -> Link:
    """Return the link between two processes that explains their all-reduces best.

    With two processes, one of b bytes takes 2 latencies and b / bandwidth; relative errors count.
    """
    rows = [[2 / m["seconds"], m["bytes"] / m["seconds"]] for m in messages]
    (latency, per_byte), *_ = np.linalg.lstsq(np.array(rows), np.ones(len(rows)), rcond=None)
    return Link("本机回环", 1 / per_byte, latency)


def core(measured: dict[str, Any]) -> Machine:
    """Return one core of the machine that was measured."""
    steps = measured["steps"].items()
    return Machine(
        "一个 CPU 核",
        {net: seconds["whole"] for net, seconds in steps},
        {net: seconds["update"] for net, seconds in steps},
    )


def gpu(folder: Path) -> Machine:
    """Return the GPU of the logs; a step is an epoch, evaluation included, over its steps."""
    name, steps = "GPU", {}
    for group in read_logs(folder):
        net, machine = group.settings["model"], group.machine
        if machine["device"] != "cpu" and group.is_full(None) and not group.settings["amp"]:
            name = machine["device"].removeprefix("NVIDIA ")
            steps[net] = group.seconds() / math.ceil(60_000 / group.settings["batch_size"])
    return Machine(name, {net: steps[net] for net in ZOO if net in steps}, {})


def build(page: str, measured: dict[str, Any] | None, folder: Path) -> str:
    """Return the page with its tables written anew."""
    machines = {"gpu": gpu(folder)}
    if measured is not None:
        machines["core"] = core(measured)
    blocks: dict[str, Callable[[], str]] = {
        "work": _work,
        "links": lambda: _links(measured),
        "gpu": lambda: _crossings(machines["gpu"], FAST),
        "speedup": lambda: _speedup(machines["gpu"]),
    }
    if measured is not None:
        blocks |= {
            "measured": lambda: _measured(measured),
            "core": lambda: _crossings(machines["core"], SLOW),
            "accumulation": lambda: _accumulation(machines["core"], machines["gpu"]),
        }

    def written(match: re.Match[str]) -> str:
        block = blocks.get(match[2], lambda: f"{NOT_MEASURED}\n")
        return f"{match[1]}{block()}{match[3]}"

    return BLOCK.sub(written, page)


def _work() -> str:
    rows = []
    for name in ZOO:
        work = work_of(name)
        rows.append(
            [
                name,
                f"{work.model.resize} 像素，批量 {work.model.batch_size}",
                f"{work.parameters:,}",
                _bytes(work.size),
                f"{len(work.buckets)}",
                f"{work.flops / 1e9:.3g}",
                f"{work.flops / work.size:,.0f}",
            ]
        )
    return table("网络 | 原书的设置 | 参数 | 梯度 | 桶 | 每步 GFLOP | 每字节 FLOP", rows)


def _measured(measured: dict[str, Any]) -> str:
    link, machine = fitted(measured["messages"]), measured["machine"]
    rows = []
    slower = []
    for name, seconds in measured["steps"].items():
        modelled = all_reduce(work_of(name), 2, link)
        speedup = seconds["whole"] / seconds["together"]
        slower += [name] if speedup < 1 else []
        numbers = [seconds[key] for key in ("whole", "half", "reduce")]
        rows.append(
            [
                name,
                *map(_seconds, [*numbers, modelled, seconds["half"] + seconds["reduce"]]),
                _seconds(seconds["together"]),
                f"{speedup:.2f}",
            ]
        )
    title = (
        "网络 | 一个进程，整个批量 | 两个进程，各半，不通信 | 只做 all-reduce | 同，按拟合的模型 "
        "| 第二、三列之和 | 两个进程，一起训练 | 加速比"
    )
    system = (
        f"{machine['system']}，{machine['cores']} 核，每个进程 {machine['threads']} 个线程，"
        f"torch {machine['torch']}"
    )
    reading = f"变慢的有 {'、'.join(slower)}" if slower else "没有一个网络因此变慢"
    return (
        f"{table(title, rows)}\n测量环境：{system}。由 4 字节到 64 MiB 的 all-reduce 拟合，"
        f"本机回环的带宽是 {link.bandwidth / 1e9:.2g} GB/s，时延是 {link.latency * 1e6:.3g} 微秒。"
        f"用了两个进程，{reading}。\n"
    )


def _links(measured: dict[str, Any] | None) -> str:
    own = [] if measured is None else [fitted(measured["messages"])]
    work = work_of(EXAMPLE)
    rows = [
        [
            link.name,
            f"{link.bandwidth / 1e9:.3g} GB/s",
            f"{link.latency * 1e6:.3g} 微秒",
            "测得" if link in own else "标称",
            *(_seconds(all_reduce(work, processes, link)) for processes in (2, 8, 64)),
        ]
        for link in (*own, *LINKS)
    ]
    return table(f"连接 | 带宽 | 时延 | 来源 | {EXAMPLE}：2 个进程 | 8 个 | 64 个", rows)


def _crossings(machine: Machine, links: Sequence[Link]) -> str:
    rows = []
    for name, seconds in machine.steps.items():
        work = work_of(name)
        limit = work.model.batch_size // 2
        found = [crossing(work, machine, link) for link in links]
        rows.append([name, _seconds(seconds), *(str(p or f"＞ {limit}") for p in found)])
    return table(f"网络 | {machine.name}：一步 | {' | '.join(link.name for link in links)}", rows)


def _speedup(machine: Machine) -> str:
    work, links = work_of(EXAMPLE), FAST
    one = machine.steps[EXAMPLE]
    rows = []
    for processes in (2, 4, 8, 16, 32, 64, 128):
        computing = machine.seconds(EXAMPLE, processes)
        messages = [all_reduce(work, processes, link) for link in links]
        strong = (f"{one / overlapped(computing, sent):.1f}" for sent in messages)
        weak = (f"{one / overlapped(one, sent):.0%}" for sent in messages)
        rows.append([str(processes), *strong, *weak])
    names = [link.name for link in links]
    return table(
        f"进程 | {' | '.join(f'加速比：{n}' for n in names)} "
        f"| {' | '.join(f'效率：{n}' for n in names)}",
        rows,
    )


def _accumulation(slow: Machine, fast: Machine) -> str:
    columns = [(slow, LINKS[0]), (slow, LINKS[1]), (fast, LINKS[1]), (fast, LINKS[2])]
    rows = []
    for name in ZOO:
        cells = []
        for machine, link in columns:
            if name not in machine.steps:
                cells.append("")
                continue
            sent = all_reduce(work_of(name), MANY, link)
            cells.append(str(math.ceil(sent / (BEARABLE * machine.steps[name]))))
        rows.append([name, *cells])
    return table(f"网络 | {' | '.join(f'{m.name}，{link.name}' for m, link in columns)}", rows)


def _bytes(count: float) -> str:
    return f"{count / 1e6:.3g} MB" if count >= 1e6 else f"{count / 1e3:.3g} KB"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} 秒" if seconds >= 1 else f"{seconds * 1e3:.3g} 毫秒"


def read(path: Path) -> dict[str, Any] | None:
    """Return what was measured, None where nothing was."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def main() -> int:
    """Write the tables of docs/scaling.md."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(build(page, read(MEASURED), FOLDER), encoding="utf-8", newline="\n")
    print(f"{PAGE} tells what {MEASURED} holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
