"""Wrong answers to the exercises of section 6.11."""

import torch
import torch.nn.functional as F
from torch import nn


def last_step_of_both(Y):
    return Y[:, -1]


def halves_exchanged(Y):
    h = Y.shape[2] // 2
    return torch.cat([Y[:, 0, :h], Y[:, -1, h:]], dim=1)


def backward_first(Y):
    h = Y.shape[2] // 2
    return torch.cat([Y[:, 0, h:], Y[:, -1, :h]], dim=1)


def mean_over_steps(Y):
    return Y.mean(dim=1)


def without_the_exchange(X, p):
    return X.reshape(len(X), -1, p * p)


def down_the_columns(X, p):
    B, _, height, width = X.shape
    blocks = X.view(B, height // p, p, width // p, p)
    return blocks.permute(0, 3, 1, 2, 4).reshape(B, -1, p * p)


def patches_transposed(X, p):
    return F.unfold(X, p, stride=p)


def one_direction_only(input_size, hidden_size, num_layers, bidirectional, num_classes):
    first = 4 * hidden_size * (input_size + hidden_size + 2)
    others = (num_layers - 1) * 4 * hidden_size * (2 * hidden_size + 2)
    return first + others + num_classes * (hidden_size + 1)


def upper_layers_read_one_direction(
    input_size, hidden_size, num_layers, bidirectional, num_classes
):
    directions = 2 if bidirectional else 1
    first = 4 * hidden_size * (input_size + hidden_size + 2)
    others = (num_layers - 1) * 4 * hidden_size * (2 * hidden_size + 2)
    return directions * (first + others) + num_classes * (directions * hidden_size + 1)


def one_bias(input_size, hidden_size, num_layers, bidirectional, num_classes):
    directions = 2 if bidirectional else 1
    total, size = 0, input_size
    for _ in range(num_layers):
        total += directions * 4 * hidden_size * (size + hidden_size + 1)
        size = directions * hidden_size
    return total + num_classes * (size + 1)


def three_gates(input_size, hidden_size, num_layers, bidirectional, num_classes):
    directions = 2 if bidirectional else 1
    total, size = 0, input_size
    for _ in range(num_layers):
        total += directions * 3 * hidden_size * (size + hidden_size + 2)
        size = directions * hidden_size
    return total + num_classes * (size + 1)


WRONG = {
    "6.11-1": [last_step_of_both, halves_exchanged, backward_first, mean_over_steps],
    "6.11-2": [without_the_exchange, down_the_columns, patches_transposed],
    "6.11-3": [one_direction_only, upper_layers_read_one_direction, one_bias, three_gates],
}


def test_final_states_are_those_torch_returns():
    from d2lzh_pytorch.exercises.ch06.sec11 import final_states

    for layers in (1, 2):
        layer = nn.LSTM(3, 4, layers, batch_first=True, bidirectional=True)
        Y, (h_n, _) = layer(torch.randn(2, 5, 3))
        torch.testing.assert_close(final_states(Y), torch.cat([h_n[-2], h_n[-1]], dim=1))


def test_patches_are_those_of_unfold():
    from d2lzh_pytorch.exercises.ch06.sec11 import as_patches

    X = torch.rand(2, 1, 28, 28)
    torch.testing.assert_close(as_patches(X, 4), F.unfold(X, 4, stride=4).transpose(1, 2))


def test_parameters_are_torchs_and_the_books():
    from d2lzh_pytorch.exercises.ch06.sec11 import lstm_classifier_parameters

    for layers, both in ((1, False), (3, False), (1, True), (3, True)):
        lstm = nn.LSTM(5, 4, layers, bidirectional=both)
        net = nn.ModuleList([lstm, nn.Linear(8 if both else 4, 3)])
        expected = sum(param.numel() for param in net.parameters())
        assert lstm_classifier_parameters(5, 4, layers, both, 3) == expected
    assert lstm_classifier_parameters(28, 128, 2, False, 10) == 214_282
    assert lstm_classifier_parameters(28, 128, 2, True, 10) == 559_626
