"""Section 2.7: the folder and the loader agree with those of torchvision and torch."""

import pytest
import torch
from PIL import Image
from torch.utils.data import BatchSampler, DataLoader, SequentialSampler, default_collate
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2


@pytest.fixture
def root(tmp_path):
    for kind in ("b", "a", "c"):
        (tmp_path / kind).mkdir()
        for number in range(3):
            color = tuple(torch.randint(256, (3,)).tolist())
            Image.new("RGB", (5, 4), color).save(tmp_path / kind / f"{number}.png")
    return tmp_path


TO_TENSOR = v2.Compose([v2.PILToTensor(), v2.ToDtype(torch.float32, scale=True)])


def test_shape_folder_is_torchvisions_image_folder(definitions, root):
    (shape_folder,) = definitions("2.7", "ShapeFolder")
    ours, theirs = shape_folder(root, TO_TENSOR), ImageFolder(root, TO_TENSOR)
    assert len(ours) == len(theirs) == 9
    assert ours.classes == theirs.classes
    for (image, label), (expected_image, expected_label) in zip(ours, theirs, strict=True):
        torch.testing.assert_close(image, expected_image)
        assert label == expected_label


def test_collate_and_load_are_torchs(definitions):
    collate, load = definitions("2.7", "collate", "load")
    samples = [(torch.randn(2, 3), label) for label in (1, 0, 2, 1, 0)]
    torch.testing.assert_close(collate(samples), tuple(default_collate(samples)))
    batch_sampler = BatchSampler(SequentialSampler(samples), batch_size=2, drop_last=False)
    received = list(load(samples, batch_sampler, collate))
    expected = [tuple(batch) for batch in DataLoader(samples, batch_size=2)]
    assert len(received) == 3
    torch.testing.assert_close(received, expected)


def test_a_file_cut_off_in_the_middle_is_skipped(definitions, root):
    skipping_folder, collate_good = definitions("2.7", "SkippingFolder", "collate_good")
    path = root / "b" / "0.png"
    path.write_bytes(path.read_bytes()[:50])
    dataset = skipping_folder(root, TO_TENSOR)
    assert [i for i in range(9) if dataset[i] is None] == [3]
    _, labels = collate_good([dataset[i] for i in (2, 3, 4)])
    assert labels.tolist() == [0, 1]


def test_mistakes_of_the_program_are_not_taken_for_broken_files(definitions, root):
    (skipping_folder,) = definitions("2.7", "SkippingFolder")

    def mistaken(image):
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        skipping_folder(root, mistaken)[0]


def test_batched_rows_give_the_same_batches(definitions):
    batched_rows, as_it_is = definitions("2.7", "BatchedRows", "as_it_is")
    X, y = torch.randn(10, 3), torch.arange(10)
    dataset = batched_rows(X, y)
    batches = list(DataLoader(dataset, batch_size=4, collate_fn=as_it_is))
    assert dataset.calls == 3
    torch.testing.assert_close(torch.cat([features for features, _ in batches]), X)


def test_shared_stream_is_whole_without_workers(definitions):
    (shared_stream,) = definitions("2.7", "SharedStream")
    assert list(shared_stream()) == list(range(6))
