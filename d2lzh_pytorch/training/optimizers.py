"""Optimizers of the course."""

from collections.abc import Iterable

import torch


def sgd(params: Iterable[torch.Tensor], lr: float, batch_size: int) -> None:
    """Take one step of mini-batch stochastic gradient descent, in place.

    Parameters
    ----------
    params
        Tensors whose ``.grad`` holds the gradient of the loss summed over the batch.
    lr
        Learning rate.
    batch_size
        Number of examples that sum ran over; the step follows the mean gradient.

    Notes
    -----
    Introduced in section 3.2.
    """
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size  # type: ignore[operator]  # .grad is there after backward()
