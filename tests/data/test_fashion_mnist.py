import dataclasses
import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.testing import assert_close
from torch.utils.data import DataLoader
from torchvision.datasets import FashionMNIST
from torchvision.transforms import Compose, Resize, ToTensor
from torchvision.transforms.v2.functional import resize as resize_tensor

from d2lzh_pytorch.data.catalogue import CATALOGUE
from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.fashion_mnist import (
    LABELS,
    get_fashion_mnist_labels,
    load_data_fashion_mnist,
    load_fashion_mnist,
)
from d2lzh_pytorch.data.images import ImageTransform, interpolation_weights
from d2lzh_pytorch.data.store import REPOSITORY_DATA

SHIPPED = REPOSITORY_DATA / "fashion_mnist"
FILES = [file.name for file in CATALOGUE["fashion-mnist"].files]


@pytest.fixture(scope="module")
def torchvision_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which torchvision finds its unpacked files."""
    root = tmp_path_factory.mktemp("torchvision")
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name in FILES:
        with gzip.open(SHIPPED / name) as source, (raw / name.removesuffix(".gz")).open("wb") as to:
            shutil.copyfileobj(source, to)
    return root


@pytest.mark.parametrize("train", [True, False])
def test_same_data_as_torchvision(torchvision_root: Path, train: bool) -> None:
    images, labels = load_fashion_mnist(train)
    expected = FashionMNIST(str(torchvision_root), train=train)
    assert images.dtype == torch.uint8
    assert labels.dtype == torch.int64
    assert torch.equal(images, expected.data)
    assert torch.equal(labels, expected.targets)
    assert labels.bincount().tolist() == [6000 if train else 1000] * 10


def test_batches_equal_those_of_torchvision(torchvision_root: Path) -> None:
    data = FashionMNIST(str(torchvision_root), train=False, transform=ToTensor())
    _, test_iter = load_data_fashion_mnist(256)
    expected = DataLoader(data, batch_size=256)
    assert len(test_iter) == len(expected) == 40
    for (X, y), (X_expected, y_expected) in zip(test_iter, expected, strict=True):
        assert X.dtype == torch.float32
        assert y.dtype == torch.int64
        assert torch.equal(X, X_expected)
        assert torch.equal(y, y_expected)


def test_training_batches_are_shuffled_examples_of_torchvision(torchvision_root: Path) -> None:
    data = FashionMNIST(str(torchvision_root), transform=ToTensor())
    train_iter, _ = load_data_fashion_mnist(300, num_train=1000)
    torch.manual_seed(1)
    order = torch.randperm(1000).tolist()
    expected = DataLoader(data, batch_size=300, sampler=order)
    torch.manual_seed(1)
    batches = list(train_iter)
    for (X, y), (X_expected, y_expected) in zip(batches, expected, strict=True):
        assert torch.equal(X, X_expected)
        assert torch.equal(y, y_expected)


@pytest.mark.parametrize("size", [14, 20, 32, 96, 224])
def test_resized_batches_match_torchvision(torchvision_root: Path, size: int) -> None:
    data = FashionMNIST(
        str(torchvision_root), train=False, transform=Compose([Resize(size), ToTensor()])
    )
    _, test_iter = load_data_fashion_mnist(100, resize=size, num_test=100)
    ((X, y),) = test_iter
    X_expected, y_expected = next(iter(DataLoader(data, batch_size=100)))
    assert X.shape == (100, 1, size, size)
    assert torch.equal(y, y_expected)
    # PIL rounds to a whole grey level after each axis.
    assert_close(X, X_expected, rtol=0, atol=1.01 / 255)
    difference = (X - X_expected).abs().mean()
    assert difference < 0.25 / 255


@pytest.mark.parametrize("size", [(14, 40), (28, 28), (96, 96), (224, 50), (1, 1)])
def test_resized_batches_match_resized_floats(size: tuple[int, int]) -> None:
    images = torch.randint(0, 256, (8, 28, 28), dtype=torch.uint8)
    X = ImageTransform((28, 28), size)(images)
    expected = resize_tensor(images.unsqueeze(1) / 255, list(size), antialias=True)
    assert_close(X, expected, rtol=0, atol=5e-6)


def test_weights_of_a_size_that_stays_are_the_identity() -> None:
    assert torch.equal(interpolation_weights(28, 28), torch.eye(28))


def test_batches_on_another_device() -> None:
    train_iter, test_iter = load_data_fashion_mnist(64, resize=(30, 40), device="meta")
    assert train_iter.tensors[0].dtype == torch.uint8
    for loader in (train_iter, test_iter):
        X, y = next(iter(loader))
        assert X.device.type == y.device.type == "meta"
        assert X.shape == (64, 1, 30, 40)


def test_weights_lie_where_the_batches_lie() -> None:
    transform = ImageTransform((28, 28), (30, 40), "meta")
    assert transform.rows.device.type == transform.columns.device.type == "meta"


def test_default_call_has_all_examples() -> None:
    train_iter, test_iter = load_data_fashion_mnist(256)
    assert [len(tensor) for tensor in train_iter.tensors] == [60000] * 2
    assert [len(tensor) for tensor in test_iter.tensors] == [10000] * 2
    assert (train_iter.shuffle, test_iter.shuffle) == (True, False)


def test_part_of_the_examples() -> None:
    train_iter, test_iter = load_data_fashion_mnist(10, num_train=25, num_test=15)
    assert (len(train_iter), len(test_iter)) == (3, 2)
    assert torch.equal(test_iter.tensors[1], load_fashion_mnist(False)[1][:15])


def test_smoke_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    for loader in load_data_fashion_mnist(256):
        assert len(loader) == len(list(loader)) == 2


def test_changing_the_result_does_not_change_the_next() -> None:
    images, labels = load_fashion_mnist(False)
    images.zero_()
    labels.zero_()
    images, labels = load_fashion_mnist(False)
    assert images.any()
    assert labels.any()


@pytest.mark.parametrize(
    "arguments",
    [
        {"batch_size": 0},
        {"batch_size": 2.5},
        {"resize": 0},
        {"resize": -96},
        {"resize": (96,)},
        {"resize": (96, 96, 1)},
        {"resize": (96, 0)},
        {"resize": "96"},
        {"resize": 96.0},
        {"num_train": 0},
        {"num_test": -1},
        {"num_test": 1.5},
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, Any]) -> None:
    (name,) = arguments
    with pytest.raises(ValueError, match=name):
        load_data_fashion_mnist(**{"batch_size": 256, **arguments})


@pytest.mark.parametrize("layout", [".", "fashion_mnist", "FashionMNIST/raw"])
@pytest.mark.usefixtures("no_repository")
def test_root_is_looked_at_in_each_layout(tmp_path: Path, layout: str) -> None:
    folder = tmp_path / "root" / layout
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(SHIPPED / name, folder / name)
    train_iter, _ = load_data_fashion_mnist(256, root=tmp_path / "root")
    assert len(train_iter.tensors[0]) == 60000


@pytest.mark.parametrize("damage", ["truncated", "another set"])
def test_damaged_file_names_itself_and_its_repair(
    no_repository: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    entry = dataclasses.replace(CATALOGUE["fashion-mnist"], system=())
    monkeypatch.setitem(CATALOGUE, "fashion-mnist", entry)
    folder = no_repository / "fashion_mnist"
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(SHIPPED / name, folder / name)
    bad = folder / "t10k-labels-idx1-ubyte.gz"
    content = bad.read_bytes()
    bad.write_bytes(content[:3000] if damage == "truncated" else gzip.compress(bytes(10008)))
    load_fashion_mnist(True)
    with pytest.raises(DataError) as caught:
        load_data_fashion_mnist(256)
    message = str(caught.value)
    assert str(bad) in message
    assert "5,125 bytes" in message
    assert "python -m d2lzh_pytorch data get fashion-mnist" in message


def test_names_of_labels() -> None:
    assert get_fashion_mnist_labels([0, 9]) == ["t-shirt", "ankle boot"]
    assert get_fashion_mnist_labels(torch.arange(10)) == list(LABELS)
    assert get_fashion_mnist_labels(torch.arange(10).numpy()) == list(LABELS)
    assert get_fashion_mnist_labels(torch.tensor([2.0])) == ["pullover"]
    assert get_fashion_mnist_labels([]) == []


@pytest.mark.parametrize("label", [10, -1, 2.5, float("nan"), "coat"])
def test_label_out_of_range(label: Any) -> None:
    with pytest.raises(ValueError, match="0 to 9") as caught:
        get_fashion_mnist_labels([0, label])
    assert repr(label) in str(caught.value)
