"""Wrong answers to the exercises of section 6.5."""

from torch import nn


def one_bias(input_size, hidden_size, num_layers):
    first = hidden_size * (input_size + hidden_size + 1)
    return first + (num_layers - 1) * hidden_size * (2 * hidden_size + 1)


def every_layer_like_the_first(input_size, hidden_size, num_layers):
    return num_layers * hidden_size * (input_size + hidden_size + 2)


def first_layer_only(input_size, hidden_size, num_layers):
    return hidden_size * (input_size + hidden_size + 2)


def from_the_beginning_only(text, source):
    length = 0
    while length < len(text) and text[: length + 1] in source:
        length += 1
    return length


def common_characters(text, source):
    return sum(char in source for char in text)


def one_too_many(text, source):
    from d2lzh_pytorch.exercises.ch06.sec05 import longest_copy

    return longest_copy(text, source) + 1


def longest_common_subsequence(text, source):
    best = [0] * (len(source) + 1)
    for char in text:
        before = 0
        for j, other in enumerate(source, start=1):
            before, best[j] = best[j], before + 1 if char == other else max(best[j], best[j - 1])
    return best[-1]


def as_it_comes(layer, X):
    return layer(X)[0]


def always_transposed(layer, X):
    return layer(X.transpose(0, 1))[0].transpose(0, 1)


def not_transposed_back(layer, X):
    return layer(X)[0] if layer.batch_first else layer(X.transpose(0, 1))[0]


def reshaped(layer, X):
    if layer.batch_first:
        return layer(X)[0]
    Y = layer(X.reshape(X.shape[1], X.shape[0], -1))[0]
    return Y.reshape(X.shape[0], X.shape[1], -1)


WRONG = {
    "6.5-1": [one_bias, every_layer_like_the_first, first_layer_only],
    "6.5-2": [
        from_the_beginning_only,
        common_characters,
        one_too_many,
        longest_common_subsequence,
    ],
    "6.5-3": [as_it_comes, always_transposed, not_transposed_back, reshaped],
}


def test_parameters_are_torchs():
    from d2lzh_pytorch.exercises.ch06.sec05 import rnn_parameters

    for sizes in ((8, 16, 2), (5, 3, 1), (4, 6, 3)):
        layer = nn.RNN(*sizes)
        assert rnn_parameters(*sizes) == sum(param.numel() for param in layer.parameters())
    assert rnn_parameters(8, 16, 2) == 960
    assert rnn_parameters(256, 512, 2) == 919_552
