"""Training loops for classification: ``train_ch3`` and ``train_ch5``."""

import time
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import nn

from d2lzh_pytorch.progress import limit, progress
from d2lzh_pytorch.training.evaluation import (
    Batches,
    Net,
    check_shapes,
    evaluate_accuracy,
    to_device,
)
from d2lzh_pytorch.training.history import History
from d2lzh_pytorch.training.optimizers import sgd

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Update = Callable[[torch.Tensor, int], None]


def train_ch3(
    net: Net,
    train_iter: Batches,
    test_iter: Batches,
    loss: Loss,
    num_epochs: int,
    batch_size: int,
    params: Iterable[torch.Tensor] | None = None,
    lr: float | None = None,
    optimizer: torch.optim.Optimizer | None = None,
) -> History:
    """Train a classifier, with an optimizer or, without one, by plain SGD on `params`.

    Each epoch prints a line with the mean loss per example, the accuracy on the training set
    (while the weights were changing) and on the test set.

    Parameters
    ----------
    net
        A module or a function that maps a batch `X` to scores, shape ``(n, classes)``.
    train_iter, test_iter
        Batches ``(X, y)``; `y` holds true classes, shape ``(n,)``. They are moved to the
        device of the parameters.
    loss
        Called as ``loss(scores, y)``; returns the batch mean, or one value per example.
    num_epochs
        Passes over `train_iter`; at most two in a smoke run.
    batch_size
        Examples per batch, as the book passes it. A last, shorter batch counts with its own
        size.
    params, lr
        Tensors to train and the learning rate of SGD, where no optimizer is given. The sum of
        what `loss` returns is differentiated and divided by the batch size, so `loss` should
        return one value per example here: a batch mean makes steps that much smaller.
    optimizer
        Takes the step instead, along the gradient of the mean loss.

    Returns
    -------
    History
        What was printed, epoch by epoch, ready to plot.

    Raises
    ------
    ValueError
        If neither an optimizer nor both `params` and `lr` are given, if `num_epochs` or
        `batch_size` is below 1, if there is no batch, or if the scores and labels do not
        fit each other.

    Notes
    -----
    Introduced in section 3.6.
    """
    _require_positive(num_epochs=num_epochs, batch_size=batch_size)
    trained = list(params or ())
    if optimizer is not None:
        update = _optimizer_update(optimizer)
        device = optimizer.param_groups[0]["params"][0].device
    elif trained and lr is not None:
        update = _sgd_update(trained, lr)
        device = trained[0].device
    else:
        raise ValueError("give either an optimizer or both params and lr.")
    return _train(net, train_iter, test_iter, loss, num_epochs, update, device)


def train_ch5(
    net: nn.Module,
    train_iter: Batches,
    test_iter: Batches,
    batch_size: int,
    optimizer: torch.optim.Optimizer,
    device: torch.device | str,
    num_epochs: int,
) -> History:
    """Train a classifier with cross-entropy on a device.

    Parameters
    ----------
    net
        A module that maps a batch `X` to scores, shape ``(n, classes)``; it is moved to `device`.
    train_iter, test_iter
        Batches ``(X, y)``; `y` holds true classes, shape ``(n,)``.
    batch_size
        Examples per batch, as the book passes it; a last, shorter batch counts with its own size.
    optimizer
        Made for the parameters of `net`.
    device
        Where to train.
    num_epochs
        Passes over `train_iter`; at most two in a smoke run.

    Returns
    -------
    History
        What was printed, epoch by epoch, ready to plot.

    Raises
    ------
    ValueError
        If `num_epochs` or `batch_size` is below 1, if there is no batch, or if the scores and
        labels do not fit each other.

    Notes
    -----
    Introduced in section 5.5.
    """
    _require_positive(num_epochs=num_epochs, batch_size=batch_size)
    device = torch.device(device)
    net.to(device)
    print("training on", device)
    update = _optimizer_update(optimizer)
    loss = nn.CrossEntropyLoss()
    return _train(net, train_iter, test_iter, loss, num_epochs, update, device)


def _train(
    net: Net,
    train_iter: Batches,
    test_iter: Batches,
    loss: Loss,
    num_epochs: int,
    update: Update,
    device: torch.device,
) -> History:
    """Run the epochs; totals stay on the device until an epoch is over."""
    history = History()
    for epoch in limit(range(num_epochs)):
        start = time.perf_counter()
        loss_sum = torch.zeros((), device=device)
        correct = torch.zeros((), dtype=torch.int64, device=device)
        count = 0
        if isinstance(net, nn.Module):
            net.train()
        for X, y in progress(train_iter, desc=f"epoch {epoch + 1}/{num_epochs}"):
            X, y = to_device(X, y, device)
            scores = net(X)
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
        test_acc = evaluate_accuracy(test_iter, net, device)
        line = history.add(
            loss=loss_sum.item() / count,
            train_acc=correct.item() / count,
            test_acc=test_acc,
            seconds=time.perf_counter() - start,
        )
        print(line)
    return history


def _optimizer_update(optimizer: torch.optim.Optimizer) -> Update:
    def update(batch_loss: torch.Tensor, batch_size: int) -> None:
        optimizer.zero_grad()
        batch_loss.mean().backward()
        optimizer.step()

    return update


def _sgd_update(params: Sequence[torch.Tensor], lr: float) -> Update:
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


def _require_positive(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}.")
