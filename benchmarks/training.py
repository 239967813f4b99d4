"""An epoch of the training functions against the bare steps.

The bare steps run over batches that are in memory already, the training steps and then the
forward passes over the test set: no loader, no counting of losses and hits, no progress bar, no
printing.
"""

import contextlib
import io
from collections.abc import Callable, Iterator

import torch
from torch import nn

import d2lzh_pytorch as d2l
from benchmarks.measure import Comparison, compare

BATCH_SIZE = 256
ROUNDS = 5
DEEP_ROUNDS = 3  # each takes ten seconds and more

Batch = tuple[torch.Tensor, torch.Tensor]


def comparisons() -> Iterator[Comparison]:
    """Compare ``train_ch5`` and ``train_ch3`` with bare steps; the deeper nets at 96 pixels."""
    yield from _small_nets()
    yield from _deep_nets()


def _small_nets() -> Iterator[Comparison]:
    """LeNet and softmax regression, whole epochs."""
    train_iter, test_iter = d2l.load_data_fashion_mnist(BATCH_SIZE)
    train_batches, test_batches = list(train_iter), list(test_iter)

    def lenet_epoch(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        d2l.train_ch5(net, train_iter, test_iter, BATCH_SIZE, optimizer, "cpu", 1)

    def softmax_epoch(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        loss = nn.CrossEntropyLoss()
        d2l.train_ch3(net, train_iter, test_iter, loss, 1, BATCH_SIZE, optimizer=optimizer)

    def softmax_net() -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

    for name, make_net, epoch, goal in (
        ("`train_ch5`, LeNet", d2l.LeNet, lenet_epoch, 1.10),
        ("`train_ch3`, softmax regression", softmax_net, softmax_epoch, 1.6),
    ):
        yield compare(
            f"{name}: an epoch against its bare steps",
            _task(make_net, epoch),
            _task(make_net, _bare(train_batches, test_batches)),
            goal=goal,
            faster=False,
            rounds=ROUNDS,
        )


def _deep_nets() -> Iterator[Comparison]:
    """AlexNet and ResNet-18, eight steps at 96 pixels, which are resized on the way."""
    batch_size, size = 128, 96
    train_iter, test_iter = d2l.load_data_fashion_mnist(
        batch_size, size, num_train=8 * batch_size, num_test=batch_size
    )
    train_batches, test_batches = list(train_iter), list(test_iter)

    def epoch(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        d2l.train_ch5(net, train_iter, test_iter, batch_size, optimizer, "cpu", 1)

    for name, make_net in (
        ("AlexNet", lambda: d2l.AlexNet(size)),
        ("ResNet-18", lambda: d2l.resnet18(in_channels=1)),
    ):
        yield compare(
            f"`train_ch5`, {name}: steps at {size} px against bare steps on batches in memory",
            _task(make_net, epoch),
            _task(make_net, _bare(train_batches, test_batches)),
            goal=1.10,
            faster=False,
            rounds=DEEP_ROUNDS,
        )


def _task(
    make_net: Callable[[], nn.Module], epoch: Callable[[nn.Module, torch.optim.Optimizer], None]
) -> Callable[[], None]:
    net = make_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def run() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            epoch(net, optimizer)

    return run


def _bare(
    train_batches: list[Batch], test_batches: list[Batch]
) -> Callable[[nn.Module, torch.optim.Optimizer], None]:
    loss = nn.CrossEntropyLoss()

    def epoch(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        for X, y in train_batches:
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
        with torch.no_grad():
            for X, _ in test_batches:
                net(X)

    return epoch
