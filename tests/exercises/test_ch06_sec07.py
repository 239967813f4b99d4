"""Wrong answers to the exercises of section 6.7."""

import math

import pytest
import torch
from torch import nn


def _parts(X, H, weight_ih, weight_hh, bias_ih, bias_hh):
    from_X = (X @ weight_ih.T + bias_ih).chunk(3, dim=1)
    return from_X, (H @ weight_hh.T + bias_hh).chunk(3, dim=1)


def update_gate_first(X, H, *weights):
    from_X, from_H = _parts(X, H, *weights)
    Z, R = (torch.sigmoid(from_X[i] + from_H[i]) for i in (0, 1))
    return Z * H + (1 - Z) * torch.tanh(from_X[2] + R * from_H[2])


def update_gate_the_other_way(X, H, *weights):
    from_X, from_H = _parts(X, H, *weights)
    R, Z = (torch.sigmoid(from_X[i] + from_H[i]) for i in (0, 1))
    return (1 - Z) * H + Z * torch.tanh(from_X[2] + R * from_H[2])


def bias_outside_the_reset_gate(X, H, weight_ih, weight_hh, bias_ih, bias_hh):
    inner = bias_hh.clone()
    inner[len(bias_hh) // 3 * 2 :] = 0
    from_X, from_H = _parts(X, H, weight_ih, weight_hh, bias_ih, inner)
    R, Z = (torch.sigmoid(from_X[i] + from_H[i]) for i in (0, 1))
    outer = bias_hh[len(bias_hh) // 3 * 2 :]
    return Z * H + (1 - Z) * torch.tanh(from_X[2] + R * from_H[2] + outer)


def reset_before_the_product(X, H, weight_ih, weight_hh, bias_ih, bias_hh):
    from_X, from_H = _parts(X, H, weight_ih, weight_hh, bias_ih, bias_hh)
    R, Z = (torch.sigmoid(from_X[i] + from_H[i]) for i in (0, 1))
    h = H.shape[1]
    candidate = torch.tanh(from_X[2] + (R * H) @ weight_hh[2 * h :].T + bias_hh[2 * h :])
    return Z * H + (1 - Z) * candidate


def no_reset_gate(X, H, *weights):
    from_X, from_H = _parts(X, H, *weights)
    Z = torch.sigmoid(from_X[1] + from_H[1])
    return Z * H + (1 - Z) * torch.tanh(from_X[2] + from_H[2])


def all_products_of_the_gates(Z):
    from d2lzh_pytorch.exercises.ch06.sec07 import shares

    return torch.cat([shares(Z)[:1], Z.flip(0).cumprod(dim=0).flip(0)])


def own_gate_twice(Z):
    later = Z.flip(0).cumprod(dim=0).flip(0)
    return torch.cat([later[:1], (1 - Z) * later])


def from_the_front(Z):
    before = torch.cat([torch.ones_like(Z[:1]), Z.cumprod(dim=0)])
    return torch.cat([before[-1:], (1 - Z) * before[:-1]])


def gates_only(Z):
    return torch.cat([Z.prod(dim=0, keepdim=True), 1 - Z])


def _logit(z):
    return math.log(z / (1 - z)) if z < 1 else math.inf


def gate_not_bias(n):
    return 0.5 ** (1 / n)


def one_step_too_many(n):
    return _logit(0.5 ** (1 / (n + 1)))


def one_over_n(n):
    return _logit(1 - 0.5 / n)


def to_one_over_e(n):
    return _logit(math.exp(-1 / n))


def sign_turned(n):
    return -_logit(0.5 ** (1 / n))


WRONG = {
    "6.7-1": [
        update_gate_first,
        update_gate_the_other_way,
        bias_outside_the_reset_gate,
        reset_before_the_product,
        no_reset_gate,
    ],
    "6.7-2": [all_products_of_the_gates, own_gate_twice, from_the_front, gates_only],
    "6.7-3": [gate_not_bias, one_step_too_many, one_over_n, to_one_over_e, sign_turned],
}


def test_cell_is_torchs():
    from d2lzh_pytorch.exercises.ch06.sec07 import gru_cell

    cell = nn.GRUCell(5, 4)
    X, H = torch.randn(3, 5), torch.randn(3, 4)
    ours = gru_cell(X, H, *cell.parameters())
    torch.testing.assert_close(ours, cell(X, H))
    weight = torch.randn(3, 4)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), list(cell.parameters())),
        torch.autograd.grad((cell(X, H) * weight).sum(), list(cell.parameters())),
    )


def test_shares_give_back_the_state():
    from d2lzh_pytorch.exercises.ch06.sec07 import shares

    Z, candidates, H = torch.rand(7, 3, 4), torch.randn(7, 3, 4), torch.randn(3, 4)
    parts = shares(Z)
    expected = (parts * torch.cat([H[None], candidates])).sum(dim=0)
    for gate, candidate in zip(Z, candidates, strict=True):
        H = gate * H + (1 - gate) * candidate
    torch.testing.assert_close(expected, H)
    torch.testing.assert_close(parts.sum(dim=0), torch.ones(3, 4))


def test_half_is_left():
    from d2lzh_pytorch.exercises.ch06.sec07 import bias_for_half_life

    for n in (1, 35, 200):
        z = torch.tensor(bias_for_half_life(n), dtype=torch.float64).sigmoid().item()
        assert z**n == pytest.approx(0.5)
    assert bias_for_half_life(1) == 0
