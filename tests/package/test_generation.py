"""Writing on with a model whose scores are known."""

import math

import pytest
import torch
from torch import nn

from d2lzh_pytorch.models.rnn import RNNModel
from d2lzh_pytorch.training.generation import is_chinese, predict_rnn, predict_rnn_pytorch

CHARS = [" ", "□", "。", "一", "三", "二", "，"]
INDEX = {char: index for index, char in enumerate(CHARS)}
CYCLE = "一二三，一二三。"


class Counter(nn.Module):
    """Knows what follows a character, but for the comma and the full stop, which take turns."""

    def __init__(self, favour="。"):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.favour = favour
        self.seen = []

    def forward(self, X, state):
        steps = 0 if state is None else state
        self.seen.append((X.tolist(), state, self.training, torch.is_grad_enabled()))
        scores = torch.zeros(X.shape[1], len(CHARS))
        for row, number in enumerate(X[0].tolist()):
            following = {"一": "二", "二": "三", "三": "，", "，": "一", "。": "一"}
            scores[row, INDEX[following.get(CHARS[number], self.favour)]] = 5.0
        return scores, steps + X.shape[1]


def write(model, prefix, num_chars, **options):
    return predict_rnn_pytorch(prefix, num_chars, model, len(CHARS), "cpu", CHARS, INDEX, **options)


def test_likeliest_characters():
    assert write(Counter(), "一", 6) == "一二三，一二三"
    assert write(Counter(), "一二三", 0) == "一二三"


def test_prefix_is_read_at_once_and_the_state_carried_on():
    model = Counter()
    write(model, "一二", 3)
    assert [(X, state) for X, state, *_ in model.seen] == [
        ([[INDEX["一"], INDEX["二"]]], None),
        ([[INDEX["三"]]], 2),
        ([[INDEX["，"]]], 3),
    ]


def test_evaluation_mode_without_gradients_and_back():
    model = Counter().train()
    write(model, "一", 2)
    assert {(training, grad) for *_, training, grad in model.seen} == {(False, False)}
    assert model.training


def test_unknown_is_never_written():
    assert write(Counter(favour="□"), " ", 1)[-1] != "□"
    torch.manual_seed(0)
    assert "□" not in write(Counter(favour="□"), " ", 50, temperature=3.0)


def test_form_sets_punctuation_and_bars_it_elsewhere():
    form = "__，__。 "
    text = write(Counter(), "一", 12, form=form)
    assert len(text) == 13
    for place, char in enumerate(text):
        wanted = form[place % len(form)]
        assert is_chinese(char) if wanted == "_" else char == wanted


def test_form_with_given_characters_is_an_acrostic():
    text = write(Counter(), "三", 9, form="三_，一_。")
    assert len(text) == 10
    assert (text[0], text[3], text[6], text[9]) == ("三", "一", "三", "一")


def test_temperature_draws_from_the_softmax():
    torch.manual_seed(0)
    for temperature in (0.5, 1.0, 2.0):
        text = "".join(write(Counter(), "一", 1, temperature=temperature)[1] for _ in range(2000))
        weight = math.exp(5 / temperature)
        expected = weight / (weight + len(CHARS) - 2)  # without the unknown character
        assert text.count("二") / 2000 == pytest.approx(expected, abs=0.03)


def test_same_seed_same_text():
    torch.manual_seed(1)
    first = write(Counter(), "一", 30, temperature=2.0)
    torch.manual_seed(1)
    assert write(Counter(), "一", 30, temperature=2.0) == first
    assert write(Counter(), "一", 30, temperature=2.0) != first


@pytest.mark.parametrize("temperature", [0, -1.0])
def test_temperature_must_be_positive(temperature):
    with pytest.raises(ValueError, match="temperature must be positive"):
        write(Counter(), "一", 1, temperature=temperature)


@pytest.mark.parametrize("form", ["", "__x", "__！"])
def test_form_that_cannot_be_followed(form):
    with pytest.raises(ValueError, match="cannot be followed"):
        write(Counter(), "一", 1, form=form)


def test_form_without_chinese_characters():
    with pytest.raises(ValueError, match="cannot be followed"):
        predict_rnn_pytorch("a", 1, Counter(), 1, "cpu", ["a"], {"a": 0}, form="_")


def test_prefix_outside_the_vocabulary():
    with pytest.raises(ValueError, match="'山' in the prefix '一山' is not in the vocabulary"):
        write(Counter(), "一山", 1)


@pytest.mark.parametrize(("prefix", "num_chars"), [("", 3), ("一", -1)])
def test_nothing_to_write(prefix, num_chars):
    with pytest.raises(ValueError, match="must hold a character"):
        write(Counter(), prefix, num_chars)


def test_bidirectional_cannot_write():
    model = RNNModel(nn.GRU(len(CHARS), 4, bidirectional=True), len(CHARS))
    with pytest.raises(ValueError, match="bidirectional"):
        write(model, "一", 1)


@pytest.mark.parametrize("options", [{}, {"temperature": 1.5}, {"form": "____，"}])
def test_from_scratch_writes_what_the_module_writes(options):
    model = RNNModel(nn.RNN(len(CHARS), 4), len(CHARS))
    params = [model.rnn.weight_ih_l0.T, model.rnn.weight_hh_l0.T]
    params += [model.rnn.bias_ih_l0 + model.rnn.bias_hh_l0]
    params += [model.dense.weight.T, model.dense.bias]

    def rnn(inputs, state, params):
        W_xh, W_hh, b_h, W_hq, b_q = params
        (H,), outputs = state, []
        for X in inputs:
            H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
            outputs.append(H @ W_hq + b_q)
        return outputs, (H,)

    def init(batch_size, num_hiddens, device):
        return (torch.zeros(batch_size, num_hiddens, device=device),)

    torch.manual_seed(2)
    expected = write(model, "一二", 20, **options)
    torch.manual_seed(2)
    text = predict_rnn("一二", 20, rnn, params, init, 4, len(CHARS), "cpu", CHARS, INDEX, **options)
    assert text == expected
