"""Section 5.6: the net as the notebook defines it, and how it counts."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.models.alexnet import AlexNet as PackageAlexNet
from d2lzh_pytorch.models.lenet import LeNet

IMG = Path(__file__).parents[2] / "notebooks" / "img"


def test_forward_and_gradient_are_the_packages(definitions):
    (AlexNet,) = definitions("5.6", "AlexNet")
    net, package = AlexNet(67).eval(), PackageAlexNet(67).eval()
    package.load_state_dict(net.state_dict())
    X = torch.rand(2, 1, 67, 67)
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    Y, Y_package = net(ours), package(theirs)
    assert_close(Y, Y_package)
    Y.square().sum().backward()
    Y_package.square().sum().backward()
    assert_close(ours.grad, theirs.grad)
    assert_close(net.conv[0].weight.grad, package.conv[0].weight.grad)


def test_costs_of_the_net(definitions):
    AlexNet, costs_of, layers_of = definitions("5.6", "AlexNet", "costs_of", "layers_of")
    with torch.device("meta"):
        rows = costs_of(layers_of(AlexNet()), torch.zeros(1, 1, 224, 224))
    assert sum(row[2] for row in rows) == 46_764_746
    conv = 96 * 121 * 54**2 + 256 * 96 * 25 * 26**2 + (256 * 384 * 2 + 384 * 384) * 9 * 12**2
    assert sum(row[3] for row in rows) == conv + 6400 * 4096 + 4096 * 4096 + 4096 * 10


def test_costs_count_each_group_alone(definitions):
    (costs_of,) = definitions("5.6", "costs_of")
    layer = nn.Conv2d(4, 6, 3, padding=1, groups=2)
    ((name, shape, params, products),) = costs_of([layer], torch.zeros(1, 4, 5, 5))
    assert (name, shape) == ("Conv2d", (6, 5, 5))
    assert (params, products) == (6 * 2 * 9 + 6, 6 * 2 * 9 * 25)


def test_sides_are_those_of_the_layers(definitions):
    sides_of, alexnet_conv = definitions("5.6", "sides_of", "alexnet_conv")
    for size in (67, 96, 224):
        X, sides = torch.zeros(1, 1, size, size, device="meta"), []
        for layer in alexnet_conv().to("meta"):
            X = layer(X)
            if not isinstance(layer, nn.ReLU):
                sides.append(X.shape[-1])
        assert sides_of(size, 0) == sides
    assert sides_of(224, 2) == sides_of(227, 0) == [55, 27, 27, 13, 13, 13, 13, 6]


@pytest.mark.parametrize(("groups", "count"), [(1, 62_378_344), (2, 60_965_224)])
def test_net_of_the_paper(definitions, groups, count):
    paper_net, costs_of = definitions("5.6", "paper_net", "costs_of")
    with torch.device("meta"):
        rows = costs_of(paper_net(groups), torch.zeros(1, 3, 224, 224))
    assert sum(row[2] for row in rows) == count
    assert rows[-1][1] == (1000,)


def test_replace_leaves_no_relu(definitions):
    replace, relu_lenet = definitions("5.6", "replace", "relu_lenet")
    net = replace(LeNet(), nn.Sigmoid, nn.ReLU)
    kinds = [type(layer) for layer in (*net.conv, nn.Flatten(), *net.fc)]
    assert kinds == [type(layer) for layer in relu_lenet()]
    twin = relu_lenet()
    twin.load_state_dict(dict(zip(twin.state_dict(), net.state_dict().values(), strict=True)))
    X = torch.rand(2, 1, 28, 28)
    assert_close(net(X), twin(X))


def test_probe_measures_weighted_layers(definitions):
    probe, AlexNet = definitions("5.6", "probe", "AlexNet")
    net, X, y = AlexNet(67), torch.rand(4, 1, 67, 67), torch.arange(4)
    spreads, gradients = probe(net, X, y)
    assert len(spreads) == len(gradients) == 8
    with torch.no_grad():
        assert spreads[-1] == pytest.approx(net(X).std(dim=0).mean().item(), rel=1e-3)
    assert gradients[0] == pytest.approx(net.conv[0].weight.grad.abs().mean().item())


def test_figure_shows_the_shapes_of_the_nets():
    """Every shape written in the drawing is one of the nets', in their order."""
    text = (IMG / "ch05_06_alexnet.svg").read_text(encoding="utf-8")
    drawn = re.findall(r">(\d+@\d+x\d+|\d+)</text>", text)
    expected = []
    with torch.device("meta"):
        nets = (
            (LeNet(), torch.zeros(1, 1, 28, 28)),
            (PackageAlexNet(), torch.zeros(1, 1, 224, 224)),
        )
    for net, X in nets:
        expected.append("{}@{}x{}".format(*X.shape[1:]))
        for layer in net.conv:
            X = layer(X)
            if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
                expected.append("{}@{}x{}".format(*X.shape[1:]))
        expected += [str(layer.out_features) for layer in net.fc if isinstance(layer, nn.Linear)]
    assert drawn == expected
