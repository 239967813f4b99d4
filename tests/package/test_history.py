import pytest

from d2lzh_pytorch.plotting import plt
from d2lzh_pytorch.training.history import History


@pytest.fixture
def history():
    record = History()
    record.add(loss=0.78571, train_acc=0.7494, test_acc=0.7936, seconds=1.23)
    record.add(loss=0.5, train_acc=0.8, test_acc=0.81, seconds=1.1)
    record.add(loss=0.25, train_acc=0.9, test_acc=0.85, seconds=1.0)
    return record


def test_keeps_the_values_unrounded(history):
    assert history.loss == [0.78571, 0.5, 0.25]
    assert history.train_acc == [0.7494, 0.8, 0.9]
    assert history.test_acc == [0.7936, 0.81, 0.85]
    assert history.seconds == [1.23, 1.1, 1.0]


def test_reports_an_epoch_in_the_form_of_the_book():
    line = History().add(loss=0.78571, train_acc=0.7494, test_acc=0.7936, seconds=1.23)
    assert line == "epoch 1, loss 0.7857, train acc 0.749, test acc 0.794, time 1.2 sec"


def test_two_histories_share_nothing(history):
    assert History().loss == []


def test_repr(history):
    assert repr(History()) == "History(no epoch yet)"
    assert repr(history) == "History(3 epochs: loss 0.2500, train acc 0.900, test acc 0.850)"


def test_plot_draws_all_points_on_named_axes(history):
    assert history.plot() is None  # a figure returned would be shown twice in a notebook
    left, right = plt.gcf().axes
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in (left, right)] == [
        ("epoch", "loss"),
        ("epoch", "accuracy"),
    ]
    curves = {line.get_label(): line for axes in (left, right) for line in axes.lines}
    assert curves.keys() == {"train loss", "train acc", "test acc"}
    assert all(list(curve.get_xdata()) == [1, 2, 3] for curve in curves.values())
    assert list(curves["train loss"].get_ydata()) == history.loss
    assert list(curves["train acc"].get_ydata()) == history.train_acc
    assert list(curves["test acc"].get_ydata()) == history.test_acc


def test_each_plot_is_a_figure_of_its_own(history):
    history.plot()
    first = plt.gcf()
    history.plot()
    assert plt.gcf() is not first
    assert len(first.axes) == 2
