"""train_2d, train_ch7 and train_pytorch_ch7: what they compute, report and refuse."""

import itertools
import re

import IPython
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch import plotting
from d2lzh_pytorch.data.airfoil import get_data_ch7
from d2lzh_pytorch.seed import set_seed
from d2lzh_pytorch.training import optimization
from d2lzh_pytorch.training.optimization import train_2d, train_ch7, train_pytorch_ch7

GENERATOR = torch.Generator().manual_seed(3)
X = torch.randn(250, 3, generator=GENERATOR)
Y = X @ torch.tensor([1.0, -2.0, 0.5]) + 0.3 + 0.5 * torch.randn(250, generator=GENERATOR)
LINE = re.compile(r"loss: (\d+\.\d{6}|nan|inf), (\d+\.\d{6}) sec per epoch\n")


def book_sgd(params, states, hyperparams):
    """Written with ``.data``, as the book does."""
    for p in params:
        p.data -= hyperparams["lr"] * p.grad.data


def sgd(params, states, hyperparams):
    with torch.no_grad():
        for p in params:
            p -= hyperparams["lr"] * p.grad


def by_hand(num_epochs=2, batch_size=10, lr=0.1, **rest):
    return train_ch7(sgd, None, {"lr": lr}, X, Y, batch_size, num_epochs, **rest)


def by_torch(num_epochs=2, batch_size=10, optimizer=torch.optim.SGD, lr=0.1, **rest):
    return train_pytorch_ch7(optimizer, {"lr": lr}, X, Y, batch_size, num_epochs, **rest)


both = pytest.mark.parametrize("fit", [by_hand, by_torch], ids=["train_ch7", "train_pytorch_ch7"])


def floor():
    X1 = torch.cat([X, torch.ones(250, 1)], dim=1)
    return F.mse_loss(X1 @ torch.linalg.lstsq(X1, Y[:, None]).solution, Y[:, None]).item() / 2


# train_2d


def test_train_2d_prints_the_line_of_the_book(capsys):
    results = train_2d(lambda x1, x2, s1, s2: (x1 - 0.1 * 2 * x1, x2 - 0.1 * 4 * x2, 0, 0))
    assert capsys.readouterr().out == "epoch 20, x1 -0.057646, x2 -0.000073\n"
    assert len(results) == 21
    assert results[:2] == [(-5, -2), pytest.approx((-4, -1.2))]


def test_train_2d_hands_the_states_on():
    def count(x1, x2, s1, s2):
        return x1 + s1, x2 + s2, s1 + 1, s2 + 10

    assert train_2d(count, num_steps=3) == [(-5, -2), (-5, -2), (-4, 8), (-2, 28)]


@pytest.mark.parametrize("states", [(), (1.0,), (1, 2, 3, 4, 5)])
def test_train_2d_takes_any_number_of_states_and_any_start(states, capsys):
    seen = []

    def trainer(x1, x2, *states):
        seen.append(states)
        return (x1 / 2, x2 / 2, *states)

    results = train_2d(trainer, start=(-7, 2), states=states, num_steps=2)
    assert seen == [states, states]
    assert results == [(-7, 2), (-3.5, 1), (-1.75, 0.5)]
    assert capsys.readouterr().out == "epoch 2, x1 -1.750000, x2 0.500000\n"


