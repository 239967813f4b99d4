"""Wrong answers to the exercises of section 6.9."""

import pytest
import torch
from torch import nn


def one_bias(gates, input_size, hidden_sizes):
    total = 0
    for hidden in hidden_sizes:
        total += gates * hidden * (input_size + hidden + 1)
        input_size = hidden
    return total


def input_size_for_every_layer(gates, input_size, hidden_sizes):
    return sum(gates * hidden * (input_size + hidden + 2) for hidden in hidden_sizes)


def biases_without_gates(gates, input_size, hidden_sizes):
    total = 0
    for hidden in hidden_sizes:
        total += gates * hidden * (input_size + hidden) + 2 * hidden
        input_size = hidden
    return total


def without_gates(gates, input_size, hidden_sizes):
    from d2lzh_pytorch.exercises.ch06.sec09 import stack_parameters

    return stack_parameters(1, input_size, hidden_sizes)


def lowest_layer_only(gates, input_size, hidden_sizes):
    from d2lzh_pytorch.exercises.ch06.sec09 import stack_parameters

    return stack_parameters(gates, input_size, hidden_sizes[:1])


def _stack(X, weights, masks, *, recurrent=False, kept=False, top=False, carried=False):
    last, H = [], None
    for layer, (W_xh, W_hh, b_h) in enumerate(weights):
        mask = masks[layer] if layer < len(masks) else None
        if H is None or not carried or H.shape[1] != len(W_hh):
            H = X.new_zeros(X.shape[1], len(W_hh))
        states = []
        for t, x in enumerate(X):
            H = torch.tanh(x @ W_xh + H @ W_hh + b_h)
            if recurrent and mask is not None:
                H = H * mask[t]
            states.append(H)
        output = torch.stack(states)
        X = output if mask is None or recurrent else output * mask
        last.append(X[-1] if kept else H)
    return (X * 0.5 if top else output), last


def masks_ignored(X, weights, masks):
    return _stack(X, weights, [torch.ones_like(mask) for mask in masks])


def on_the_recurrent_path(X, weights, masks):
    return _stack(X, weights, masks, recurrent=True)


def last_states_masked(X, weights, masks):
    return _stack(X, weights, masks, kept=True)


def output_masked(X, weights, masks):
    return _stack(X, weights, masks, top=True)


def same_mask_every_step(X, weights, masks):
    return _stack(X, weights, [mask[:1].expand_as(mask) for mask in masks])


def state_of_the_layer_below(X, weights, masks):
    return _stack(X, weights, masks, carried=True)


def top_state_only(X, weights, masks):
    output, last = _stack(X, weights, masks)
    return output, last[-1:]


WRONG = {
    "6.9-1": [
        one_bias,
        input_size_for_every_layer,
        biases_without_gates,
        without_gates,
        lowest_layer_only,
    ],
    "6.9-2": [
        masks_ignored,
        on_the_recurrent_path,
        last_states_masked,
        output_masked,
        same_mask_every_step,
        state_of_the_layer_below,
        top_state_only,
    ],
}


@pytest.mark.parametrize(("kind", "gates"), [(nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)])
@pytest.mark.parametrize("num_layers", [1, 3])
def test_parameters_are_torchs(kind, gates, num_layers):
    from d2lzh_pytorch.exercises.ch06.sec09 import stack_parameters

    layer = kind(7, 5, num_layers=num_layers)
    expected = sum(param.numel() for param in layer.parameters())
    assert stack_parameters(gates, 7, [5] * num_layers) == expected


def test_without_masking_it_is_nn_rnn():
    from d2lzh_pytorch.exercises.ch06.sec09 import masked_stack

    layer, X = nn.RNN(3, 4, num_layers=2), torch.randn(5, 2, 3)
    named = dict(layer.named_parameters())
    weights = [
        (
            named[f"weight_ih_l{i}"].T,
            named[f"weight_hh_l{i}"].T,
            named[f"bias_ih_l{i}"] + named[f"bias_hh_l{i}"],
        )
        for i in range(2)
    ]
    output, last = masked_stack(X, weights, [torch.ones(5, 2, 4)])
    expected, h_n = layer(X)
    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(torch.stack(last), h_n)
