"""Fashion-MNIST: 70,000 pictures of clothes in ten classes."""

import functools
import os
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from d2lzh_pytorch.arguments import is_positive_int
from d2lzh_pytorch.data import store
from d2lzh_pytorch.data.idx import read_idx
from d2lzh_pytorch.data.images import ImageTransform
from d2lzh_pytorch.data.loader import TensorLoader

IMAGE_SIZE = (28, 28)  # pixels

LABELS = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def load_fashion_mnist(
    train: bool = True, root: str | os.PathLike[str] | None = None
) -> tuple[Tensor, Tensor]:
    """Return the images and labels of Fashion-MNIST as they are stored.

    Parameters
    ----------
    train
        True for the 60,000 training examples, False for the 10,000 test examples.
    root
        A folder to look in first, for the files themselves or in torchvision's layout
        (``root/FashionMNIST/raw``).

    Returns
    -------
    images : Tensor
        uint8, (n, 28, 28), 0 (background) to 255.
    labels : Tensor
        int64, (n,), 0 to 9; :func:`get_fashion_mnist_labels` gives their names.

    Raises
    ------
    DataError
        If a file is damaged or cannot be had; see :mod:`d2lzh_pytorch.data.store`.

    Notes
    -----
    The files are read once a process; each call returns tensors of its own.

    Introduced in section 3.5.

    References
    ----------
    H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
    Learning Algorithms", 2017.
    """
    images, labels = _load(train, root)
    return images.clone(), labels.clone()


def load_data_fashion_mnist(
    batch_size: int,
    resize: int | tuple[int, int] | None = None,
    root: str | os.PathLike[str] = "~/Datasets/FashionMNIST",
    *,
    device: torch.device | str | None = None,
    num_train: int | None = None,
    num_test: int | None = None,
) -> tuple[TensorLoader, TensorLoader]:
    """Return Fashion-MNIST in batches, shuffled for training and in order for testing.

    Parameters
    ----------
    batch_size
        Number of examples in a batch.
    resize
        Height and width in pixels, or one number for both; None leaves 28. Batches are resized
        as they are taken.
    root
        A folder to look in first; if it has no files, the other places follow.
    device
        Where the batches shall lie. The images are moved there once, as bytes.
    num_train, num_test
        Take only so many examples, the first ones; None takes all 60,000 and 10,000.

    Returns
    -------
    train_iter, test_iter : TensorLoader
        Batches (X, y): X float32 in [0, 1] of shape (b, 1, height, width), y int64 of shape (b,).

    Raises
    ------
    ValueError
        If an argument makes no sense.
    DataError
        If a file is damaged or cannot be had.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> train_iter, test_iter = d2l.load_data_fashion_mnist(256)
    >>> X, y = next(iter(train_iter))
    >>> X.shape, y.shape
    (torch.Size([256, 1, 28, 28]), torch.Size([256]))

    Notes
    -----
    Introduced in section 3.5; `resize` in section 5.6.
    """
    _check_count("num_train", num_train)
    _check_count("num_test", num_test)
    transform = ImageTransform(IMAGE_SIZE, _check_resize(resize), device)
    train_images, train_labels = _load(True, root)
    test_images, test_labels = _load(False, root)
    train = (train_images[:num_train], train_labels[:num_train])
    test = (test_images[:num_test], test_labels[:num_test])
    return (
        TensorLoader(train, batch_size, shuffle=True, transform=transform, device=device),
        TensorLoader(test, batch_size, transform=transform, device=device),
    )


def get_fashion_mnist_labels(labels: Tensor | Sequence[int]) -> list[str]:
    """Return the English names of labels.

    Parameters
    ----------
    labels
        Numbers from 0 to 9: a tensor of shape (n,), or a list.

    Raises
    ------
    ValueError
        If a label is no whole number from 0 to 9.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> d2l.get_fashion_mnist_labels([9, 0])
    ['ankle boot', 't-shirt']

    Notes
    -----
    Introduced in section 3.5.
    """
    numbers = labels.tolist() if isinstance(labels, Tensor) else labels
    names = []
    for number in numbers:
        if number not in range(len(LABELS)):
            raise ValueError(f"Labels of Fashion-MNIST are 0 to 9; {number!r} is none.")
        names.append(LABELS[int(number)])
    return names


def _load(train: bool, root: str | os.PathLike[str] | None) -> tuple[Tensor, Tensor]:
    """Return the tensors that all callers in this process share."""
    entry = store.data_set("fashion-mnist")
    prefix = "train" if train else "t10k"
    files = [file for file in entry.files if file.name.startswith(prefix)]
    images, labels = (store.require(entry, file, root) for file in files)
    return _read(images, labels)


@functools.cache
def _read(images: Path, labels: Path) -> tuple[Tensor, Tensor]:
    """Read two checked files: what is good once stays good, so the paths are key enough."""
    return read_idx(images, 3), read_idx(labels, 1).to(torch.int64)


def _check_resize(resize: int | tuple[int, int] | None) -> tuple[int, int] | None:
    if resize is None:
        return None
    sizes = resize if isinstance(resize, tuple) else (resize, resize)
    if len(sizes) != 2 or not all(map(is_positive_int, sizes)):
        raise ValueError(f"resize must be a size in pixels such as 96, or two, not {resize!r}.")
    return sizes


def _check_count(name: str, count: int | None) -> None:
    if count is not None and not is_positive_int(count):
        raise ValueError(f"{name} must be a positive integer or None, not {count!r}.")
