"""What a training run recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(repr=False)
class History:
    """Record of a classification run, one value per epoch.

    Attributes
    ----------
    loss
        Mean loss per training example, while the weights were changing.
    train_acc
        Share of training examples classified correctly, while the weights were changing.
    test_acc
        Share of test examples classified correctly after the epoch.
    seconds
        Time the epoch took, evaluation included.

    Notes
    -----
    Introduced in section 3.6.
    """

    loss: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    test_acc: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, loss: float, train_acc: float, test_acc: float, seconds: float) -> str:
        """Record an epoch and return the line that reports it."""
        self.loss.append(loss)
        self.train_acc.append(train_acc)
        self.test_acc.append(test_acc)
        self.seconds.append(seconds)
        return (
            f"epoch {len(self.loss)}, loss {loss:.4f}, train acc {train_acc:.3f}, "
            f"test acc {test_acc:.3f}, time {seconds:.1f} sec"
        )

    def plot(self) -> None:
        """Draw the loss beside the two accuracies, over the epochs."""
        from d2lzh_pytorch.plotting import plt  # Matplotlib is loaded only by those who plot

        epochs = range(1, len(self.loss) + 1)
        _, (left, right) = plt.subplots(1, 2, figsize=(7, 2.5), layout="constrained")
        left.plot(epochs, self.loss, marker="o", label="train loss")
        right.plot(epochs, self.train_acc, marker="o", label="train acc")
        right.plot(epochs, self.test_acc, marker="s", linestyle="--", label="test acc")
        for axes, name in ((left, "loss"), (right, "accuracy")):
            axes.set(xlabel="epoch", ylabel=name)
            axes.xaxis.get_major_locator().set_params(integer=True)
            axes.legend()
            axes.grid(alpha=0.3)
        plt.show()

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no epoch yet)"
        return (
            f"History({len(self.loss)} epochs: loss {self.loss[-1]:.4f}, "
            f"train acc {self.train_acc[-1]:.3f}, test acc {self.test_acc[-1]:.3f})"
        )


@dataclass(repr=False)
class LossHistory:
    """Record of a run of ``train_ch7`` or ``train_pytorch_ch7``.

    Attributes
    ----------
    floor
        The least loss that the model can reach on these data, by least squares.
    epoch
        Where the loss was measured, in epochs: 0, then every 100 examples.
    loss
        Mean loss over all examples, at these places.
    seconds
        Time an epoch took on average, without the measuring.

    Notes
    -----
    Introduced in section 7.3.
    """

    floor: float
    epoch: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    seconds: float = float("nan")

    def add(self, epoch: float, loss: float) -> None:
        """Record a measurement."""
        self.epoch.append(epoch)
        self.loss.append(loss)

    def plot(self, axes: "Axes | None" = None, label: str | None = None) -> None:
        """Draw the loss over the epochs, and the floor as a dotted line.

        Parameters
        ----------
        axes
            Where to draw, so that several runs share a picture; a new figure by default.
        label
            Name of the curve.
        """
        from d2lzh_pytorch.plotting import plt  # Matplotlib is loaded only by those who plot

        if axes is None:
            _, axes = plt.subplots(figsize=(3.5, 2.5), layout="constrained")
        axes.plot(self.epoch, self.loss, label=label or "loss")
        named = "floor" in axes.get_legend_handles_labels()[1]
        axes.axhline(self.floor, color="gray", linestyle=":", label=None if named else "floor")
        axes.set(xlabel="epoch", ylabel="loss")
        axes.legend()

    def __repr__(self) -> str:
        if not self.loss:
            return f"LossHistory(nothing measured yet, floor {self.floor:.6f})"
        return (
            f"LossHistory({self.epoch[-1]:g} epochs: loss {self.loss[-1]:.6f}, "
            f"floor {self.floor:.6f})"
        )


@dataclass(repr=False)
class PerplexityHistory:
    """Record of training a language model, one value per epoch.

    Attributes
    ----------
    perplexity
        Of the training text, while the weights were changing: the exponential of the mean loss
        per character.
    valid_perplexity
        Of the validation text after the epoch; empty where none was given.
    seconds
        Time the epoch took, validation included, writing samples not.

    Notes
    -----
    Introduced in section 6.4.
    """

    perplexity: list[float] = field(default_factory=list)
    valid_perplexity: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, perplexity: float, valid_perplexity: float | None, seconds: float) -> None:
        """Record an epoch."""
        self.perplexity.append(perplexity)
        if valid_perplexity is not None:
            self.valid_perplexity.append(valid_perplexity)
        self.seconds.append(seconds)

    def line(self) -> str:
        """Return the line that reports the last epoch, as the book's with a part for validation."""
        valid = f", valid {self.valid_perplexity[-1]:.1f}" if self.valid_perplexity else ""
        return (
            f"epoch {len(self.perplexity)}, perplexity {self.perplexity[-1]:.6f}{valid}, "
            f"time {self.seconds[-1]:.2f} sec"
        )

    def plot(self, levels: Mapping[str, float] | None = None) -> None:
        """Draw both perplexities over the epochs, on a logarithmic axis.

        Parameters
        ----------
        levels
            Perplexities to compare with, such as ``{"uniform": 1556}``, drawn as dotted lines.
        """
        from matplotlib.ticker import LogFormatter, MaxNLocator  # loaded only by those who plot

        from d2lzh_pytorch.plotting import plt

        epochs = range(1, len(self.perplexity) + 1)
        _, axes = plt.subplots(figsize=(4.5, 3), layout="constrained")
        axes.semilogy(epochs, self.perplexity, label="train")
        if self.valid_perplexity:
            axes.semilogy(epochs, self.valid_perplexity, linestyle="--", label="valid")
        for i, (name, level) in enumerate((levels or {}).items()):
            axes.axhline(level, color=f"C{i + 2}", linestyle=":", label=name)
        axes.set(xlabel="epoch", ylabel="perplexity")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(LogFormatter())
        axes.yaxis.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
        axes.legend()
        axes.grid(alpha=0.3)
        plt.show()

    def __repr__(self) -> str:
        if not self.perplexity:
            return "PerplexityHistory(no epoch yet)"
        valid = f", valid {self.valid_perplexity[-1]:.1f}" if self.valid_perplexity else ""
        return (
            f"PerplexityHistory({len(self.perplexity)} epochs: "
            f"perplexity {self.perplexity[-1]:.3f}{valid})"
        )
