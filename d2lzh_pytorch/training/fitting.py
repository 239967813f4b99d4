"""The loop behind ``train_ch3``, ``train_ch5`` and ``python -m d2lzh_pytorch train``."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext

import torch
from torch import nn

from d2lzh_pytorch.progress import limit, progress
from d2lzh_pytorch.training.distributed import ALONE, World
from d2lzh_pytorch.training.evaluation import (
    Batches,
    Net,
    check_shapes,
    count_correct,
    share,
    to_device,
)
from d2lzh_pytorch.training.history import History
from d2lzh_pytorch.training.optimizers import sgd

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Update = Callable[[torch.Tensor, int], None]


def fit(
    net: Net,
    train_iter: Batches,
    test_iter: Batches,
    loss: Loss,
    num_epochs: int,
    update: Update,
    device: torch.device,
    *,
    history: History | None = None,
    amp: bool = False,
    after_epoch: Callable[[History], None] | None = None,
    world: World = ALONE,
) -> History:
    """Train a classifier and print a line an epoch; totals stay on the device until it is over.

    Parameters
    ----------
    net, train_iter, test_iter, loss
        See :func:`d2lzh_pytorch.train_ch3`.
    num_epochs
        Number of the last epoch; at most two epochs are run in a smoke run.
    update
        Takes a step, given the loss of a batch and the number of its examples.
    device
        Where the net is and where batches go.
    history
        The record of earlier epochs, which are not run again.
    amp
        Compute the scores and the loss under autocast to bfloat16.
    after_epoch
        Called with the history when an epoch is over.
    world
        The processes that train `net` together. Each has its part of the batches; the history is
        that of all of them.

    Returns
    -------
    History
        All epochs, earlier ones included.

    Raises
    ------
    ValueError
        If there is no batch, or if the scores and labels do not fit each other.
    """
    history = History() if history is None else history
    forward = world.wrap(net)
    precision = torch.autocast(device.type, torch.bfloat16) if amp else nullcontext()
    for epoch in limit(range(len(history.loss), num_epochs)):
        start = time.perf_counter()
        loss_sum = torch.zeros((), device=device)
        correct = torch.zeros((), dtype=torch.int64, device=device)
        count = 0
        if isinstance(net, nn.Module):
            net.train()
        for X, y in progress(train_iter, desc=f"epoch {epoch + 1}/{num_epochs}"):
            X, y = to_device(X, y, device)
            with precision:
                scores = forward(X)
                if count == 0:
                    _check_batch(scores, y)
                batch_loss = loss(scores, y)
            update(batch_loss, len(y))
            with torch.no_grad():
                loss_sum += batch_loss.sum() if batch_loss.ndim else batch_loss * len(y)
                correct += (scores.argmax(dim=1) == y).sum()
            count += len(y)
        if count == 0:
            raise ValueError(
                f"train_iter gave no batch in epoch {epoch + 1}. It must give all batches anew in "
                "each epoch, as a list or a loader does and a generator does not."
            )
        world.average_buffers(net)
        with precision:
            tested = count_correct(test_iter, net, device)
        loss_total, right, examples, *tested_total = world.total(
            loss_sum.item(), correct.item(), count, *tested, device=device
        )
        line = history.add(
            loss=loss_total / examples,
            train_acc=right / examples,
            test_acc=share(*tested_total),
            seconds=time.perf_counter() - start,
        )
        print(line, flush=True)
        if after_epoch is not None:
            after_epoch(history)
    return history


def optimizer_update(
    optimizer: torch.optim.Optimizer, weights: Iterator[float] | None = None
) -> Update:
    """Return a step of the optimizer along the gradient of the mean loss.

    With `weights`, the mean loss of each batch is multiplied by the next of them; see
    :meth:`World.weights`.
    """

    def update(batch_loss: torch.Tensor, batch_size: int) -> None:
        mean = batch_loss.mean() if batch_loss.ndim else batch_loss
        if weights is not None:
            mean = mean * next(weights)
        optimizer.zero_grad()
        mean.backward()
        optimizer.step()

    return update


def sgd_update(params: Sequence[torch.Tensor], lr: float) -> Update:
    """Return a step of plain SGD: the loss is summed, its gradient divided by the batch size."""

    def update(batch_loss: torch.Tensor, batch_size: int) -> None:
        for param in params:
            param.grad = None
        batch_loss.sum().backward()
        sgd(params, lr, batch_size)

    return update


def _check_batch(scores: torch.Tensor, y: torch.Tensor) -> None:
    """Refuse a first batch whose scores and labels do not fit each other."""
    check_shapes(scores, y)
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= scores.shape[1]:
        raise ValueError(
            f"labels must be from 0 to {scores.shape[1] - 1}, as the net returns "
            f"{scores.shape[1]} scores per example; got labels from {low} to {high}."
        )