def test_train_2d_is_whole_in_a_smoke_run(monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    assert len(train_2d(lambda *values: values)) == 21


# What is computed


@pytest.mark.parametrize("batch_size", [1, 10, 64, 250, 1000])
def test_by_hand_and_torch_are_the_same_run(batch_size):
    runs = []
    for fit in (by_hand, by_torch):
        set_seed(1)
        runs.append(fit(batch_size=batch_size, quiet=True))
    ours, theirs = runs
    assert ours.epoch == theirs.epoch
    assert_close(ours.loss, theirs.loss)
    assert ours.loss[-1] < ours.loss[0]


def test_code_of_the_book_runs_unchanged():
    losses = []
    for step in (book_sgd, sgd):
        set_seed(2)
        losses.append(train_ch7(step, None, {"lr": 0.05}, X, Y, quiet=True).loss)
    assert losses[0] == losses[1]


def test_states_and_hyperparams_are_handed_on():
    states, hyperparams, seen = (torch.zeros(3, 1), torch.zeros(1)), {"lr": 0.1, "t": 1}, []

    def step(params, states, hyperparams):
        seen.append((states, hyperparams))
        assert [p.shape for p in params] == [s.shape for s in states]
        assert [p.grad.shape for p in params] == [s.shape for s in states]

    train_ch7(step, states, hyperparams, X, Y, 100, 1, quiet=True)
    assert len(seen) == 3
    assert all(each[0] is states and each[1] is hyperparams for each in seen)


def test_the_gradient_is_that_of_the_mean_loss_of_the_batch():
    def step(params, states, hyperparams):
        w, b = params
        error = X @ w.detach() + b.detach() - Y[:, None]
        assert_close(w.grad, X.T @ error / 250)
        assert_close(b.grad, error.mean(dim=0))
        sgd(params, states, hyperparams)

    train_ch7(step, None, {"lr": 0.3}, X, Y, 250, 5, quiet=True)


def test_begins_near_zero():
    start = {}

    def note(params, states, hyperparams):
        start["w"], start["b"] = (p.detach().clone() for p in params)

    wide = torch.randn(4, 5000)
    train_ch7(note, None, None, wide, torch.zeros(4), 4, 1, quiet=True)
    assert start["w"].shape == (5000, 1)
    assert start["w"].std().item() == pytest.approx(0.01, rel=0.05)
    assert start["b"].tolist() == [0]


def test_each_example_is_used_once_an_epoch():
    counts = torch.zeros(6, dtype=torch.int64)

    class Spy(torch.optim.SGD):
        def step(self, closure=None):
            super().step(closure)
            counts.add_((self.param_groups[0]["params"][0].grad != 0).long().view(6))

    train_pytorch_ch7(Spy, {"lr": 0.0}, torch.eye(6), torch.ones(6), 4, 3, quiet=True)
    assert counts.tolist() == [3] * 6


@both
def test_reaches_the_floor(fit):
    history = fit(num_epochs=40, batch_size=250, lr=0.5, quiet=True)
    assert history.floor == pytest.approx(floor(), rel=1e-5)
    assert history.loss[-1] == pytest.approx(history.floor, rel=1e-4)
    assert min(history.loss) >= history.floor * (1 - 1e-6)


def test_lbfgs_gets_its_closure():
    history = by_torch(1, 250, torch.optim.LBFGS, lr=1, quiet=True)
    assert history.loss[-1] == pytest.approx(history.floor, rel=1e-5)


def test_the_floor_of_columns_that_depend_on_each_other():
    double = torch.cat([X, X], dim=1)
    history = train_ch7(sgd, None, {"lr": 0.1}, double, Y, quiet=True)
    assert history.floor == pytest.approx(floor(), rel=1e-4)


def test_double_precision():
    for history in (
        train_ch7(sgd, None, {"lr": 0.1}, X.double(), Y.double(), quiet=True),
        train_pytorch_ch7(torch.optim.SGD, {"lr": 0.1}, X.double(), Y.double(), quiet=True),
    ):
        assert history.loss[-1] == pytest.approx(floor(), rel=0.1)


def test_the_first_loss_is_that_of_the_first_weights():
    set_seed(5)
    w = torch.normal(0, 0.01, (3, 1))
    set_seed(5)
    history = by_hand(1, quiet=True)
    assert history.loss[0] == pytest.approx(F.mse_loss(X @ w, Y[:, None]).item() / 2, rel=1e-5)


# What is reported


@both
@pytest.mark.parametrize(
    ("batch_size", "num_epochs", "epochs"),
    [
        (10, 2, [0, 0.4, 0.8, 1.2, 1.6, 2]),
        (1, 1, [0, 0.4, 0.8, 1]),
        (250, 2, [0, 1, 2]),
        (30, 1, [0, 0.48, 0.84, 1]),  # the first batches past 100 and 200, and the end
        (75, 1, [0, 0.6, 0.9, 1]),
    ],
)
def test_measures_every_100_examples_and_at_the_end(fit, batch_size, num_epochs, epochs):
    history = fit(num_epochs, batch_size, quiet=True)
    assert history.epoch == pytest.approx(epochs)
    assert len(history.loss) == len(epochs)


@both
def test_prints_the_line_of_the_book(fit, capsys):
    history = fit()
    match = LINE.fullmatch(capsys.readouterr().out)
    assert float(match[1]) == pytest.approx(history.loss[-1], abs=1e-6)
    assert float(match[2]) == pytest.approx(history.seconds, abs=1e-6)


@both
def test_measuring_does_not_count_as_time(fit, monkeypatch):
    """Each look at the clock takes a second; only the pieces between measurements count."""
    ticks = itertools.count()
    monkeypatch.setattr(optimization.time, "perf_counter", lambda: float(next(ticks)))
    history = fit(num_epochs=1, batch_size=10, quiet=True)
    assert history.seconds == 3  # before, between and after two measurements


def test_seconds_are_the_mean_of_the_epochs(monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(optimization.time, "perf_counter", lambda: float(next(ticks)))
    assert by_hand(num_epochs=4, batch_size=250, quiet=True).seconds == 2


@both
def test_draws_the_losses_and_the_floor(fit, monkeypatch):
    drawn = []

    class Handle:
        def update(self, figure):
            (axes,) = figure.axes
            drawn.append({line.get_label(): list(line.get_ydata()) for line in axes.lines})
            self.labels = axes.get_xlabel(), axes.get_ylabel()

    handle = Handle()
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", lambda figure, display_id: handle)
    history = fit()
    assert drawn[-1] == {"loss": history.loss, "floor": [history.floor] * 2}
    assert handle.labels == ("epoch", "loss")


@both
def test_quiet_draws_and_prints_nothing(fit, capsys, monkeypatch):
    monkeypatch.setattr(plotting, "LivePlot", None)
    fit(quiet=True)
    assert capsys.readouterr().out == ""


def test_a_run_that_diverges_goes_on(capsys):
    history = by_hand(num_epochs=60, batch_size=250, lr=100.0)
    assert history.loss[-1] > 1e30 or not torch.tensor(history.loss[-1]).isfinite()
    assert capsys.readouterr().out.startswith("loss: ")


@both
def test_smoke_runs_two_batches_of_two_epochs(fit, monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    history = fit(num_epochs=10, quiet=True)
    assert history.epoch[-1] == pytest.approx(40 / 250)


def test_the_floors_of_the_data_of_chapter_7():
    features, labels = get_data_ch7()
    history = train_ch7(sgd, None, {"lr": 0.05}, features, labels, quiet=True)
    assert history.floor == pytest.approx(0.2411, abs=0.001)


def test_torch_random_state_alone_decides():
    set_seed(7)
    first = by_hand(quiet=True).loss
    assert by_hand(quiet=True).loss != first
    set_seed(7)
    nn.Linear(3, 1)  # draws too
    assert by_hand(quiet=True).loss != first


# What is refused


@both
@pytest.mark.parametrize("value", [0, -1, 2.0, True, "2"])
def test_numbers_must_be_positive_integers(fit, value):
    with pytest.raises(ValueError, match="num_epochs must be a positive integer"):
        fit(num_epochs=value)
    with pytest.raises(ValueError, match="batch_size must be a positive integer"):
        fit(batch_size=value)


@pytest.mark.parametrize(
    ("features", "labels"),
    [(X, Y[:, None]), (X, Y[:-1]), (X[:, 0], Y), (X[None], Y), (X, Y.sum())],
)
def test_shapes_must_fit(features, labels):
    shapes = rf"got \({', '.join(map(str, features.shape))},?\) and"
    with pytest.raises(ValueError, match=shapes):
        train_ch7(sgd, None, {"lr": 0.1}, features, labels)
    with pytest.raises(ValueError, match=shapes):
        train_pytorch_ch7(torch.optim.SGD, {"lr": 0.1}, features, labels)
