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


def grad_clipping(
    params: Iterable[torch.Tensor], theta: float, device: torch.device | str
) -> torch.Tensor:
    """Scale the gradients down, in place, so that their common norm is at most `theta`.

    The same as :func:`torch.nn.utils.clip_grad_norm_`. Nothing waits for the device.

    Parameters
    ----------
    params
        Tensors with gradients, a list or a generator such as ``net.parameters()``; those without
        a gradient are passed over.
    theta
        The greatest norm allowed.
    device
        Where the gradients are.

    Returns
    -------
    torch.Tensor
        The norm before clipping, shape ``()``.

    Raises
    ------
    ValueError
        If `theta` is not positive.

    Notes
    -----
    Introduced in section 6.4 (Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent
    neural networks", 2013).
    """
    if theta <= 0:
        raise ValueError(f"theta must be positive, not {theta}.")
    grads = [param.grad for param in params if param.grad is not None]
    norm = torch.zeros((), device=device)
    for grad in grads:
        norm = norm + (grad**2).sum()
    norm = norm.sqrt()
    for grad in grads:
        grad *= (theta / norm).clamp(max=1)
    return norm
