"""Section 5.7: blocks, nets and counts as the notebook defines them."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l

IMG = Path(__file__).parents[2] / "notebooks" / "img"


@pytest.mark.parametrize(("num_layers", "k", "side"), [(1, 5, 5), (2, 3, 5), (3, 3, 7), (1, 7, 7)])
def test_receptive_field(definitions, num_layers, k, side):
    stack, field_of = definitions("5.7", "stack", "field_of")
    assert field_of(stack(num_layers, k, channels=2), channels=2) == side


def test_costs_of_stacks(definitions):
    stack, costs_of = definitions("5.7", "stack", "costs_of")
    X = torch.zeros(1, 4, 7, 7)
    for num_layers, k in ((2, 3), (1, 5)):
        params, products = costs_of(stack(num_layers, k, 4), X)
        assert params == num_layers * 4 * (4 * k * k + 1)
        assert products == num_layers * 4 * 4 * k * k * 49


def test_block_is_a_chain_of_torchs_functions(definitions):
    (vgg_block,) = definitions("5.7", "vgg_block")
    block = vgg_block(2, 3, 4)
    w1, b1, w2, b2 = block.parameters()
    X = torch.rand(2, 3, 6, 6, requires_grad=True)
    twin = X.detach().clone().requires_grad_()
    Y = nn.functional.conv2d(twin, w1, b1, padding=1).relu()
    Y = nn.functional.max_pool2d(nn.functional.conv2d(Y, w2, b2, padding=1).relu(), 2)
    assert_close(block(X), Y)
    block(X).square().sum().backward()
    Y.square().sum().backward()
    assert_close(X.grad, twin.grad)


def test_nets_and_their_sizes(definitions):
    vgg11, imagenet_vgg = definitions("5.7", "vgg11", "imagenet_vgg")
    with torch.device("meta"):
        nets = {
            128_806_154: vgg11(),
            2_018_346: vgg11(224, 8),
            138_357_544: imagenet_vgg((2, 2, 3, 3, 3)),
            143_667_240: imagenet_vgg((2, 2, 4, 4, 4)),
        }
    for count, net in nets.items():
        assert sum(param.numel() for param in net.parameters()) == count


def test_he_init_keeps_the_signal(definitions):
    he_init, spreads_of, vgg11 = definitions("5.7", "he_init", "spreads_of", "vgg11")
    d2l.set_seed(1)
    X = torch.rand(16, 1, 32, 32)
    default, he = spreads_of(vgg11(32, 8), X), spreads_of(vgg11(32, 8).apply(he_init), X)
    assert len(default) == len(he) == 11
    assert default[-1] < 1e-3 * default[0]
    assert he[-1] > 0.1 * he[0]


def test_figure_shows_the_shapes_of_the_nets():
    text = (IMG / "ch05_07_vgg.svg").read_text(encoding="utf-8")
    drawn = re.findall(r">(\d+@\d+x\d+|\d+)</text>", text)
    expected = []
    with torch.device("meta"):
        X = torch.zeros(1, 1, 224, 224)
        vgg11, alexnet = d2l.vgg11(), d2l.AlexNet()
    for layers in (vgg11[:-1], alexnet.conv):
        Y = X
        expected.append("{}@{}x{}".format(*Y.shape[1:]))
        for layer in layers:
            Y = layer(Y)
            if not isinstance(layer, nn.ReLU):
                expected.append("{}@{}x{}".format(*Y.shape[1:]))
        expected += ["4096", "4096", "10"]
    assert drawn == expected
