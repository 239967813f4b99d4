import pytest

from d2lzh_pytorch.plotting import plt
from d2lzh_pytorch.training.history import History, LossHistory


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


@pytest.fixture
def run():
    record = LossHistory(floor=0.24)
    record.add(0, 0.5)
    record.add(0.5, 0.3)
    record.add(1.0, 0.25)
    return record


def test_loss_history_repr(run):
    assert repr(LossHistory(0.25)) == "LossHistory(nothing measured yet, floor 0.250000)"
    assert repr(run) == "LossHistory(1 epochs: loss 0.250000, floor 0.240000)"


def test_loss_history_plots_the_loss_and_the_floor(run):
    assert run.plot() is None
    (axes,) = plt.gcf().axes
    curve, floor = axes.lines
    assert list(curve.get_xdata()) == [0, 0.5, 1]
    assert list(curve.get_ydata()) == [0.5, 0.3, 0.25]
    assert list(floor.get_ydata()) == [0.24, 0.24]
    assert floor.get_linestyle() == ":"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["loss", "floor"]


def test_several_runs_share_a_picture_and_one_floor_in_the_legend(run):
    _, axes = plt.subplots()
    run.plot(axes, "SGD")
    run.plot(axes, "Adam")
    assert len(plt.get_fignums()) == 1
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["SGD", "floor", "Adam"]
