"""Wrong answers to the exercises of section 6.6."""

import torch
from torch import nn


def _states(X, H, W_xh, W_hh):
    states = [H]
    for x in X:
        states.append((x @ W_xh + states[-1] @ W_hh).relu())
    return states


def _back(X, H, W_xh, W_hh, dH, *, order=None, mask=None, shift=0, transposed=True, adds=True):
    states = _states(X, H, W_xh, W_hh)
    dW_xh, dW_hh, later = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(H)
    for t in order or reversed(range(len(X))):
        total = dH[t] + later if adds else dH[t]
        dZ = total * mask(states, t) if mask else total * (states[t + 1] > 0)
        dW_xh += X[t].T @ dZ
        dW_hh += states[t + shift].T @ dZ
        later = dZ @ (W_hh.T if transposed else W_hh)
    return dW_xh, dW_hh, later


def forward_order(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, order=range(len(X)))


def nothing_from_the_next_step(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, adds=False)


def mask_of_the_step_before(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, mask=lambda states, t: states[t] > 0)


def tanh_derivative(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, mask=lambda states, t: 1 - states[t + 1] ** 2)


def without_derivative(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, mask=lambda states, t: 1)


def new_state_not_old(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, shift=1)


def not_transposed(X, H, W_xh, W_hh, dH):
    return _back(X, H, W_xh, W_hh, dH, transposed=False)


def last_loss_only(X, H, W_xh, W_hh, dH):
    kept = torch.zeros_like(dH)
    kept[-1] = dH[-1]
    return _back(X, H, W_xh, W_hh, kept)


def fixed_windows(dH, W_hh, k):
    total = dH.clone()
    for t in reversed(range(len(dH) - 1)):
        if (t + 1) % k:
            total[t] += total[t + 1] @ W_hh.T
    return total


def one_step_more(dH, W_hh, k):
    from d2lzh_pytorch.exercises.ch06.sec06 import sliding_gradients

    return sliding_gradients(dH, W_hh, k + 1)


def exact(dH, W_hh, k):
    from d2lzh_pytorch.exercises.ch06.sec06 import sliding_gradients

    return sliding_gradients(dH, W_hh, len(dH))


def weight_not_transposed(dH, W_hh, k):
    from d2lzh_pytorch.exercises.ch06.sec06 import sliding_gradients

    return sliding_gradients(dH, W_hh.T, k)


def flows_to_later_steps(dH, W_hh, k):
    from d2lzh_pytorch.exercises.ch06.sec06 import sliding_gradients

    return sliding_gradients(dH.flip(0), W_hh, k).flip(0)


WRONG = {
    "6.6-1": [
        forward_order,
        nothing_from_the_next_step,
        mask_of_the_step_before,
        tanh_derivative,
        without_derivative,
        new_state_not_old,
        not_transposed,
        last_loss_only,
    ],
    "6.6-2": [
        fixed_windows,
        one_step_more,
        exact,
        weight_not_transposed,
        flows_to_later_steps,
    ],
}


def test_relu_net_is_nn_rnn():
    from d2lzh_pytorch.exercises.ch06.sec06 import relu_bptt

    layer = nn.RNN(3, 4, nonlinearity="relu", bias=False)
    X, H, dH = torch.randn(6, 2, 3), torch.rand(2, 4, requires_grad=True), torch.randn(6, 2, 4)
    W_xh, W_hh = layer.weight_ih_l0.detach().T, layer.weight_hh_l0.detach().T
    (layer(X, H[None])[0] * dH).sum().backward()
    ours = relu_bptt(X, H.detach(), W_xh, W_hh, dH)
    theirs = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T, H.grad
    torch.testing.assert_close(ours, theirs)


def test_long_reach_is_the_exact_gradient():
    from d2lzh_pytorch.exercises.ch06.sec06 import sliding_gradients

    dH, W_hh = torch.randn(5, 2, 3), torch.randn(3, 3)
    states = [torch.zeros(2, 3, requires_grad=True)]
    for _ in range(4):
        states.append(states[-1] @ W_hh)
    loss = sum((state * d).sum() for state, d in zip(states, dH, strict=True))
    exact_gradients = torch.stack(torch.autograd.grad(loss, states))
    torch.testing.assert_close(sliding_gradients(dH, W_hh, 5), exact_gradients)
    torch.testing.assert_close(sliding_gradients(dH, W_hh, 1), dH)
