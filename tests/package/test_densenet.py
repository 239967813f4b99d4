"""DenseNet: the book's shapes, and the block against the list of all that was put out before."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close
from torchvision.models.densenet import _Transition

from d2lzh_pytorch.models.densenet import DenseBlock, conv_block, densenet, transition_block


def randomise(module):
    """Give every batch normalisation another scale and shift than 1 and 0."""
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 2)
            nn.init.uniform_(layer.bias, -1, 1)
    return module


def test_shapes_of_the_book():
    X = torch.rand(4, 3, 8, 8)
    block = DenseBlock(2, 3, 10)
    Y = block(X)
    assert Y.shape == (4, 23, 8, 8)
    assert block.out_channels == 23
    assert transition_block(23, 10)(Y).shape == (4, 10, 4, 4)


def test_conv_block_normalises_first():
    block, X = randomise(conv_block(3, 5)), torch.randn(4, 3, 6, 7)
    bn, _, conv = block
    normal = F.batch_norm(X, None, None, bn.weight, bn.bias, training=True)
    assert_close(block(X), F.conv2d(normal.relu(), conv.weight, conv.bias, padding=1))


def collect(block, X):
    """The block in the paper's words: layer i reads all feature maps that stand before it."""
    outputs = [X]
    for layer in block.net:
        outputs.append(layer(torch.cat(outputs, dim=1)))
    return torch.cat(outputs, dim=1)


@pytest.mark.parametrize(("num_convs", "channels", "growth"), [(1, 2, 3), (4, 3, 2), (3, 1, 1)])
@pytest.mark.parametrize("training", [True, False])
def test_dense_block_forward_and_gradient(num_convs, channels, growth, training):
    block = randomise(DenseBlock(num_convs, channels, growth)).train(training)
    results = []
    for function in (block, lambda X: collect(block, X)):
        X = torch.linspace(-1, 1, 2 * channels * 20).sin().view(2, channels, 4, 5).requires_grad_()
        Y = function(X)
        results.append((Y, torch.autograd.grad(Y.square().sum(), [X, *block.parameters()])))
    assert_close(*results)
    assert results[0][0].shape == (2, block.out_channels, 4, 5)


def test_dense_block_gradcheck():
    X = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(randomise(DenseBlock(2, 2, 2)).double(), X)


def test_what_goes_in_comes_out_first():
    block, X = DenseBlock(3, 2, 4), torch.randn(2, 2, 5, 5)
    assert_close(block(X)[:, :2], X, rtol=0, atol=0)
    assert_close(block(X)[:, 2:6], block.net[0](X))


@pytest.mark.parametrize("training", [True, False])
def test_transition_is_torchvisions(training):
    """Torchvision's transition has no bias in its convolution."""
    mine, theirs = randomise(transition_block(6, 4)), _Transition(6, 4)
    nn.init.zeros_(mine[2].bias)
    weights = dict(zip(("norm", "conv"), (mine[0], mine[2]), strict=True))
    theirs.norm.load_state_dict(weights["norm"].state_dict())
    theirs.conv.load_state_dict({"weight": weights["conv"].weight.detach()})
    mine.train(training)
    theirs.train(training)
    X = torch.randn(3, 6, 7, 8)
    ours, library = X.clone().requires_grad_(), X.clone().requires_grad_()
    assert_close(mine(ours), theirs(library))
    mine(ours).square().sum().backward()
    theirs(library).square().sum().backward()
    assert_close(ours.grad, library.grad)
    assert_close(mine[2].weight.grad, theirs.conv.weight.grad)


def test_densenet_shapes_at_96_pixels():
    X, shapes = torch.rand(1, 1, 96, 96), []
    with torch.no_grad():
        for layer in densenet().eval():
            X = layer(X)
            shapes.append(tuple(X.shape[1:]))
    assert shapes == [
        *[(64, 48, 48)] * 3,
        (64, 24, 24),
        *[(192, 24, 24), (96, 12, 12)],
        *[(224, 12, 12), (112, 6, 6)],
        *[(240, 6, 6), (120, 3, 3)],
        *[(248, 3, 3)] * 3,
        (248, 1, 1),
        (248,),
        (10,),
    ]


def test_densenet_parameters():
    assert sum(param.numel() for param in densenet().parameters()) == 758_226


def test_growth_rate_and_channels():
    net = densenet(growth_rate=12)
    blocks = [layer for layer in net if isinstance(layer, DenseBlock)]
    assert [block.out_channels for block in blocks] == [112, 104, 100, 98]
    assert net[-1].in_features == 98
    assert net.eval()(torch.rand(2, 1, 32, 32)).shape == (2, 10)


def test_every_parameter_gets_a_gradient():
    net = densenet(growth_rate=4)
    net(torch.randn(4, 1, 32, 32)).square().sum().backward()
    assert all(param.grad is not None for param in net.parameters())


@pytest.mark.parametrize("side", [29, 32, 96])
def test_densenet_takes_29_pixels_and_more(side):
    assert densenet(4).eval()(torch.rand(1, 1, side, side)).shape == (1, 10)


def test_densenet_refuses_28_pixels():
    with pytest.raises(RuntimeError, match="too small"):
        densenet(4).eval()(torch.rand(1, 1, 28, 28))
