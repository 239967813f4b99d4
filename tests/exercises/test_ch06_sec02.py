"""Wrong answers to the exercises of section 6.2."""

import itertools
import math
from collections import Counter

import pytest
import torch
from torch import nn


def _run(X, H, step):
    states = []
    for x in X:
        H = step(x, H)
        states.append(H)
    return torch.stack(states), H


def starts_at_zero(X, H, W_xh, W_hh, b_h):
    return _run(X, torch.zeros_like(H), lambda x, H: torch.tanh(x @ W_xh + H @ W_hh + b_h))


def state_never_updated(X, H, W_xh, W_hh, b_h):
    states = torch.stack([torch.tanh(x @ W_xh + H @ W_hh + b_h) for x in X])
    return states, states[-1]


def without_bias(X, H, W_xh, W_hh, b_h):
    return _run(X, H, lambda x, H: torch.tanh(x @ W_xh + H @ W_hh))


def transposed(X, H, W_xh, W_hh, b_h):
    return _run(X, H, lambda x, H: torch.tanh(x @ W_xh + H @ W_hh.T + b_h))


def last_state_only(X, H, W_xh, W_hh, b_h):
    Y, H = _run(X, H, lambda x, H: torch.tanh(x @ W_xh + H @ W_hh + b_h))
    return Y[-1:], H


def columns_not_rows(W, input_size):
    return W[:, :input_size], W[:, input_size:]


def hidden_first(W, input_size):
    h = len(W) - input_size
    return W[h:], W[:h]


def in_the_other_order(W, input_size):
    return W[input_size:], W[:input_size]


def not_closed(cycle):
    pairs = Counter(itertools.pairwise(cycle))
    firsts = Counter(cycle[:-1])
    total = sum(n * math.log(firsts[first] / n) for (first, _), n in pairs.items())
    return total / max(len(cycle) - 1, 1)


def every_branch_equally_likely(cycle):
    following = {}
    for first, second in zip(cycle, cycle[1:] + cycle[:1], strict=True):
        following.setdefault(first, set()).add(second)
    return sum(math.log(len(following[letter])) for letter in cycle) / len(cycle)


def mean_over_letters(cycle):
    pairs = Counter(zip(cycle, cycle[1:] + cycle[:1], strict=True))
    letters = Counter(cycle)
    total = sum(
        n / letters[first] * math.log(letters[first] / n) for (first, _), n in pairs.items()
    )
    return total / len(letters)


def base_two(cycle):
    from d2lzh_pytorch.exercises.ch06.sec02 import last_letter_floor

    return last_letter_floor(cycle) / math.log(2)


WRONG = {
    "6.2-1": [starts_at_zero, state_never_updated, without_bias, transposed, last_state_only],
    "6.2-2": [columns_not_rows, hidden_first, in_the_other_order],
    "6.2-3": [not_closed, every_branch_equally_likely, mean_over_letters, base_two],
}


def test_forward_is_nn_rnn():
    from d2lzh_pytorch.exercises.ch06.sec02 import rnn_forward

    layer = nn.RNN(3, 4)
    X, H = torch.randn(5, 2, 3), torch.randn(2, 4)
    Y, last = rnn_forward(
        X,
        H,
        layer.weight_ih_l0.T,
        layer.weight_hh_l0.T,
        layer.bias_ih_l0 + layer.bias_hh_l0,
    )
    torch.testing.assert_close((Y, last[None]), layer(X, H[None]))


def test_floor_of_the_section():
    from d2lzh_pytorch.exercises.ch06.sec02 import last_letter_floor

    assert last_letter_floor("abcdedcb") == pytest.approx(6 / 8 * math.log(2))
