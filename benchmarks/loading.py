"""A pass over Fashion-MNIST: the package's loader against torchvision's data set."""

import gzip
import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

import d2lzh_pytorch as d2l
from benchmarks.measure import Comparison, compare

BATCH_SIZE = 256
ROUNDS = 5


def comparisons() -> Iterator[Comparison]:
    """Compare a shuffled pass over the 60,000 training images, at 28 and at 96 pixels."""
    with TemporaryDirectory() as folder:
        _unpack(Path(folder))
        for resize in (None, 96):
            steps = [] if resize is None else [transforms.Resize(resize)]
            transform = transforms.Compose([*steps, transforms.ToTensor()])
            dataset = datasets.FashionMNIST(folder, train=True, transform=transform)
            reference = DataLoader(dataset, BATCH_SIZE, shuffle=True)
            ours, _ = d2l.load_data_fashion_mnist(BATCH_SIZE, resize)
            yield compare(
                f"a pass over Fashion-MNIST, {resize or 28} px, against `DataLoader`",
                partial(_go_through, ours),
                partial(_go_through, reference),
                goal=25,
                faster=True,
                rounds=ROUNDS,
            )


def _go_through(batches: Iterable[object]) -> None:
    for _ in batches:
        pass


def _unpack(root: Path) -> None:
    """Lay the files out as torchvision wants them."""
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for path in d2l.get_data("fashion-mnist"):
        with gzip.open(path) as packed, (raw / path.stem).open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
