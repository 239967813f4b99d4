"""The training loops of chapter 6: what they compute, report, write and refuse."""

import copy
import math
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode

from d2lzh_pytorch.data.sequences import data_iter_consecutive
from d2lzh_pytorch.models.rnn import RNNModel
from d2lzh_pytorch.training import language_models
from d2lzh_pytorch.training.language_models import (
    evaluate_perplexity,
    train_and_predict_rnn,
    train_and_predict_rnn_pytorch,
)

CHARS = list("，。一二三四五")
INDEX = {char: index for index, char in enumerate(CHARS)}
V, H = len(CHARS), 8
TEXT = [INDEX[char] for char in "一二三四五，三二一五四。" * 12]
VALID = [INDEX[char] for char in "一二三四五，三二一五四。" * 3]
LINE = re.compile(r"epoch (\d+), perplexity (\d+\.\d{6})(?:, valid (\d+\.\d))?, time \d+\.\d\d sec")


def get_params(seed=0):
    rng = torch.Generator().manual_seed(seed)
    shapes = (V, H), (H, H), (H,), (H, V), (V,)
    return nn.ParameterList(
        nn.Parameter(0.1 * torch.randn(shape, generator=rng)) for shape in shapes
    )


def init_state(batch_size, num_hiddens, device):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (hidden,), outputs = state, []
    for X in inputs:
        hidden = torch.tanh(X @ W_xh + hidden @ W_hh + b_h)
        outputs.append(hidden @ W_hq + b_q)
    return outputs, (hidden,)


def twin(params):
    """The same net from PyTorch's layers."""
    model = RNNModel(nn.RNN(V, H), V)
    with torch.no_grad():
        for target, param in zip(
            (model.rnn.weight_ih_l0, model.rnn.weight_hh_l0, model.rnn.bias_ih_l0),
            params[:3],
            strict=True,
        ):
            target.copy_(param.T if param.ndim == 2 else param)
        model.rnn.bias_hh_l0.zero_()
        model.dense.weight.copy_(params[3].T)
        model.dense.bias.copy_(params[4])
    return model


def fit_scratch(
    params=None, *, random=False, epochs=2, lr=1.0, theta=1.0, prefixes=("一",), **rest
):
    return train_and_predict_rnn(
        rnn, lambda: params or get_params(), init_state, H, V, "cpu", TEXT, CHARS, INDEX,
        random, epochs, 5, lr, theta, 3, rest.pop("period", 1), 6, prefixes, **rest,
    )  # fmt: skip


def fit_torch(model=None, *, epochs=2, lr=0.01, theta=1.0, prefixes=("一",), **rest):
    return train_and_predict_rnn_pytorch(
        model or twin(get_params()), H, V, "cpu", TEXT, CHARS, INDEX,
        epochs, 5, lr, theta, 3, rest.pop("period", 1), 6, prefixes, **rest,
    )  # fmt: skip


both = pytest.mark.parametrize("fit", [fit_scratch, fit_torch], ids=["scratch", "torch"])


# What is reported


@both
def test_prints_the_line_of_the_book_and_a_continuation_every_period(fit, capsys):
    history = fit(epochs=5, period=2, prefixes=["一", "三二"], valid_indices=VALID)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 * 3
    matches = [LINE.fullmatch(line) for line in lines[::3]]
    assert [int(match[1]) for match in matches] == [2, 4, 5]  # and the last
    for match in matches:
        epoch = int(match[1]) - 1
        assert float(match[2]) == pytest.approx(history.perplexity[epoch], abs=1e-6)
        assert float(match[3]) == pytest.approx(history.valid_perplexity[epoch], abs=0.051)
    for lines_of, prefix in ((lines[1::3], "一"), (lines[2::3], "三二")):
        assert all(re.fullmatch(rf" - {prefix}[{''.join(CHARS)}]{{6}}", line) for line in lines_of)
    assert len(history.perplexity) == len(history.valid_perplexity) == len(history.seconds) == 5


@both
def test_without_validation(fit, capsys):
    history = fit()
    assert history.valid_perplexity == []
    assert ", valid" not in capsys.readouterr().out


