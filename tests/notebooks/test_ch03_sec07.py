"""Section 3.7: the flattening layer and the training of the notebook, against torch."""

import pytest
import torch
from torch import nn


@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (3, 2, 4), (4, 6), (1, 1, 1, 1), (0, 3, 2)])
def test_flatten_layer_forward_and_gradient(definitions, shape):
    (FlattenLayer,) = definitions("3.7", "FlattenLayer")
    x = torch.randn(shape, requires_grad=True)
    ours, theirs = FlattenLayer()(x), nn.Flatten()(x)
    assert torch.equal(ours, theirs)
    weight = torch.randn(theirs.shape)
    ours = torch.autograd.grad((weight * ours).sum(), x)
    theirs = torch.autograd.grad((weight * theirs).sum(), x)
    torch.testing.assert_close(ours, theirs)


def test_flatten_layer_takes_what_is_not_contiguous(definitions):
    (FlattenLayer,) = definitions("3.7", "FlattenLayer")
    x = torch.arange(24.0).reshape(2, 3, 4).transpose(1, 2)
    assert torch.equal(FlattenLayer()(x), x.reshape(2, 12))


def test_train_sgd_takes_the_steps_of_the_optimizer(definitions):
    batches = [(torch.rand(n, 1, 28, 28), torch.randint(10, (n,))) for n in (12, 5)]
    given = {"train_iter": batches, "test_iter": batches, "loss": nn.CrossEntropyLoss()}
    (train_sgd,) = definitions("3.7", "train_sgd", **given)
    nets = [nn.Sequential(nn.Flatten(), nn.Linear(784, 10)) for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    history = train_sgd(nets[0])
    assert len(history.loss) == 5

    optimizer = torch.optim.SGD(nets[1].parameters(), lr=0.1)
    for _ in range(5):
        for X, y in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(nets[1](X), y).backward()
            optimizer.step()
    for ours, theirs in zip(*(net.parameters() for net in nets), strict=True):
        torch.testing.assert_close(ours, theirs)
