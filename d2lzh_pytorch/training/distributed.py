"""Training with several processes, as ``torchrun`` starts them: who is who, and what they share.

Every process holds the whole net and computes on its own part of each batch; the gradients are
averaged by :class:`torch.nn.parallel.DistributedDataParallel`. A process that was started alone is
a world of one, for which everything here does nothing.
"""

import os
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from d2lzh_pytorch.data.loader import TensorLoader, part_of
from d2lzh_pytorch.device import get_device
from d2lzh_pytorch.seed import set_seed

TIMEOUT = timedelta(minutes=1)  # how long a process waits for the others
COMPILING = timedelta(minutes=10)  # some are done with it much later than others
RETRY = 0.1  # seconds
PATIENCE = 5.0  # seconds in which torchrun notices that a process has died, and ends the others
NO_ID = "none"  # torchrun's id of a job on several machines that was given none


@dataclass(frozen=True, kw_only=True)
class World:
    """One of the processes that train a net together.

    Attributes
    ----------
    rank, size
        Its number, from 0, and how many there are.
    local_rank, local_size
        The same among the processes of its machine.
    job
        The id that torchrun gave the job; None without torchrun.
    restarts
        How often torchrun has started the processes anew, after one has died.

    References
    ----------
    S. Li et al., "PyTorch Distributed: Experiences on Accelerating Data Parallel Training", 2020.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    local_size: int = 1
    job: str | None = None
    restarts: int = 0

    @classmethod
    def from_environment(cls) -> Self:
        """Return what torchrun says of this process; a world of one without torchrun."""
        job = os.environ.get("TORCHELASTIC_RUN_ID")
        if job is None:
            return cls()
        return cls(
            rank=int(os.environ["RANK"]),
            size=int(os.environ["WORLD_SIZE"]),
            local_rank=int(os.environ["LOCAL_RANK"]),
            local_size=int(os.environ["LOCAL_WORLD_SIZE"]),
            job=job,
            restarts=int(os.environ["TORCHELASTIC_RESTART_COUNT"]),
        )

    def device(self, name: str) -> torch.device:
        """Return the device of this process; on several GPUs each process has its own.

        Raises
        ------
        ValueError
            If there is no such device, or not one for each process of this machine.
        """
        device = get_device(name)
        if self.size == 1 or device.type == "cpu":
            return device
        if device.type != "cuda":
            raise ValueError(f"several processes train on cpu or cuda, not on {name!r}.")
        if device.index is not None:
            raise ValueError(
                f"several processes have a GPU each; write --device cuda instead of {name!r}."
            )
        if torch.cuda.device_count() < self.local_size:
            raise ValueError(
                f"{self.local_size} processes need a GPU each, and this machine has "
                f"{torch.cuda.device_count()}; lower --nproc-per-node, or add --device cpu."
            )
        return torch.device("cuda", self.local_rank)

    @contextmanager
    def joined(self, device: torch.device, timeout: timedelta = TIMEOUT) -> Iterator[None]:
        """Connect the processes, which compute on `device`, for the while; they end together.

        A process that waits for another longer than `timeout` fails. So does one whose neighbour
        has died, but only after torchrun had the time to find that one, so that its report names
        the process that failed first.
        """
        if self.size == 1:
            yield
            return
        try:
            self._join(device, timeout)
            yield
            dist.barrier()  # one that ended at once was seen to crash in its last message
        except RuntimeError:  # a lost connection is one; so are other errors, which can wait too
            time.sleep(PATIENCE)
            raise
        dist.destroy_process_group()

    def _join(self, device: torch.device, timeout: timedelta) -> None:
        store, *_ = next(iter(rendezvous("env://", timeout=timeout)))
        store.set_timeout(timeout)
        own = PrefixStore(self.agree(store, timeout), store)
        cuda = device.type == "cuda"
        if cuda:
            torch.cuda.set_device(device)
        dist.init_process_group(
            "nccl" if cuda else "gloo",
            store=own,
            rank=self.rank,
            world_size=self.size,
            timeout=timeout,
            device_id=device if cuda else None,
        )

    def agree(self, store: Store, timeout: timedelta) -> str:
        """Return a name for this start of the processes, the same in all of them.

        When torchrun starts the processes anew, it keeps the store in which they find each other,
        with the addresses of those that have died. The count of restarts is no name for a start:
        where a process dies on one of several machines, that machine alone counts. So the first
        process publishes a new name, and answers the others, each of which reads the name again
        until it gets its answer.
        """
        me = uuid.uuid4().hex
        if self.rank == 0:
            store.set("start", me)
            for rank in range(1, self.size):
                other = store.get(f"{me}/{rank}").decode()
                store.set(f"{me}/{other}", "")
            return me
        end = time.monotonic() + timeout.total_seconds()
        while time.monotonic() < end:
            start = store.get("start").decode()
            store.set(f"{start}/{self.rank}", me)
            time.sleep(RETRY)
            if store.check([f"{start}/{me}"]):
                return start
        raise RuntimeError(f"Process 0 did not answer process {self.rank} within {timeout}.")

    def from_first(self, value: Any) -> Any:
        """Return the `value` that the first process holds."""
        if self.size == 1:
            return value
        values = [value]
        dist.broadcast_object_list(values, src=0)
        return values[0]

    def total(self, *numbers: float, device: torch.device) -> list[float]:
        """Return the sum of each number over all processes; whole numbers are summed exactly."""
        if self.size == 1:
            return list(numbers)
        sums = torch.tensor(numbers, dtype=torch.float64, device=device)
        dist.all_reduce(sums)
        return sums.tolist()

    def wrap(self, net: Any) -> Any:
        """Return `net` as training calls it: the backward pass then averages the gradients.

        All processes start with the weights of the first one. Batch normalisation uses the
        process's own part of a batch, and its running averages stay apart until
        :meth:`average_buffers`: that saves a message in each step, and lets all examples count.
        """
        if self.size == 1:
            return net
        # Layouts that differ in dimensions of length 1 are the same; torch takes them for others.
        warnings.filterwarnings("ignore", "Grad strides do not match bucket view strides")
        device = next(net.parameters()).device
        return DistributedDataParallel(
            net,
            device_ids=[device] if device.type == "cuda" else None,
            forward_sync_buffers=False,
            gradient_as_bucket_view=True,
        )

    @torch.no_grad()
    def average_buffers(self, net: Any) -> None:
        """Replace the net's running statistics by their average over the processes."""
        if self.size == 1:
            return
        buffers = running_statistics(net)
        if buffers:
            flat = torch.cat([buffer.flatten() for buffer in buffers])
            dist.all_reduce(flat)
            means = flat.div_(self.size).split([buffer.numel() for buffer in buffers])
            for buffer, mean in zip(buffers, means, strict=True):
                buffer.copy_(mean.view_as(buffer))

    def part(self, loader: TensorLoader, order: torch.Generator | None = None) -> TensorLoader:
        """Return a loader of this process's part of each batch; see :meth:`TensorLoader.part`."""
        return loader if self.size == 1 else loader.part(self.rank, self.size, order)

    def weights(self, loader: TensorLoader) -> Iterator[float] | None:
        """Yield, batch after batch and pass after pass, the weight of this process's mean loss.

        The average over the processes of what is weighted so is the mean over the whole batch,
        also where the parts are not of the same length. A world of one has no weights: None.
        """
        return None if self.size == 1 else self._weights(loader)

    def _weights(self, loader: TensorLoader) -> Iterator[float]:
        while True:
            for count in loader.batch_sizes():
                part = part_of(count, self.rank, self.size)
                yield (part.stop - part.start) * self.size / count

    def order(self) -> torch.Generator | None:
        """Return a generator for the order of the examples, the same in all processes.

        It goes on as PyTorch's global generator would, which a world of one uses: None.
        """
        if self.size == 1:
            return None
        generator = torch.Generator()
        generator.set_state(torch.get_rng_state())
        return generator

    def reseed(self, seed: int, epoch: int) -> None:
        """Make dropout draw differently in each process, and the same when the run is repeated."""
        if self.size > 1:
            mixed = np.random.SeedSequence((seed, epoch, self.rank)).generate_state(1)
            set_seed(int(mixed[0]))

    def owns(self, job: str | None) -> bool:
        """Tell whether what `job` left behind is this job's own: torchrun has started it anew.

        One without an id of its own, as those of several machines by default, cannot know.
        """
        return self.job not in (None, NO_ID) and job == self.job

    def report(self, error: BaseException) -> None:
        """Put an error into the report that torchrun prints when all processes have ended."""
        if self.job is not None:
            from torch.distributed.elastic.multiprocessing.errors import get_error_handler

            get_error_handler().record_exception(error)


ALONE = World()


def running_statistics(net: nn.Module) -> list[torch.Tensor]:
    """Return what batch normalisation averages over the batches: the buffers that are no counts."""
    return [buffer for buffer in net.buffers() if buffer.is_floating_point()]
