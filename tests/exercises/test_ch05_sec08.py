"""Wrong answers to the exercises of section 5.8."""

import pytest
import torch
import torch.nn.functional as F


def reshaped_instead_of_moved(X, W1, b1, W2, b2):
    n, c, h, w = X.shape
    H = F.relu(X.reshape(n, h, w, c) @ W1.T + b1)
    return F.relu(H @ W2.T + b2).movedim(3, 1)


def no_relu_at_the_end(X, W1, b1, W2, b2):
    H = F.relu(X.movedim(1, 3) @ W1.T + b1)
    return (H @ W2.T + b2).movedim(3, 1)


def no_relu_between(X, W1, b1, W2, b2):
    return F.relu((X.movedim(1, 3) @ W1.T + b1) @ W2.T + b2).movedim(3, 1)


def channels_left_at_the_end(X, W1, b1, W2, b2):
    return F.relu(F.relu(X.movedim(1, 3) @ W1.T + b1) @ W2.T + b2)


def moved_back_wrongly(X, W1, b1, W2, b2):
    H = F.relu(X.movedim(1, 3) @ W1.T + b1)
    return F.relu(H @ W2.T + b2).transpose(1, 3)


def without_biases(X, W1, b1, W2, b2):
    return F.relu(F.relu(X.movedim(1, 3) @ W1.T) @ W2.T).movedim(3, 1)


def heads_without_biases(channels, side, hidden, classes):
    dense = hidden * channels * side**2 + hidden * hidden + classes * hidden
    return dense, classes * 9 * channels + 2 * classes * classes


def side_not_squared(channels, side, hidden, classes):
    dense = hidden * (channels * side + 1) + hidden * (hidden + 1) + classes * (hidden + 1)
    return dense, classes * (9 * channels + 1) + 2 * classes * (classes + 1)


def two_dense_layers(channels, side, hidden, classes):
    dense = hidden * (channels * side**2 + 1) + classes * (hidden + 1)
    return dense, classes * (9 * channels + 1) + 2 * classes * (classes + 1)


def block_with_one_pixel_convolution(channels, side, hidden, classes):
    dense = hidden * (channels * side**2 + 1) + hidden * (hidden + 1) + classes * (hidden + 1)
    return dense, classes * (9 * channels + 1) + classes * (classes + 1)


def forwards(layers):
    n = 1
    for k, p, s in layers:
        n = max(1, (n - 1) * s + k - 2 * p)
    return n


def padding_forgotten(layers):
    n = 1
    for k, _, s in reversed(layers):
        n = (n - 1) * s + k
    return n


def size_below_one(layers):
    n = 1
    for k, p, s in reversed(layers):
        n = (n - 1) * s + k - 2 * p
    return n


def exactly_divisible(layers):
    n = 1
    for k, p, s in reversed(layers):
        n = max(1, n * s + k - 2 * p)
    return n


WRONG = {
    "5.8-1": [
        reshaped_instead_of_moved,
        no_relu_at_the_end,
        no_relu_between,
        channels_left_at_the_end,
        moved_back_wrongly,
        without_biases,
    ],
    "5.8-2": [
        heads_without_biases,
        side_not_squared,
        two_dense_layers,
        block_with_one_pixel_convolution,
    ],
    "5.8-3": [forwards, padding_forgotten, size_below_one, exactly_divisible],
}


def test_pixel_mlp_is_two_convolutions():
    from d2lzh_pytorch.exercises.ch05.sec08 import pixel_mlp

    X, W1, b1 = torch.randn(2, 3, 4, 5), torch.randn(6, 3), torch.randn(6)
    W2, b2 = torch.randn(7, 6), torch.randn(7)
    H = F.relu(F.conv2d(X, W1[:, :, None, None], b1))
    expected = F.relu(F.conv2d(H, W2[:, :, None, None], b2))
    torch.testing.assert_close(pixel_mlp(X, W1, b1, W2, b2), expected)


def test_heads_are_those_of_the_nets():
    from d2lzh_pytorch.exercises.ch05.sec08 import head_parameters
    from d2lzh_pytorch.models.alexnet import AlexNet
    from d2lzh_pytorch.models.nin import nin_block

    with torch.device("meta"):
        fc, block = AlexNet().fc, nin_block(384, 10, kernel_size=3, stride=1, padding=1)
    assert head_parameters(256, 5, 4096, 10)[0] == sum(p.numel() for p in fc.parameters())
    assert head_parameters(384, 5, 1, 10)[1] == sum(p.numel() for p in block.parameters())


@pytest.mark.parametrize(
    "layers", [[(11, 0, 4), (3, 0, 2)], [(5, 2, 1), (2, 0, 2)], [(3, 0, 2), (5, 1, 1)]]
)
def test_smallest_input_fits_and_one_pixel_less_does_not(layers):
    from d2lzh_pytorch.exercises.ch05.sec08 import smallest_input

    def runs(n):
        X = torch.zeros(1, 1, n, n)
        try:
            for k, p, s in layers:
                X = F.conv2d(X, torch.zeros(1, 1, k, k), padding=p, stride=s)
        except RuntimeError:
            return False
        return True

    n = smallest_input(layers)
    assert runs(n)
    assert not runs(n - 1)
