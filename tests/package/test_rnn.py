"""RNNModel over every recurrent layer of PyTorch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.models.rnn import RNNModel

VOCAB, HIDDEN = 11, 5
LAYERS = [
    (kind, {"num_layers": layers, "bidirectional": both})
    for kind in (nn.RNN, nn.GRU, nn.LSTM)
    for layers in (1, 2)
    for both in (False, True)
]
every_layer = pytest.mark.parametrize(
    ("kind", "options"), [*LAYERS, (nn.LSTM, {"proj_size": 3}), (nn.RNN, {"bias": False})]
)
pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections")


@every_layer
def test_scores_are_those_of_the_layer_and_the_dense_layer(kind, options):
    layer = kind(VOCAB, HIDDEN, **options)
    model = RNNModel(layer, VOCAB)
    X = torch.randint(VOCAB, (2, 7))
    scores, state = model(X, None)
    Y, expected = layer(F.one_hot(X.T, VOCAB).float())
    assert scores.shape == (7 * 2, VOCAB)
    assert_close(scores, model.dense(Y).reshape(-1, VOCAB))
    assert_close(state, expected)
    assert model.hidden_size == model.dense.in_features == Y.shape[-1]


@pytest.mark.parametrize(
    ("kind", "options"), [each for each in LAYERS if not each[1]["bidirectional"]]
)
def test_state_is_carried_on(kind, options):
    model = RNNModel(kind(VOCAB, HIDDEN, **options), VOCAB)
    X = torch.randint(VOCAB, (2, 7))
    whole, last = model(X, None)
    first, state = model(X[:, :3])
    second, state = model(X[:, 3:], state)
    assert_close(torch.cat([first, second]), whole)
    assert_close(state, last)


def test_scores_of_the_first_step_come_first():
    model = RNNModel(nn.RNN(VOCAB, HIDDEN), VOCAB)
    X = torch.randint(VOCAB, (2, 7))
    scores, _ = model(X)
    assert_close(scores[:2], model(X[:, :1])[0])


@pytest.mark.parametrize(
    ("kind", "expected"), [(nn.RNN, 592_899), (nn.GRU, 1_250_819), (nn.LSTM, 1_579_779)]
)
def test_parameters_at_the_books_sizes(kind, expected):
    model = RNNModel(kind(input_size=1027, hidden_size=256), 1027)
    assert sum(param.numel() for param in model.parameters()) == expected


def test_batch_first_is_refused():
    with pytest.raises(ValueError, match="without batch_first"):
        RNNModel(nn.RNN(VOCAB, HIDDEN, batch_first=True), VOCAB)


def test_another_input_size_is_refused():
    with pytest.raises(ValueError, match=r"takes 7 features.*input_size=11"):
        RNNModel(nn.GRU(7, HIDDEN), VOCAB)
