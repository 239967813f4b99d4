"""NiN: its block against layers of torch, the shapes and the parameter count of the book."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.models.nin import nin, nin_block

BOOK = [
    (96, 54, 54),
    (96, 26, 26),
    (256, 26, 26),
    (256, 12, 12),
    (384, 12, 12),
    (384, 5, 5),
    (384, 5, 5),
    (10, 5, 5),
    (10, 1, 1),
    (10,),
]


def mlp_over_channels(block):
    """The two 1 x 1 convolutions of a block as fully connected layers, with the same weights."""
    layers = []
    for conv in (block[2], block[4]):
        linear = nn.Linear(conv.in_channels, conv.out_channels)
        with torch.no_grad():
            linear.weight.copy_(conv.weight[:, :, 0, 0])
            linear.bias.copy_(conv.bias)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers)


@pytest.mark.parametrize(("kernel_size", "stride", "padding"), [(3, 1, 1), (5, 2, 0), (1, 1, 0)])
def test_a_block_is_a_convolution_and_a_perceptron_at_each_pixel(kernel_size, stride, padding):
    block = nin_block(3, 6, kernel_size, stride, padding)
    mlp = mlp_over_channels(block)
    X = torch.randn(2, 3, 9, 11)
    H = block[0](X).relu()
    expected = mlp(H.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    assert_close(block(X), expected)
    weights = torch.randn(expected.shape)
    (block(X) * weights).sum().backward()
    (expected * weights).sum().backward()
    assert_close(block[2].weight.grad[:, :, 0, 0], mlp[0].weight.grad)
    assert_close(block[4].bias.grad, mlp[2].bias.grad)


def test_a_block_keeps_height_and_width_behind_its_first_convolution():
    block = nin_block(1, 96, kernel_size=11, stride=4, padding=0)
    assert block(torch.randn(2, 1, 224, 224)).shape == (2, 96, 54, 54)
    convolutions = [layer for layer in block if isinstance(layer, nn.Conv2d)]
    assert [conv.kernel_size for conv in convolutions] == [(11, 11), (1, 1), (1, 1)]


def test_nin_shapes_at_224_pixels():
    X, shapes = torch.rand(1, 1, 224, 224), []
    with torch.no_grad():
        for layer in nin().eval():
            X = layer(X)
            shapes.append(tuple(X.shape[1:]))
    assert shapes == BOOK


def test_nin_parameters():
    assert sum(p.numel() for p in nin().parameters()) == 1_992_166


@pytest.mark.parametrize(("height", "width"), [(67, 67), (67, 224), (131, 99)])
def test_nin_takes_any_size_from_67_pixels_on(height, width):
    assert nin().eval()(torch.rand(2, 1, height, width)).shape == (2, 10)


def test_nin_refuses_less_than_67_pixels():
    with pytest.raises(RuntimeError, match="too small"):
        nin().eval()(torch.rand(1, 1, 66, 67))


def test_scores_are_not_negative_and_a_class_at_zero_gets_no_gradient():
    net = nin().eval()
    last = net[7][4]
    with torch.no_grad():
        last.bias[3] = -100.0
    scores = net(torch.rand(4, 1, 67, 67))
    assert (scores >= 0).all()
    assert (scores[:, 3] == 0).all()
    nn.functional.cross_entropy(scores, torch.full((4,), 3)).backward()
    assert (last.weight.grad[3] == 0).all()
    assert last.bias.grad[3] == 0
