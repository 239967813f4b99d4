"""Section 6.7: the gated recurrent unit as the notebook writes it, against torch."""

import math
from functools import partial

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l
from tests.notebooks.recurrent import compare_groups, random_params, read_alike, train_alike

ORDER = 1, 0, 2  # torch: reset, update, candidate


def test_number_of_parameters(definitions):
    (get_params,) = definitions("6.7", "get_params", device="cpu")
    params = get_params(1027, 256)
    assert len(params) == 11
    assert sum(param.numel() for param in params) == 1_250_051
    group = [(11, 5), (5, 5), (5,)]
    shapes = [tuple(param.shape) for param in get_params(11, 5)]
    assert shapes == [*group * 3, (5, 11), (11,)]


@pytest.mark.parametrize("name", ["gru", "gru_fast"])
def test_net_is_nn_gru_forward_and_gradient_over_several_windows(definitions, name):
    names = name, "get_params", "init_gru_state", "torch_gru"
    net, get_params, init_gru_state, torch_gru = definitions("6.7", *names, device="cpu")
    options = {"reset_first": False} if name == "gru" else {}
    params = random_params(get_params, 11, 5)
    layer = torch_gru(params)
    windows = [d2l.to_onehot(X, 11) for X in torch.randint(11, (3, 3, 4))]
    read_alike(partial(net, **options), params, init_gru_state(3, 5, "cpu"), layer, windows)
    theirs = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T, layer.bias_ih_l0.grad
    compare_groups([param.grad for param in params], theirs, ORDER)


def test_bias_inside_the_reset_gate_is_torchs(definitions):
    gru, get_params, torch_gru = definitions("6.7", "gru", "get_params", "torch_gru", device="cpu")
    params = random_params(get_params, 11, 5)
    b_hn = torch.randn(5, requires_grad=True)
    layer = torch_gru(params, b_hn.detach())
    X = torch.randn(6, 3, 11)
    _, (H,) = gru(X, (torch.zeros(3, 5),), params, reset_first=False, b_hn=b_hn)
    theirs = layer(X)[1][0]
    assert_close(H, theirs)
    weight = torch.randn(3, 5)
    (ours,) = torch.autograd.grad((H * weight).sum(), b_hn)
    (expected,) = torch.autograd.grad((theirs * weight).sum(), layer.bias_hh_l0)
    assert_close(ours, expected[10:])
    assert (
        gru(X, (torch.zeros(3, 5),), params, reset_first=False)[1][0] - theirs
    ).abs().max() > 0.01


def test_reset_first_is_the_formula(definitions):
    gru, get_params = definitions("6.7", "gru", "get_params", device="cpu")
    params = random_params(get_params, 11, 5)
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    X, H = torch.randn(3, 11), torch.randn(3, 5)
    R = (X @ W_xr + H @ W_hr + b_r).sigmoid()
    Z = (X @ W_xz + H @ W_hz + b_z).sigmoid()
    after = Z * H + (1 - Z) * (X @ W_xh + (R * H) @ W_hh + b_h).tanh()
    outputs, (state,) = gru([X], (H,), params)
    assert_close(state, after)
    assert_close(outputs[0], after @ W_hq + b_q)


def test_training_takes_sgd_steps_along_clipped_gradients(definitions):
    """A pass of train_and_predict_rnn over a text is torch's."""
    names = "get_params", "init_gru_state", "gru_fast", "torch_gru"
    get_params, init_gru_state, gru_fast, torch_gru = definitions("6.7", *names, device="cpu")
    params = random_params(get_params, 11, 5)
    *joined, W_hq, b_q = train_alike(gru_fast, params, init_gru_state, torch_gru(params))
    compare_groups(params, joined, ORDER)
    assert_close(list(params[9:]), [W_hq, b_q])


def test_gradient_by_distance_follows_the_update_gate(definitions):
    gradient_by_distance, raise_update_gate = definitions(
        "6.7", "gradient_by_distance", "raise_update_gate"
    )
    cell = nn.GRUCell(4, 8)
    with torch.no_grad():
        for param in cell.parameters():
            param.zero_()
    raise_update_gate(cell.bias_ih, 2.0)
    assert cell.bias_ih.tolist() == [0.0] * 8 + [2.0] * 8 + [0.0] * 8
    norms = gradient_by_distance(cell, num_steps=12)
    gate = 1 / (1 + math.exp(-2))
    assert_close(norms, gate ** torch.arange(12.0))  # nothing but the red line


def test_recall_batch(definitions):
    (recall_batch,) = definitions("6.7", "recall_batch")
    X, y = recall_batch(64, 9)
    assert X.shape == (9, 64, 16)
    assert_close(X[0].argmax(dim=1), y)
    assert y.min() >= 0
    assert y.max() < 8
    assert X[1:, :, :8].sum() == 0


def test_recall_is_learnt_over_a_short_distance(definitions):
    (fit_recall,) = definitions("6.7", "fit_recall")
    losses = fit_recall(nn.GRU(16, 32), num_steps=3, num_updates=80)
    assert losses[-1] < 0.5 < 1.9 < losses[0]


def test_update_gates_give_back_the_states(definitions):
    (update_gates,) = definitions("6.7", "update_gates")
    layer, X = nn.GRU(4, 6), torch.randn(7, 3, 4)
    Z, H = update_gates(layer, X), layer(X)[0]
    before = torch.cat([torch.zeros(1, 3, 6), H[:-1]])
    candidate = (H - Z * before) / (1 - Z)
    assert candidate.abs().max() < 1  # tanh of something
    from_X = (X @ layer.weight_ih_l0.T + layer.bias_ih_l0).chunk(3, dim=-1)
    from_H = (before @ layer.weight_hh_l0.T + layer.bias_hh_l0).chunk(3, dim=-1)
    R = torch.sigmoid(from_X[0] + from_H[0])
    assert_close(candidate, torch.tanh(from_X[2] + R * from_H[2]), rtol=1e-4, atol=1e-4)
