"""Section 3.5: batches from a tensor in memory, against torchvision and a DataLoader."""

import pytest
import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    """The same pictures one by one, as torchvision's data sets give them."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels
        self.transform = torchvision.transforms.ToTensor()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.transform(Image.fromarray(self.images[i].numpy())), int(self.labels[i])


@pytest.fixture
def pictures():
    return torch.randint(256, (50, 28, 28), dtype=torch.uint8), torch.randint(10, (50,))


@pytest.mark.parametrize("batch_size", [1, 16, 50, 64])  # 50 = 16 + 16 + 16 + 2
def test_batches_are_those_of_a_data_loader(definitions, pictures, batch_size):
    (fast_batches,) = definitions("3.5", "fast_batches")
    torch.manual_seed(5)
    ours = list(fast_batches(*pictures, batch_size))
    torch.manual_seed(5)
    loader = DataLoader(Pictures(*pictures), batch_size, sampler=torch.randperm(50).tolist())
    for (X, y), (X_theirs, y_theirs) in zip(ours, loader, strict=True):
        torch.testing.assert_close(X, X_theirs)
        assert torch.equal(y, y_theirs)


def test_every_picture_comes_once_in_a_new_order(definitions, pictures):
    (fast_batches,) = definitions("3.5", "fast_batches")
    images, _ = pictures
    numbers = torch.arange(50)
    orders = []
    for _ in range(2):
        batches = list(fast_batches(images, numbers, 16))
        X, order = (torch.cat(parts) for parts in zip(*batches, strict=True))
        torch.testing.assert_close(X, images[order].unsqueeze(1) / 255)
        assert order.sort().values.tolist() == numbers.tolist()
        orders.append(order)
    assert not torch.equal(*orders)


def test_black_and_white_and_the_pictures_themselves(definitions):
    (fast_batches,) = definitions("3.5", "fast_batches")
    images = torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1).repeat(1, 28, 28)
    before = images.clone()
    for X, y in fast_batches(images, torch.tensor([0, 1]), 1):
        assert X.dtype == torch.float32
        assert X.unique().tolist() == [float(y)]
        X.zero_()
    assert torch.equal(images, before)
