import pytest

from d2lzh_pytorch.plotting import plt
from d2lzh_pytorch.training.history import PerplexityHistory


@pytest.fixture
def history():
    record = PerplexityHistory()
    record.add(70.0396471, 80.25, 0.117)
    record.add(9.7, 60.0, 0.1)
    return record


def test_line_of_the_book():
    record = PerplexityHistory()
    record.add(70.0396471, None, 0.117)
    assert record.line() == "epoch 1, perplexity 70.039647, time 0.12 sec"


def test_line_with_validation(history):
    assert history.line() == "epoch 2, perplexity 9.700000, valid 60.0, time 0.10 sec"


def test_repr(history):
    assert repr(history) == "PerplexityHistory(2 epochs: perplexity 9.700, valid 60.0)"
    assert repr(PerplexityHistory()) == "PerplexityHistory(no epoch yet)"


def test_plot(history):
    history.plot({"uniform": 1556, "bigram": 240})
    (axes,) = plt.gcf().axes
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == (
        "epoch",
        "perplexity",
        "log",
    )
    labels = axes.get_legend_handles_labels()[1]
    assert labels == ["train", "valid", "uniform", "bigram"]
    assert [list(line.get_ydata()) for line in axes.lines[:2]] == [
        history.perplexity,
        history.valid_perplexity,
    ]


def test_plot_without_validation():
    record = PerplexityHistory()
    record.add(3.0, None, 0.1)
    record.plot()
    assert plt.gca().get_legend_handles_labels()[1] == ["train"]
