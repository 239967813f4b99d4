"""Measuring how well a net classifies."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

from d2lzh_pytorch.device import module_device
from d2lzh_pytorch.progress import limit

Net = Callable[..., torch.Tensor]
Batches = Iterable[tuple[torch.Tensor, torch.Tensor]]


def accuracy(y_hat: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of examples whose highest score is that of the true class.

    Parameters
    ----------
    y_hat
        Scores or probabilities, shape ``(n, classes)``.
    y
        True classes, whole numbers, shape ``(n,)``.

    Notes
    -----
    Introduced in section 3.6.
    """
    return (y_hat.argmax(dim=1) == y).float().mean().item()


def evaluate_accuracy(
    data_iter: Batches, net: Net, device: torch.device | str | None = None
) -> float:
    """Return the accuracy of `net` over all batches of `data_iter`.

    A module is put into evaluation mode for the while and gets its own mode back, even after
    an error; a plain function that has a parameter ``is_training`` gets ``is_training=False``.
    No gradient is recorded.

    Parameters
    ----------
    data_iter
        Batches ``(X, y)``; `y` holds true classes, shape ``(n,)``.
    net
        Maps `X` to scores, shape ``(n, classes)``.
    device
        Where to move the batches; without it, the device of the module's parameters.

    Raises
    ------
    ValueError
        If there is no batch, if the scores and labels do not fit each other, or if `device` is
        not the one the module lives on.

    Notes
    -----
    Introduced in section 3.6; it has its final form in section 5.5.
    """
    return share(*count_correct(data_iter, net, device))


def count_correct(
    data_iter: Batches, net: Net, device: torch.device | str | None = None
) -> tuple[int, int]:
    """Return of how many examples the class is found, and how many there are.

    See :func:`evaluate_accuracy`; it is no error here if there is no batch.
    """
    device = data_device(net, device)
    correct: torch.Tensor | int = 0  # becomes a tensor where the batches are
    count = 0
    with evaluation_mode(net) as predict:
        for X, y in limit(data_iter):
            X, y = to_device(X, y, device)
            scores = predict(X)
            check_shapes(scores, y)
            correct += (scores.argmax(dim=1) == y).sum()
            count += len(y)
    return int(correct), count


def share(correct: float, count: float) -> float:
    """Return the accuracy; raise ValueError where there was no example."""
    if count == 0:
        raise ValueError("data_iter has no batch; nothing can be evaluated.")
    return correct / count


def check_shapes(scores: torch.Tensor, y: torch.Tensor) -> None:
    """Refuse scores and labels that would not be compared one to one, but broadcast."""
    if scores.ndim != 2 or y.ndim != 1 or len(scores) != len(y):
        raise ValueError(
            "the net must return scores of shape (n, classes) for labels of shape (n,); "
            f"got {tuple(scores.shape)} and {tuple(y.shape)}."
        )


@contextmanager
def evaluation_mode(net: Net) -> Iterator[Net]:
    """Give the net as it predicts, without recording gradients; restore its mode at the end."""
    with torch.no_grad():
        if not isinstance(net, nn.Module):
            yield _without_training(net)
            return
        modes = {module: module.training for module in net.modules()}
        net.eval()
        try:
            yield net
        finally:
            for module, training in modes.items():
                module.training = training


def data_device(net: Net, device: torch.device | str | None) -> torch.device | None:
    """Return the device the batches belong on; raise ValueError where the net is elsewhere."""
    home = module_device(net)
    if device is None:
        return home
    device = torch.device(device)
    if home is not None and not _same(home, device):
        raise ValueError(
            f"the net is on {str(home)!r}, but the data were to go to {str(device)!r}; "
            f"move the net first: net.to({str(device)!r})."
        )
    return device


def _same(home: torch.device, device: torch.device) -> bool:
    """Tell whether tensors sent to `device` arrive on `home`; "cuda" stands for any CUDA device."""
    return home.type == device.type and device.index in (None, home.index)


def to_device(
    X: torch.Tensor, y: torch.Tensor, device: torch.device | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Move a batch; without a device it stays where it is."""
    return (X, y) if device is None else (X.to(device), y.to(device))


def _without_training(net: Net) -> Net:
    try:
        parameters = inspect.signature(net).parameters
    except ValueError:  # a function that is not written in Python, such as a tensor's `mm`
        return net
    if "is_training" not in parameters:
        return net

    def predict(X: torch.Tensor) -> torch.Tensor:
        return net(X, is_training=False)

    return predict
