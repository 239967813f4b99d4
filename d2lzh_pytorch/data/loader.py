"""Batches of data that fits in memory."""

import copy
from collections.abc import Callable, Iterator
from typing import Self

import torch
from torch import Tensor

from d2lzh_pytorch import settings
from d2lzh_pytorch.arguments import require_positive_ints


class TensorLoader:
    """Go through tensors in batches, as PyTorch's ``DataLoader`` does through a data set.

    Where the data fits in memory, taking a batch is one indexing operation instead of one call
    an example, and no worker processes are needed: that makes a pass many times faster. On a GPU
    the tensors lie on the device and so do the batches.

    Parameters
    ----------
    tensors
        Features and labels, with the same first dimension. They are shared, not copied, unless
        `device` is another one than theirs.
    batch_size
        Number of examples in a batch; the last batch has what is left.
    shuffle
        Go through the examples in a new random order each time, drawn with one
        ``torch.randperm`` from PyTorch's global generator.
    transform
        Called with the features of each batch; its result takes their place.
    device
        Where the batches shall lie; the tensors are moved there once.

    Attributes
    ----------
    tensors : tuple of Tensor
        Features and labels as stored (before `transform`).

    Raises
    ------
    ValueError
        If `batch_size` is no positive integer, or `tensors` are not two of the same length.

    Examples
    --------
    >>> import torch, d2lzh_pytorch as d2l
    >>> loader = d2l.TensorLoader((torch.arange(5), torch.arange(5) ** 2), batch_size=2)
    >>> len(loader)
    3
    >>> next(iter(loader))
    (tensor([0, 1]), tensor([0, 1]))

    Notes
    -----
    In a smoke run (``D2LZH_SMOKE=1``) it yields at most two batches.

    Introduced in section 3.5.
    """

    def __init__(
        self,
        tensors: tuple[Tensor, Tensor],
        batch_size: int,
        shuffle: bool = False,
        transform: Callable[[Tensor], Tensor] | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        if len(tensors) != 2 or len(tensors[0]) != len(tensors[1]):
            raise ValueError("tensors must be two tensors of the same length: features and labels.")
        require_positive_ints(batch_size=batch_size)
        features, labels = tensors
        if device is not None:
            features, labels = features.to(device), labels.to(device)
        self.tensors = (features, labels)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.transform = transform
        self._part = (0, 1)
        self._generator: torch.Generator | None = None

    def __len__(self) -> int:
        """Return the number of batches."""
        batches = -(-len(self.tensors[0]) // self.batch_size)
        return min(batches, settings.SMOKE_LIMIT) if settings.smoke() else batches

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the batches of one pass."""
        features, labels = self.tensors
        order = None
        if self.shuffle:
            order = torch.randperm(len(features), generator=self._generator).to(features.device)
        for i, count in enumerate(self.batch_sizes()):
            part = part_of(count, *self._part)
            if part.start == part.stop:
                continue
            where = slice(i * self.batch_size + part.start, i * self.batch_size + part.stop)
            if order is None:
                X, y = features[where], labels[where]
            else:
                chosen = order[where]
                X, y = features.index_select(0, chosen), labels.index_select(0, chosen)
            yield (X if self.transform is None else self.transform(X)), y

    def batch_sizes(self) -> list[int]:
        """Return how many examples each batch of a pass has, all parts of it together."""
        n = len(self.tensors[0])
        return [min(self.batch_size, n - i * self.batch_size) for i in range(len(self))]

    def part(self, rank: int, size: int, generator: torch.Generator | None = None) -> Self:
        """Return a loader of one part of each batch, for one of several processes.

        The parts are disjoint and together the batch; their lengths differ by one at most. A part
        that has no example is left out.

        Parameters
        ----------
        rank, size
            Which part, from 0, of how many.
        generator
            Draws the order; to be in the same state for all parts. None is the global one.
        """
        loader = copy.copy(self)
        loader._part, loader._generator = (rank, size), generator
        return loader


def part_of(count: int, rank: int, size: int) -> slice:
    """Return which of `count` neighbours are in part `rank` of `size`; the first parts get more."""
    each, more = divmod(count, size)
    start = rank * each + min(rank, more)
    return slice(start, start + each + (rank < more))
