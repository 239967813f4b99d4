"""What a training run recorded."""

from dataclasses import dataclass, field


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
