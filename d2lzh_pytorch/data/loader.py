"""Batches of data that fits in memory."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from d2lzh_pytorch import settings


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
        if not is_positive_int(batch_size):
            raise ValueError(f"batch_size must be a positive integer, not {batch_size!r}.")
        features, labels = tensors
        if device is not None:
            features, labels = features.to(device), labels.to(device)
        self.tensors = (features, labels)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.transform = transform

    def __len__(self) -> int:
        """Return the number of batches."""
        batches = -(-len(self.tensors[0]) // self.batch_size)
        return min(batches, settings.SMOKE_LIMIT) if settings.smoke() else batches

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the batches of one pass."""
        features, labels = self.tensors
        order = torch.randperm(len(features)).to(features.device) if self.shuffle else None
        for i in range(len(self)):
            where = slice(i * self.batch_size, (i + 1) * self.batch_size)
            if order is None:
                X, y = features[where], labels[where]
            else:
                chosen = order[where]
                X, y = features.index_select(0, chosen), labels.index_select(0, chosen)
            yield (X if self.transform is None else self.transform(X)), y


def is_positive_int(value: object) -> bool:
    """Tell whether `value` is an integer of at least 1; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