@both
def test_perplexity_is_the_exponential_of_the_mean_loss_per_character(fit):
    history = fit(lr=1e-12, epochs=1, valid_indices=VALID)  # the weights stay as they are
    model, state, losses = twin(get_params()), None, []
    for X, Y in data_iter_consecutive(TEXT, 3, 5):
        scores, state = model(X, state)
        losses.append(F.cross_entropy(scores, Y.T.flatten(), reduction="none"))
    expected = torch.cat(losses).mean().exp().item()
    assert history.perplexity == pytest.approx([expected], rel=1e-4)
    assert history.valid_perplexity == pytest.approx([evaluate_perplexity(model, VALID)], rel=1e-4)


@both
def test_learns_a_text_by_heart(fit):
    history = fit(epochs=60, lr=1.0 if fit is fit_scratch else 0.02, valid_indices=VALID)
    assert history.perplexity[0] > 5
    assert history.perplexity[-1] < 1.5
    assert history.valid_perplexity[-1] < 1.5


def test_temperature_and_form_are_handed_on(capsys):
    fit_torch(epochs=1, temperature=5.0, form="__，__。")
    fit_scratch(epochs=1, temperature=5.0, form="__，__。")
    for line in capsys.readouterr().out.splitlines()[1::2]:
        text = line.removeprefix(" - ")
        assert (text[2], text[5]) == ("，", "。")
        assert not set("，。") & set(text[:2] + text[3:5])


# What is computed


@pytest.mark.parametrize("random", [False, True])
def test_steps_from_scratch_are_those_of_torch(random):
    """Plain SGD along clipped gradients, the state fresh or carried on."""
    params, model = get_params(), twin(get_params())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    torch.manual_seed(4)
    fit_scratch(params, random=random, lr=0.5, theta=0.3, epochs=2, prefixes=[])
    torch.manual_seed(4)
    iterator = language_models.data_iter_random if random else data_iter_consecutive
    for _ in range(2):
        state = None
        for X, Y in iterator(TEXT, 3, 5):
            state = None if random or state is None else state.detach()
            scores, state = model(X, state)
            optimizer.zero_grad()
            F.cross_entropy(scores, Y.T.flatten()).backward()
            model.rnn.bias_hh_l0.grad = None  # our net has one bias only
            nn.utils.clip_grad_norm_(model.parameters(), 0.3)
            optimizer.step()
    assert_close(params[0].detach(), model.rnn.weight_ih_l0.T.detach())
    assert_close(params[1].detach(), model.rnn.weight_hh_l0.T.detach())
    assert_close(params[4].detach(), model.dense.bias.detach())


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_steps_with_a_module_are_adam_along_clipped_gradients(kind):
    model = RNNModel(kind(V, H, num_layers=2), V)
    reference = copy.deepcopy(model)
    optimizer = torch.optim.Adam(reference.parameters(), lr=0.01)
    fit_torch(model, theta=0.05, prefixes=[])
    for _ in range(2):
        state = None
        for X, Y in data_iter_consecutive(TEXT, 3, 5):
            if isinstance(state, tuple):
                state = tuple(part.detach() for part in state)
            elif state is not None:
                state = state.detach()
            scores, state = reference(X, state)
            optimizer.zero_grad()
            F.cross_entropy(scores, Y.T.flatten()).backward()
            nn.utils.clip_grad_norm_(reference.parameters(), 0.05)
            optimizer.step()
    for ours, theirs in zip(model.parameters(), reference.parameters(), strict=True):
        assert_close(ours, theirs)


@both
def test_same_seed_same_history(fit):
    def perplexities():
        torch.manual_seed(5)
        return fit(epochs=2, valid_indices=VALID).perplexity

    assert perplexities() == perplexities()


def test_dropout_is_on_in_training_and_off_in_validation():
    model = RNNModel(nn.RNN(V, H, num_layers=2, dropout=0.5), V)
    modes = []
    model.register_forward_hook(lambda module, *_: modes.append(module.training))
    fit_torch(model, epochs=1, prefixes=[], valid_indices=VALID)
    batches = len(list(data_iter_consecutive(TEXT, 3, 5)))
    assert modes == [True] * batches + [False]
    assert model.training


