"""Wrong answers to the exercises of section 5.12."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close


def transition_after_the_last_block(channels, growth_rate, num_convs):
    result = []
    for count in num_convs:
        channels += count * growth_rate
        result += [channels, channels // 2]
        channels //= 2
    return result


def no_transition(channels, growth_rate, num_convs):
    result = []
    for count in num_convs:
        channels += count * growth_rate
        result.append(channels)
    return result


def one_convolution_a_block(channels, growth_rate, num_convs):
    result = []
    for i in range(len(num_convs)):
        channels += growth_rate
        result.append(channels)
        if i < len(num_convs) - 1:
            channels //= 2
            result.append(channels)
    return result


def halved_to_floats(channels, growth_rate, num_convs):
    result = []
    for i, count in enumerate(num_convs):
        channels += count * growth_rate
        result.append(channels)
        if i < len(num_convs) - 1:
            channels /= 2
            result.append(channels)
    return result


def without_batch_norm(channels, growth_rate, bottleneck):
    if bottleneck:
        middle = bottleneck * growth_rate
        return middle * (channels + 1) + growth_rate * (middle * 9 + 1)
    return growth_rate * (channels * 9 + 1)


def without_biases(channels, growth_rate, bottleneck):
    if bottleneck:
        middle = bottleneck * growth_rate
        return 2 * channels + middle * channels + 2 * middle + growth_rate * middle * 9
    return 2 * channels + growth_rate * channels * 9


def bottleneck_ignored(channels, growth_rate, bottleneck):
    return 2 * channels + growth_rate * (channels * 9 + 1)


def bottleneck_of_so_many_channels(channels, growth_rate, bottleneck):
    total = 2 * channels
    if bottleneck:
        total += bottleneck * (channels + 1) + 2 * bottleneck
        channels = bottleneck
    return total + growth_rate * (channels * 9 + 1)


def bias_with_every_piece(pieces, weight, bias):
    weights = weight.split([piece.shape[1] for piece in pieces], dim=1)
    return sum(F.conv2d(X, W, bias, padding=1) for X, W in zip(pieces, weights, strict=True))


def without_padding(pieces, weight, bias):
    return F.conv2d(torch.cat(pieces, dim=1), weight, bias)


def bias_forgotten(pieces, weight, bias):
    return F.conv2d(torch.cat(pieces, dim=1), weight, padding=1)


def last_piece_first(pieces, weight, bias):
    return F.conv2d(torch.cat(pieces[::-1], dim=1), weight, bias, padding=1)


WRONG = {
    "5.12-1": [
        transition_after_the_last_block,
        no_transition,
        one_convolution_a_block,
        halved_to_floats,
    ],
    "5.12-2": [
        without_batch_norm,
        without_biases,
        bottleneck_ignored,
        bottleneck_of_so_many_channels,
    ],
    "5.12-3": [bias_with_every_piece, without_padding, bias_forgotten, last_piece_first],
}


def test_channels_are_those_of_the_nets():
    import torchvision

    from d2lzh_pytorch.exercises.ch05.sec12 import dense_channels
    from d2lzh_pytorch.models.densenet import DenseBlock, densenet

    channels = dense_channels(64, 32, [4, 4, 4, 4])
    blocks = [layer for layer in densenet() if isinstance(layer, DenseBlock)]
    assert channels[::2] == [block.out_channels for block in blocks]
    net = torchvision.models.densenet121(weights=None)
    assert dense_channels(64, 32, [6, 12, 24, 16])[-1] == net.classifier.in_features == 1024


@pytest.mark.parametrize(("channels", "growth_rate"), [(64, 32), (3, 10)])
def test_parameters_are_those_of_the_layers(channels, growth_rate):
    from d2lzh_pytorch.exercises.ch05.sec12 import layer_parameters
    from d2lzh_pytorch.models.densenet import conv_block

    def count(module):
        return sum(param.numel() for param in module.parameters())

    plain = conv_block(channels, growth_rate)
    assert layer_parameters(channels, growth_rate, 0) == count(plain)
    middle = 4 * growth_rate
    narrow = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, middle, 1))
    both = nn.Sequential(narrow, conv_block(middle, growth_rate))
    assert layer_parameters(channels, growth_rate, 4) == count(both)


def test_pieces_give_the_convolution_of_the_concatenation():
    from d2lzh_pytorch.exercises.ch05.sec12 import conv_of_pieces

    pieces = [torch.randn(2, c, 6, 7) for c in (3, 1, 4)]
    conv = nn.Conv2d(8, 5, 3, padding=1)
    result = conv_of_pieces(pieces, conv.weight, conv.bias)
    assert_close(result, conv(torch.cat(pieces, dim=1)), atol=1e-5, rtol=1e-4)
