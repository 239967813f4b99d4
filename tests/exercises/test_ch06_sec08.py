"""Wrong answers to the exercises of section 6.8."""

import torch
from torch import nn


def _parts(X, H, weight_ih, weight_hh, bias):
    return (X @ weight_ih.T + H @ weight_hh.T + bias).chunk(4, dim=1)


def book_order(X, H, C, *weights):
    i, f, o, g = _parts(X, H, *weights)  # input, forget, output, candidate
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C


def forget_first(X, H, C, *weights):
    f, i, g, o = _parts(X, H, *weights)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C


def hidden_from_the_old_cell(X, H, C, *weights):
    i, f, g, o = _parts(X, H, *weights)
    new = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), new


def cell_not_squeezed(X, H, C, *weights):
    i, f, g, o = _parts(X, H, *weights)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * C, C


def never_forgets(X, H, C, *weights):
    i, _, g, o = _parts(X, H, *weights)
    C = C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C


def cell_first(X, H, C, *weights):
    from d2lzh_pytorch.exercises.ch06.sec08 import lstm_cell

    H, C = lstm_cell(X, H, C, *weights)
    return C, H


def _count(kind, input_size, hidden_size, groups, biases=2):
    return groups[kind] * hidden_size * (input_size + hidden_size + biases)


def one_bias(kind, input_size, hidden_size):
    return _count(kind, input_size, hidden_size, {"RNN": 1, "GRU": 3, "LSTM": 4}, 1)


def gates_without_candidate(kind, input_size, hidden_size):
    return _count(kind, input_size, hidden_size, {"RNN": 1, "GRU": 2, "LSTM": 3})


def one_group_for_all(kind, input_size, hidden_size):
    return _count(kind, input_size, hidden_size, {"RNN": 1, "GRU": 1, "LSTM": 1})


def both_set(bias_ih, bias_hh, value):
    h = len(bias_ih) // 4
    bias_ih, bias_hh = bias_ih.clone(), bias_hh.clone()
    bias_ih[h : 2 * h] = bias_hh[h : 2 * h] = value
    return bias_ih + bias_hh


def other_one_left(bias_ih, bias_hh, value):
    h = len(bias_ih) // 4
    bias_ih = bias_ih.clone()
    bias_ih[h : 2 * h] = value
    return bias_ih + bias_hh


def first_quarter(bias_ih, bias_hh, value):
    bias = bias_ih + bias_hh
    bias[: len(bias) // 4] = value
    return bias


def added(bias_ih, bias_hh, value):
    bias = bias_ih + bias_hh
    h = len(bias) // 4
    bias[h : 2 * h] += value
    return bias


def everything(bias_ih, bias_hh, value):
    return torch.full_like(bias_ih, value)


WRONG = {
    "6.8-1": [
        book_order,
        forget_first,
        hidden_from_the_old_cell,
        cell_not_squeezed,
        never_forgets,
        cell_first,
    ],
    "6.8-2": [one_bias, gates_without_candidate, one_group_for_all],
    "6.8-3": [both_set, other_one_left, first_quarter, added, everything],
}


def test_cell_is_torchs():
    from d2lzh_pytorch.exercises.ch06.sec08 import lstm_cell

    cell = nn.LSTMCell(5, 4)
    X, H, C = torch.randn(3, 5), torch.randn(3, 4), torch.randn(3, 4)
    bias = cell.bias_ih + cell.bias_hh
    ours = lstm_cell(X, H, C, cell.weight_ih, cell.weight_hh, bias)
    theirs = cell(X, (H, C))
    torch.testing.assert_close(ours, theirs)
    params, weights = list(cell.parameters()), torch.randn(2, 3, 4)
    torch.testing.assert_close(
        torch.autograd.grad((torch.stack(ours) * weights).sum(), params),
        torch.autograd.grad((torch.stack(theirs) * weights).sum(), params),
    )


def test_parameters_are_torchs():
    from d2lzh_pytorch.exercises.ch06.sec08 import layer_parameters

    for kind in ("RNN", "GRU", "LSTM"):
        layer = getattr(nn, kind)(7, 3)
        assert layer_parameters(kind, 7, 3) == sum(p.numel() for p in layer.parameters())
    assert layer_parameters("LSTM", 1027, 256) + 1027 * 257 == 1_579_779


def test_forget_bias_opens_the_gate():
    from d2lzh_pytorch.exercises.ch06.sec08 import forget_bias

    cell = nn.LSTMCell(5, 4)
    bias = forget_bias(cell.bias_ih.detach(), cell.bias_hh.detach(), 50.0)
    with torch.no_grad():
        for param in cell.parameters():
            param.zero_()
        cell.bias_ih.copy_(bias)
        cell.bias_ih[:4] = -50.0  # nothing is written
    C = torch.randn(3, 4)
    torch.testing.assert_close(cell(torch.randn(3, 5), (torch.zeros(3, 4), C))[1], C)