def test_bidirectional_trains_where_nothing_is_written():
    model = RNNModel(nn.LSTM(V, H, bidirectional=True), V)
    assert fit_torch(model, prefixes=[]).perplexity[-1] < V
    with pytest.raises(ValueError, match="bidirectional"):
        fit_torch(model, prefixes=["一"])


class _Waits(TorchDispatchMode):
    """Counts how often a number is fetched from the device."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += func is torch.ops.aten._local_scalar_dense.default
        return func(*args, **(kwargs or {}))


@both
def test_waits_for_the_device_once_an_epoch(fit):
    with _Waits() as waits:
        fit(epochs=3, prefixes=[])
    # Adam reads its step counters, which are on the CPU: one for each parameter and batch.
    counters = 6 * 3 * len(list(data_iter_consecutive(TEXT, 3, 5)))
    assert waits.count == (3 if fit is fit_scratch else 3 + counters)


@both
def test_smoke_run(fit, monkeypatch, capsys):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    model = twin(get_params())
    calls = []
    model.register_forward_hook(lambda *_: calls.append(1))
    history = fit_torch(model, epochs=50, period=20, prefixes=[]) if fit is fit_torch else None
    if history is None:
        history = fit(epochs=50, period=20)
    assert len(history.perplexity) == 2
    assert len(calls) in (0, 4)  # two batches each
    assert "epoch 2," in capsys.readouterr().out


# What is refused


@both
@pytest.mark.parametrize(
    ("epochs", "period", "wrong"), [(0, 1, "num_epochs"), (1, 0, "pred_period")]
)
def test_counts_must_be_positive(fit, epochs, period, wrong):
    with pytest.raises(ValueError, match=f"{wrong} must be a positive integer, not 0"):
        fit(epochs=epochs, period=period)


@both
def test_a_prefix_is_refused_before_training(fit, capsys):
    with pytest.raises(ValueError, match="not in the vocabulary"):
        fit(prefixes=["山"])
    assert capsys.readouterr().out == ""


# Perplexity of a text


def test_perplexity_of_a_model_that_knows_nothing():
    model = RNNModel(nn.RNN(V, H), V)
    with torch.no_grad():
        model.dense.weight.zero_()
        model.dense.bias.zero_()
    assert evaluate_perplexity(model, VALID) == pytest.approx(V, rel=1e-5)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM])
def test_perplexity_reads_the_text_as_one(kind, monkeypatch):
    model = RNNModel(kind(V, H), V).train()
    scores, _ = model(torch.tensor([VALID[:-1]]))
    expected = F.cross_entropy(scores, torch.tensor(VALID[1:])).exp().item()
    for chunk in (256, 7):
        monkeypatch.setattr(language_models, "CHUNK", chunk)
        assert evaluate_perplexity(model, VALID) == pytest.approx(expected, rel=1e-5)
    assert model.training


def test_perplexity_from_scratch_begins_with_the_state_given():
    params = get_params()

    def read(X, state):
        outputs, state = rnn(list(F.one_hot(X.T, V).float()), state, params)
        return torch.cat(outputs), state

    ours = evaluate_perplexity(read, VALID, state=init_state(1, H, "cpu"))
    assert ours == pytest.approx(evaluate_perplexity(twin(params), VALID), rel=1e-5)


def test_perplexity_may_be_infinite():
    def sure(X, state):
        return torch.full((X.shape[1], 2), 0.0).index_fill(1, torch.tensor([0]), 1e5), state

    assert evaluate_perplexity(sure, [1, 1, 1]) == math.inf
    assert evaluate_perplexity(sure, [0, 0, 0]) == 1


@pytest.mark.parametrize("text", [[], [1]])
def test_a_text_of_one_character_has_no_perplexity(text):
    with pytest.raises(ValueError, match="two characters at least"):
        evaluate_perplexity(RNNModel(nn.RNN(V, H), V), text)
