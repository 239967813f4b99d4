"""Section 8.4: the ring, the averaged gradients, the parts and what is counted in them."""

from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.utils.data import TensorDataset

CPU = torch.device("cpu")


def small_net():
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 3))


def examples(count):
    return torch.rand(count, 2, 3), torch.arange(count) % 3


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("length", [3, 40, 41])
def test_the_ring_sums_and_sends_no_more_than_it_should(definitions, size, length):
    (simulate,) = definitions("8.4", "simulate")
    vectors = list(torch.randn(size, length))
    expected = torch.stack(vectors).sum(dim=0)
    sent = simulate(vectors)
    for vector in vectors:
        torch.testing.assert_close(vector, expected)
    assert all(torch.equal(one, other) for one, other in pairwise(vectors))
    assert sum(sent) == 2 * (size - 1) * vectors[0].nbytes  # all chunks, p - 1 times, twice
    longest = -(-length // size) * 4
    assert max(sent) <= 2 * (size - 1) * longest


def test_weighted_gradients_are_the_whole_one(definitions):
    gradient, difference = definitions("8.4", "gradient", "difference")
    net, (X, y) = small_net(), examples(10)
    whole = gradient(net, X, y)
    first, second = gradient(net, X[:7], y[:7]), gradient(net, X[7:], y[7:])
    assert difference(0.7 * first + 0.3 * second, whole) < 1e-5
    assert difference((first + second) / 2, whole) > 1e-3


def test_difference_is_relative(definitions):
    (difference,) = definitions("8.4", "difference")
    assert difference(torch.tensor([3.0, 5.0]), torch.tensor([3.0, 4.0])) == pytest.approx(0.2)


def test_both_loops_train_as_a_plain_one_does(definitions):
    train, fit, loader_of = definitions("8.4", "train", "fit", "loader_of")
    nets, dataset = [small_net() for _ in range(3)], TensorDataset(*examples(20))
    for net in nets[1:]:
        net.load_state_dict(nets[0].state_dict())
    fit(nets[0], loader_of(dataset, 8, 0, 1), CPU, num_epochs=2)
    loader, batches = loader_of(dataset, 8, 0, 1), []
    for epoch in range(2):
        loader.sampler.set_epoch(epoch)
        batches += list(loader)
    assert len(batches) == 6
    averaged = []
    train(nets[1], batches, averaged.append)
    assert averaged == [nets[1]] * 6
    optimizer = torch.optim.SGD(nets[2].parameters(), lr=0.1)
    for X, y in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(nets[2](X), y).backward()
        optimizer.step()
    torch.testing.assert_close(nets[0].state_dict(), nets[2].state_dict())
    torch.testing.assert_close(nets[1].state_dict(), nets[2].state_dict())


@pytest.mark.parametrize("size", [2, 4])
def test_the_parts_of_a_step_are_the_batch_of_one_process(definitions, size):
    (loader_of,) = definitions("8.4", "loader_of")
    dataset = TensorDataset(torch.arange(24))
    loaders = [loader_of(dataset, 8 // size, rank, size) for rank in range(size)]
    alone = loader_of(dataset, 8, 0, 1)
    orders = []
    for epoch in range(2):
        for loader in (*loaders, alone):
            loader.sampler.set_epoch(epoch)
        orders.append(torch.cat([batch for (batch,) in alone]))
        for (batch,), *parts in zip(alone, *loaders, strict=True):
            together = torch.cat([part for (part,) in parts])
            assert sorted(together.tolist()) == sorted(batch.tolist())
    assert not torch.equal(*orders)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_example_is_counted_once(definitions, size):
    (count_correct,) = definitions("8.4", "count_correct")
    net, dataset = small_net(), TensorDataset(*examples(11))
    counts = sum(count_correct(net, dataset, rank, size, CPU) for rank in range(size))
    X, y = dataset.tensors
    assert counts.tolist() == [(net(X).argmax(dim=1) == y).sum().item(), 11]


def test_nets_of_one_seed_are_the_same(definitions):
    (make_net,) = definitions("8.4", "make_net")
    same, other = make_net().state_dict(), make_net(1).state_dict()
    torch.testing.assert_close(make_net(0).state_dict(), same)
    assert not torch.equal(same["1.weight"], other["1.weight"])


def test_the_fastest_step_is_a_time(definitions):
    milliseconds, dense_net, conv_net = definitions("8.4", "milliseconds", "dense_net", "conv_net")
    X, y = torch.rand(4, 1, 28, 28), torch.arange(4)
    for make in (dense_net, conv_net):
        assert milliseconds(make(), X, y) > 0
