"""Training loops for classification: ``train_ch3`` and ``train_ch5``."""

from collections.abc import Iterable

import torch
from torch import nn

from d2lzh_pytorch.arguments import require_positive_ints
from d2lzh_pytorch.training.evaluation import Batches, Net
from d2lzh_pytorch.training.fitting import Loss, fit, optimizer_update, sgd_update
from d2lzh_pytorch.training.history import History


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
        `batch_size` is no positive integer, if there is no batch, or if the scores and labels
        do not fit each other.

    Notes
    -----
    Introduced in section 3.6.
    """
    require_positive_ints(num_epochs=num_epochs, batch_size=batch_size)
    trained = list(params or ())
    if optimizer is not None:
        update = optimizer_update(optimizer)
        device = optimizer.param_groups[0]["params"][0].device
    elif trained and lr is not None:
        update = sgd_update(trained, lr)
        device = trained[0].device
    else:
        raise ValueError("give either an optimizer or both params and lr.")
    return fit(net, train_iter, test_iter, loss, num_epochs, update, device)


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
        If `num_epochs` or `batch_size` is no positive integer, if there is no batch, or if the
        scores and labels do not fit each other.

    Notes
    -----
    Introduced in section 5.5.
    """
    require_positive_ints(num_epochs=num_epochs, batch_size=batch_size)
    device = torch.device(device)
    net.to(device)
    print("training on", device)
    update = optimizer_update(optimizer)
    loss = nn.CrossEntropyLoss()
    return fit(net, train_iter, test_iter, loss, num_epochs, update, device)
