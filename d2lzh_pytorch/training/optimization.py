"""Trying out optimization algorithms: on a function of two variables and a linear regression."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from d2lzh_pytorch.arguments import require_positive_ints
from d2lzh_pytorch.data.loader import TensorLoader
from d2lzh_pytorch.layers import linreg
from d2lzh_pytorch.progress import limit
from d2lzh_pytorch.training.history import LossHistory
from d2lzh_pytorch.training.losses import squared_loss

EXAMPLES_BETWEEN = 100  # measurements of the loss


def train_2d(
    trainer: Callable[..., tuple[float, ...]],
    start: tuple[float, float] = (-5, -2),
    states: Sequence[float] = (0, 0),
    num_steps: int = 20,
) -> list[tuple[float, float]]:
    """Let an algorithm take steps over the plane, and print where it ends.

    Parameters
    ----------
    trainer
        One step: called as ``trainer(x1, x2, s1, s2)``, returns the new values of the same four.
        There are as many states as `states` has; an algorithm without memory hands them back.
    start
        Where to begin.
    states
        First values of the states.
    num_steps
        Number of steps, also in a smoke run.

    Returns
    -------
    list of tuple of float
        The points ``(x1, x2)`` of the path, `start` first.

    Notes
    -----
    Introduced in section 7.2.
    """
    x1, x2 = start
    results = [(x1, x2)]
    for _ in range(num_steps):
        x1, x2, *states = trainer(x1, x2, *states)
        results.append((x1, x2))
    print(f"epoch {num_steps}, x1 {x1:f}, x2 {x2:f}")
    return results


def train_ch7(
    optimizer_fn: Callable[[list[Tensor], Any, Any], object],
    states: Any,
    hyperparams: Any,
    features: Tensor,
    labels: Tensor,
    batch_size: int = 10,
    num_epochs: int = 2,
    *,
    quiet: bool = False,
) -> LossHistory:
    """Train a linear regression with an optimization algorithm written by hand.

    The loss over all examples is drawn every 100 examples, and printed at the end with the time
    an epoch took; that time is without the measuring and drawing.

    Parameters
    ----------
    optimizer_fn
        One step: called as ``optimizer_fn([w, b], states, hyperparams)``, with the gradients of
        the mean loss of a mini-batch in ``w.grad`` and ``b.grad``; changes `w`, shape ``(d, 1)``,
        and `b`, shape ``(1,)``, in place.
    states, hyperparams
        Handed on to `optimizer_fn`.
    features
        float, shape ``(n, d)``.
    labels
        Shape ``(n,)``.
    batch_size
        Examples per mini-batch, drawn without replacement in each epoch.
    num_epochs
        Passes over the examples; at most two, of two mini-batches each, in a smoke run.
    quiet
        Draw and print nothing.

    Returns
    -------
    LossHistory
        The losses, ready to plot.

    Raises
    ------
    ValueError
        If features and labels do not have these shapes, or `batch_size` or `num_epochs` is no
        positive integer.

    Notes
    -----
    The weights begin as random numbers with standard deviation 0.01, the bias as 0. Half the
    squared error is the loss. With the same seed, :func:`~d2lzh_pytorch.train_pytorch_ch7` begins
    with the same weights and sees the same mini-batches.

    Introduced in section 7.3.
    """
    _check(features, labels, num_epochs)
    w = _first_weights((features.shape[1], 1), features).requires_grad_()
    b = torch.zeros(1, dtype=features.dtype, device=features.device, requires_grad=True)

    def predict(X: Tensor) -> Tensor:
        return linreg(X, w, b)

    def step(X: Tensor, y: Tensor) -> None:
        w.grad = b.grad = None
        squared_loss(predict(X), y).mean().backward()
        optimizer_fn([w, b], states, hyperparams)

    loader = TensorLoader((features, labels), batch_size, shuffle=True)
    return _train(predict, step, loader, num_epochs, quiet)


def train_pytorch_ch7(
    optimizer_fn: Callable[..., torch.optim.Optimizer],
    optimizer_hyperparams: Mapping[str, Any],
    features: Tensor,
    labels: Tensor,
    batch_size: int = 10,
    num_epochs: int = 2,
    *,
    quiet: bool = False,
) -> LossHistory:
    """Train a linear regression with one of PyTorch's optimizers.

    Parameters
    ----------
    optimizer_fn
        A class such as ``torch.optim.SGD``, called as
        ``optimizer_fn(net.parameters(), **optimizer_hyperparams)``.
    optimizer_hyperparams
        Its settings by name.
    features, labels, batch_size, num_epochs, quiet
        See :func:`~d2lzh_pytorch.train_ch7`.

    Returns
    -------
    LossHistory
        The losses, ready to plot.

    Raises
    ------
    ValueError
        If features and labels do not have these shapes, or `batch_size` or `num_epochs` is no
        positive integer.

    Notes
    -----
    The step gets a closure that computes the loss anew, so that ``torch.optim.LBFGS`` works too.

    Introduced in section 7.3.
    """
    _check(features, labels, num_epochs)
    net = nn.Linear(features.shape[1], 1, dtype=features.dtype, device="meta")
    net = net.to_empty(device=features.device)
    with torch.no_grad():
        net.weight.copy_(_first_weights((1, features.shape[1]), features))
        net.bias.zero_()
    optimizer = optimizer_fn(net.parameters(), **optimizer_hyperparams)

    def step(X: Tensor, y: Tensor) -> None:
        def closure() -> Tensor:
            optimizer.zero_grad()
            loss = squared_loss(net(X), y).mean()
            loss.backward()
            return loss

        optimizer.step(closure)  # type: ignore[arg-type]  # stated too narrowly: L-BFGS takes tensors

    loader = TensorLoader((features, labels), batch_size, shuffle=True)
    return _train(net, step, loader, num_epochs, quiet)


def _train(
    predict: Callable[[Tensor], Tensor],
    step: Callable[[Tensor, Tensor], None],
    loader: TensorLoader,
    num_epochs: int,
    quiet: bool,
) -> LossHistory:
    """Take a step for each mini-batch; record, draw and print the loss over all examples."""
    history = LossHistory(_least_squares_loss(*loader.tensors))
    measurements = _measurements(predict, step, loader, num_epochs, history)
    if quiet:
        for epoch, loss in measurements:
            history.add(epoch, loss)
        return history

    from d2lzh_pytorch.plotting import LivePlot  # Matplotlib is loaded only by those who plot

    with LivePlot("epoch", "loss", floor=history.floor) as plot:
        for epoch, loss in measurements:
            history.add(epoch, loss)
            plot.add(epoch, loss=loss)
    print(f"loss: {history.loss[-1]:f}, {history.seconds:f} sec per epoch")
    return history


def _measurements(
    predict: Callable[[Tensor], Tensor],
    step: Callable[[Tensor, Tensor], None],
    loader: TensorLoader,
    num_epochs: int,
    history: LossHistory,
) -> Iterator[tuple[float, float]]:
    """Train; yield the epoch and the loss whenever another 100 examples were used, and at the end.

    The clock stands still while the loss is measured and while the caller has it.
    """
    features, labels = loader.tensors
    seen = measured_at = 0
    seconds = 0.0

    def measure() -> tuple[float, float]:
        with torch.no_grad():
            loss = squared_loss(predict(features), labels).mean().item()
        return seen / len(labels), loss

    yield measure()
    epochs = list(limit(range(num_epochs)))
    for _ in epochs:
        start = time.perf_counter()
        for X, y in loader:
            step(X, y)
            seen += len(y)
            if seen // EXAMPLES_BETWEEN > measured_at // EXAMPLES_BETWEEN:
                seconds += time.perf_counter() - start
                measured_at = seen
                yield measure()
                start = time.perf_counter()
        seconds += time.perf_counter() - start
    history.seconds = seconds / len(epochs)
    if measured_at < seen:
        yield measure()


def _first_weights(shape: tuple[int, int], like: Tensor) -> Tensor:
    return torch.normal(0.0, 0.01, shape, dtype=like.dtype, device=like.device)


def _least_squares_loss(features: Tensor, labels: Tensor) -> float:
    """Return the mean loss of the best linear model, bias included."""
    X, y = features.cpu().double(), labels.cpu().double()[:, None]
    X1 = torch.cat([X, torch.ones_like(y)], dim=1)
    return squared_loss(X1 @ torch.linalg.lstsq(X1, y).solution, y).mean().item()


def _check(features: Tensor, labels: Tensor, num_epochs: int) -> None:
    if features.ndim != 2 or labels.shape != features.shape[:1]:
        raise ValueError(
            "features must have shape (n, d) and labels (n,), as get_data_ch7() returns them; "
            f"got {tuple(features.shape)} and {tuple(labels.shape)}."
        )
    require_positive_ints(num_epochs=num_epochs)
