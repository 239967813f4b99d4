"""What a training step of each net of the zoo computes and sends, on paper: nothing is run."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from d2lzh_pytorch.models.zoo import ZOO, ZooModel

MIB = 2**20
FIRST_BUCKET, BUCKET = MIB, 25 * MIB  # how DistributedDataParallel gathers gradients by default


@dataclass(frozen=True)
class Work:
    """A step with the whole batch of the book.

    Attributes
    ----------
    model
        The entry of the zoo: the sizes of batch and images are its own.
    parameters
        How many numbers are trained.
    buckets
        The messages that hold the gradients, in bytes, in the order in which they are ready.
    flops
        Floating-point operations of the forward and the backward pass: those of the matrix products
        and convolutions, a multiplication and an addition being two.
    """

    model: ZooModel
    parameters: int
    buckets: tuple[int, ...]
    flops: int

    @property
    def size(self) -> int:
        """All gradients, in bytes."""
        return sum(self.buckets)


@functools.cache
def work_of(name: str) -> Work:
    """Return the work of a net; its tensors have shapes, but no memory."""
    model = ZOO[name]
    with torch.device("meta"):
        net = model.build(model.resize)
        X = torch.empty(model.batch_size, 1, model.resize, model.resize)
        y = torch.empty(model.batch_size, dtype=torch.int64)
        with FlopCounterMode(display=False) as counter:
            F.cross_entropy(net(X), y).backward()
    sizes = [param.numel() * param.element_size() for param in net.parameters()]
    parameters = sum(param.numel() for param in net.parameters())
    return Work(model, parameters, gathered(reversed(sizes)), counter.get_total_flops())


def gathered(sizes: Iterable[int]) -> tuple[int, ...]:
    """Return the sizes of the buckets that gradients of these sizes fill, one after the other."""
    buckets: list[int] = []
    open_bucket = 0
    for size in sizes:
        open_bucket += size
        if open_bucket >= (BUCKET if buckets else FIRST_BUCKET):
            buckets.append(open_bucket)
            open_bucket = 0
    return (*buckets, open_bucket) if open_bucket else tuple(buckets)
