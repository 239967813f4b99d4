"""Section 6.8: the long short-term memory as the notebook writes it, against torch."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l
from tests.notebooks.recurrent import compare_groups, random_params, read_alike, train_alike

ORDER = 0, 1, 3, 2  # torch: input, forget, candidate, output


def test_number_of_parameters(definitions):
    (get_params,) = definitions("6.8", "get_params", device="cpu")
    params = get_params(1027, 256)
    assert len(params) == 14
    assert sum(param.numel() for param in params) == 1_578_755
    group = [(11, 5), (5, 5), (5,)]
    shapes = [tuple(param.shape) for param in get_params(11, 5)]
    assert shapes == [*group * 4, (5, 11), (11,)]


def test_initial_state_is_two_zeros(definitions):
    (init_lstm_state,) = definitions("6.8", "init_lstm_state")
    H, C = init_lstm_state(3, 5, "cpu")
    assert H is not C
    assert_close((H, C), (torch.zeros(3, 5),) * 2)


@pytest.mark.parametrize("name", ["lstm", "lstm_fast"])
def test_net_is_nn_lstm_forward_and_gradient_over_several_windows(definitions, name):
    names = name, "get_params", "init_lstm_state", "torch_lstm"
    net, get_params, init_lstm_state, torch_lstm = definitions("6.8", *names, device="cpu")
    params = random_params(get_params, 11, 5)
    layer = torch_lstm(params)
    windows = [d2l.to_onehot(X, 11) for X in torch.randint(11, (3, 3, 4))]
    read_alike(net, params, init_lstm_state(3, 5, "cpu"), layer, windows)
    theirs = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T, layer.bias_ih_l0.grad
    compare_groups([param.grad for param in params], theirs, ORDER)


def test_order_of_the_weights_matters(definitions):
    names = "lstm", "get_params", "torch_lstm"
    lstm, get_params, torch_lstm = definitions("6.8", *names, device="cpu")
    params, X = random_params(get_params, 11, 5), torch.randn(6, 3, 11)
    _, (H, _) = lstm(X, (torch.zeros(3, 5), torch.zeros(3, 5)), params)
    assert_close(torch_lstm(params)(X)[1][0][0], H)
    for order in ((0, 1, 2, 3), (1, 0, 3, 2), (3, 1, 0, 2)):
        assert (torch_lstm(params, order)(X)[1][0][0] - H).abs().max() > 0.01


def test_training_takes_sgd_steps_along_clipped_gradients(definitions):
    """A pass of train_and_predict_rnn over a text is torch's."""
    names = "get_params", "init_lstm_state", "lstm_fast", "torch_lstm"
    get_params, init_lstm_state, lstm_fast, torch_lstm = definitions("6.8", *names, device="cpu")
    params = random_params(get_params, 11, 5)
    *joined, W_hq, b_q = train_alike(lstm_fast, params, init_lstm_state, torch_lstm(params))
    compare_groups(params, joined, ORDER)
    assert_close(list(params[12:]), [W_hq, b_q])


def test_gradient_by_distance_follows_the_forget_gate(definitions):
    names = "gradient_by_distance", "raise_gate", "FORGET"
    gradient_by_distance, raise_gate, forget = definitions("6.8", *names)
    cell = nn.LSTMCell(4, 8)
    with torch.no_grad():
        for param in cell.parameters():
            param.zero_()
    raise_gate(cell.bias_ih, forget, 2.0)
    assert cell.bias_ih.tolist() == [0.0] * 8 + [2.0] * 8 + [0.0] * 16
    norms, spread = gradient_by_distance(cell, num_steps=12)
    gate = 1 / (1 + math.exp(-2))
    assert_close(norms, gate ** torch.arange(12.0))  # nothing but the red line
    assert spread == 0


def test_recall_batch(definitions):
    (recall_batch,) = definitions("6.8", "recall_batch")
    X, y = recall_batch(64, 9)
    assert X.shape == (9, 64, 16)
    assert_close(X[0].argmax(dim=1), y)
    assert y.min() >= 0
    assert y.max() < 8
    assert X[1:, :, :8].sum() == 0


def test_recall_is_learnt_over_a_short_distance(definitions):
    (fit_recall,) = definitions("6.8", "fit_recall")
    layer, dense, losses, norms = fit_recall(0, 3, -3, num_steps=4)
    assert losses[-1] < 0.1 < 1.9 < losses[0]
    assert len(norms) == len(losses)
    assert min(norms) > 0
    assert dense.in_features == layer.hidden_size


def test_swap_reaches_the_state_that_is_named(definitions):
    """A layer that never forgets and writes only the first symbol keeps it in its cell."""
    (accuracy_after_swap,) = definitions("6.8", "accuracy_after_swap")
    layer, dense = nn.LSTM(16, 8), nn.Linear(8, 8)
    with torch.no_grad():
        for param in (*layer.parameters(), *dense.parameters()):
            param.zero_()
        _ = layer.bias_ih_l0.chunk(4)[1].fill_(50.0)  # keep
        _ = layer.weight_ih_l0.chunk(4)[2][:, :8].fill_diagonal_(3.0)  # write what is seen
        _ = dense.weight.fill_diagonal_(1.0)
    assert accuracy_after_swap(layer, dense, "") == 1
    assert accuracy_after_swap(layer, dense, "H") == 1
    assert accuracy_after_swap(layer, dense, "C") < 0.3


def test_forget_gates_give_back_the_states(definitions):
    (forget_gates,) = definitions("6.8", "forget_gates")
    layer, X = nn.LSTM(4, 6), torch.randn(7, 3, 4)
    gates = forget_gates(layer, X)
    state = None
    for t, x in enumerate(X):
        H = torch.zeros(3, 6) if state is None else state[0][0]
        parts = (x @ layer.weight_ih_l0.T + H @ layer.weight_hh_l0.T).chunk(4, dim=1)
        bias = (layer.bias_ih_l0 + layer.bias_hh_l0).chunk(4)
        i, f, g = (part + b for part, b in zip(parts[:3], bias[:3], strict=True))
        assert_close(gates[t], f.sigmoid())
        before = torch.zeros(3, 6) if state is None else state[1][0]
        _, state = layer(x[None], state)
        assert_close(state[1][0], gates[t] * before + i.sigmoid() * g.tanh())
