"""Time steps and messages of two processes on this machine, and store them for docs/scaling.md.

``OMP_NUM_THREADS=1 torchrun --nproc-per-node=2 -m benchmarks.communication`` measures every net of
the zoo at the book's settings, on an otherwise idle machine with two cores or more, for about a
quarter of an hour; ``make results`` then puts the numbers into the tables. Nets that are named as
arguments are measured for a look, and nothing is stored.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F

from benchmarks.work import MIB, work_of
from d2lzh_pytorch.models.zoo import ZOO
from d2lzh_pytorch.seed import set_seed
from d2lzh_pytorch.training.distributed import World
from d2lzh_pytorch.training.run import machine

FILE = Path(__file__).with_name("scaling.json")
CPU = torch.device("cpu")
MESSAGES = (4, 1024, 16 * 1024, 256 * 1024, MIB, 4 * MIB, 16 * MIB, 64 * MIB)  # bytes
ROUNDS, LONG, ROUNDS_OF_LONG = 15, 0.5, 5  # how often a task is timed, one of over 0.5 s too
WARM_UP = 2  # rounds before; DistributedDataParallel forms its buckets anew after the first

Task = Callable[[], object]


def messages() -> list[dict[str, float]]:
    """Time the all-reduce of messages of several sizes."""
    rows = []
    for size in MESSAGES:
        message = torch.zeros(size // 4)
        rows.append({"bytes": size, "seconds": timed(partial(dist.all_reduce, message))})
    return rows


def steps(name: str, world: World) -> dict[str, float]:
    """Time a training step of a net, in parts, in seconds.

    Returns
    -------
    dict
        ``whole``: one process alone, the whole batch; ``half``: two processes at once, half a batch
        each, nothing sent; ``reduce``: the all-reduce of the gradients alone; ``together``: half a
        batch each, gradients averaged; ``update``: what the optimizer alone takes.
    """
    model = ZOO[name]
    set_seed(0)
    net = model.build(model.resize)
    optimizer = model.optimizer(net.parameters(), lr=model.lr)
    X = torch.rand(model.batch_size, 1, model.resize, model.resize)
    y = torch.randint(10, (model.batch_size,))

    def step(forward: Callable[[torch.Tensor], torch.Tensor], count: int) -> None:
        loss = F.cross_entropy(forward(X[:count]), y[:count])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    half = model.batch_size // 2
    gradients = [torch.zeros(size // 4) for size in work_of(name).buckets]
    seconds = {
        "whole": timed(lambda: step(net, model.batch_size) if world.rank == 0 else None),
        "half": timed(lambda: step(net, half)),
        "update": timed(optimizer.step),
        "reduce": timed(lambda: [dist.all_reduce(gradient) for gradient in gradients]),
    }
    forward = world.wrap(net)
    return seconds | {"together": timed(lambda: step(forward, half))}


def timed(task: Task) -> float:
    """Return the median time until both processes have done the task, begun at once."""
    rounds = ROUNDS
    times: list[float] = []
    while len(times) < rounds + WARM_UP:
        dist.barrier()
        start = time.perf_counter()
        task()
        times.append(_later(time.perf_counter() - start))
        if times[-1] > LONG:  # the same in both processes
            rounds = ROUNDS_OF_LONG
    return statistics.median(times[WARM_UP:])


def _later(seconds: float) -> float:
    later = torch.tensor(seconds, dtype=torch.float64)
    dist.all_reduce(later, op=dist.ReduceOp.MAX)
    return later.item()


def main() -> int:
    """Measure all nets and store the numbers, or the named nets and print them only."""
    world, names = World.from_environment(), sys.argv[1:]
    if world.size != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with world.joined(CPU, timedelta(minutes=30)):
        here = {"cores": os.cpu_count(), **machine(CPU)}
        record: dict[str, Any] = {"machine": here, "messages": messages(), "steps": {}}
        for name in names or ZOO:
            record["steps"][name] = steps(name, world)
            if world.rank == 0:
                numbers = record["steps"][name].items()
                print(name, *(f"{key} {value:.4f}" for key, value in numbers), flush=True)
    if world.rank == 0 and names:
        print(json.dumps(record["messages"], indent=2))
    elif world.rank == 0:
        FILE.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        print(f"{FILE} is written; `make results` puts it into docs/scaling.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
