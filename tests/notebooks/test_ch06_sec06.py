"""Section 6.6: back-propagation through time as the notebook writes it, against autograd."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l

SIZES = [(6, 3, 5, 4, 3), (1, 2, 3, 3, 2), (9, 1, 2, 6, 4)]


def leaf(*shape):
    return torch.randn(shape, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("sizes", SIZES)
def test_linear_gradients_are_autograds(definitions, sizes):
    T, B, d, h, q = sizes
    names = "linear_rnn", "bptt_linear", "cross_entropy_gradient"
    linear_rnn, bptt_linear, cross_entropy_gradient = definitions("6.6", *names)
    X, y = torch.randn(T, B, d, dtype=torch.float64), torch.randint(q, (T, B))
    H, W_xh, W_hh, W_hq = leaf(B, h), leaf(d, h), leaf(h, h), leaf(h, q)
    states, scores = linear_rnn(X, H, W_xh, W_hh, W_hq)
    assert scores.shape == (T, B, q)
    scores.retain_grad()
    F.cross_entropy(scores.flatten(end_dim=1), y.flatten()).backward()
    dO = cross_entropy_gradient(scores.detach(), y)
    assert_close(dO, scores.grad)
    with torch.no_grad():
        ours = bptt_linear(X, states, dO, W_xh, W_hh, W_hq)
    assert_close(ours, (W_xh.grad, W_hh.grad, W_hq.grad, H.grad))


@pytest.mark.parametrize("sizes", SIZES)
def test_tanh_gradients_are_those_of_nn_rnn(definitions, sizes):
    T, B, d, h, q = sizes
    tanh_rnn, bptt = definitions("6.6", "tanh_rnn", "bptt")
    layer, dense = nn.RNN(d, h, dtype=torch.float64), nn.Linear(h, q, dtype=torch.float64)
    X, H = torch.randn(T, B, d, dtype=torch.float64), leaf(B, h)
    dO = torch.randn(T, B, q, dtype=torch.float64)
    scores = dense(layer(X, H[None])[0])
    (scores * dO).sum().backward()
    with torch.no_grad():
        bias = layer.bias_ih_l0 + layer.bias_hh_l0
        params = layer.weight_ih_l0.T, layer.weight_hh_l0.T, bias, dense.weight.T, dense.bias
        states, ours = tanh_rnn(X, H, *params)
        assert_close(ours, scores)
        ours = bptt(X, states, dO, *params)
    theirs = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_hh_l0, dense.weight, dense.bias]
    expected = [p.grad.T if p.ndim == 2 else p.grad for p in theirs]
    assert_close(list(ours), [*expected, H.grad])


def test_wrong_order_gives_another_gradient(definitions):
    tanh_rnn, bptt = definitions("6.6", "tanh_rnn", "bptt")
    params = [torch.randn(s) for s in ((5, 4), (4, 4), (4,), (4, 3), (3,))]
    X = torch.randn(6, 2, 5)
    states, scores = tanh_rnn(X, torch.zeros(2, 4), *params)
    right = bptt(X, states, scores, *params)
    assert_close(bptt(X, states, scores, *params, steps=range(6)[::-1]), right)
    wrong = bptt(X, states, scores, *params, steps=range(6)[:-1])
    assert not torch.allclose(wrong[1], right[1], rtol=0.1)


def test_training_by_hand_takes_sgd_steps(definitions):
    X = F.one_hot(torch.tensor([0, 1, 2, 1] * 3), 5).float().unsqueeze(1)
    y = torch.tensor([1, 2, 1, 0] * 3).unsqueeze(1)
    (train_by_hand,) = definitions("6.6", "train_by_hand", X_cycle=X, y_cycle=y)
    losses = train_by_hand(None, lr=0.5)

    d2l.set_seed(0)
    shapes = (5, 8), (8, 8), (8,), (8, 5), (5,)
    W_xh, W_hh, b_h, W_hq, b_q = params = [
        (0.3 * torch.randn(shape)).requires_grad_() for shape in shapes
    ]
    optimizer = torch.optim.SGD(params, lr=0.5)
    for loss_by_hand in losses[:20]:
        H, loss = torch.zeros(1, 8), 0.0
        for x, label in zip(X, y, strict=True):
            H = torch.tanh(x @ W_xh + H @ W_hh + b_h)
            loss = loss + F.cross_entropy(H @ W_hq + b_q, label) / len(X)
        assert loss.item() == pytest.approx(loss_by_hand, rel=1e-3)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize("radius", [0.7, 1.3])
def test_slope_is_the_spectral_radius(definitions, radius):
    names = "spectral_radius", "rescaled", "gradient_norms"
    spectral_radius, rescaled, gradient_norms = definitions("6.6", *names)
    W = rescaled(torch.randn(32, 32, dtype=torch.float64), radius)
    assert spectral_radius(W).item() == pytest.approx(radius)
    norms, states = gradient_norms(W, torch.clone)
    assert states.shape == (60, 16, 32)
    assert norms[0] == 1
    assert (norms[60] / norms[20]).item() ** (1 / 40) == pytest.approx(radius, rel=0.1)
    saturated, _ = gradient_norms(W, torch.tanh)
    assert (saturated[1:] < norms[1:]).all()


def small_model(vocab_size=11):
    return d2l.RNNModel(nn.RNN(vocab_size, 6), vocab_size)


def test_reading_step_by_step_is_reading_at_once(definitions):
    (read,) = definitions("6.6", "read")
    model, X = small_model(), torch.randint(11, (3, 7))
    scores, states = read(model, X)
    at_once, last = model(X)
    assert len(states) == 7
    assert_close(scores, at_once[-3:])
    assert_close(states[-1], last)


def test_norms_by_distance(definitions):
    model, windows = small_model(), torch.randint(11, (4, 61))
    (norms_by_distance,) = definitions("6.6", "norms_by_distance", windows=windows)
    norms = norms_by_distance(model)
    assert norms.shape == (41,)
    layer, dense = model.rnn, model.dense
    Y, _ = layer(d2l.one_hot(windows[:, :-1].T, 11))
    H = Y[-2].detach().requires_grad_()  # one step before the last
    scores = dense(layer(d2l.one_hot(windows[:, -2:-1].T, 11), H[None])[0][0])
    F.cross_entropy(scores, windows[:, -1], reduction="sum").backward()
    assert_close(norms[0], H.grad.norm(dim=1).mean())


def test_recent_characters_are_kept(definitions):
    model, windows = small_model(), torch.randint(11, (60, 61))
    (perplexity_with,) = definitions("6.6", "perplexity_with", windows=windows)
    scores, _ = model(windows[:, :-1])
    whole = F.cross_entropy(scores[-60:], windows[:, -1]).exp().item()
    assert perplexity_with(model, 60) == pytest.approx(whole, rel=1e-4)
    assert perplexity_with(model, 1) != pytest.approx(whole, rel=1e-6)


def test_window_gradient(definitions):
    (window_gradient,) = definitions("6.6", "window_gradient")
    model = small_model()
    X, Y = torch.randint(11, (3, 12)), torch.randint(11, (3, 12))
    exact, loss = window_gradient(model, X, Y, 12)
    scores, _ = model(X)
    expected = F.cross_entropy(scores, Y.T.flatten(), reduction="sum")
    assert loss == pytest.approx(expected.item(), rel=1e-4)
    assert_close(exact, torch.autograd.grad(expected, model.rnn.weight_hh_l0)[0].flatten())
    cut, loss_cut = window_gradient(model, X, Y, 3)
    assert loss_cut == pytest.approx(loss, rel=1e-4)
    assert not torch.allclose(cut, exact, rtol=1e-2)


@pytest.mark.parametrize(("start", "theta"), [(1.05, 1.0), (0.9, 1.0), (0.8, math.inf)])
def test_descent_is_torchs(definitions, start, theta):
    descend, power_loss = definitions("6.6", "descend", "power_loss")
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    for _ in range(30):
        optimizer.zero_grad()
        power_loss(w).backward()
        nn.utils.clip_grad_norm_([w], theta, foreach=False)
        optimizer.step()
    assert descend(start, theta, num_steps=30) == pytest.approx(w.item(), rel=1e-4)


def test_no_gradient_crosses_a_window_as_long_as_the_delay(definitions, monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    (recall_losses,) = definitions("6.6", "recall_losses")
    whole, cut = (recall_losses(torch.clone, window=window) for window in (40, 10))
    assert len(whole) == 2
    assert whole[0] == cut[0]  # the forward pass does not change
    assert whole[1] != cut[1]
