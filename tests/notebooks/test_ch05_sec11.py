"""Section 5.11: the nets and measurements as the notebook writes them."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close
from torchvision.models.resnet import BasicBlock

import d2lzh_pytorch as d2l


def test_block_with_shortcut_is_torchvisions(definitions):
    (Block,) = definitions("5.11", "Block")
    block, twin = Block(4, shortcut=True), BasicBlock(4, 4)
    names = ("conv1", "bn1", None, "conv2", "bn2")
    with torch.no_grad():
        for layer in (block.branch[1], block.branch[4]):
            layer.weight.uniform_(0.5, 1.5)
            layer.bias.uniform_(-1, 1)
    for ours, name in zip(block.branch, names, strict=True):
        if name:
            getattr(twin, name).load_state_dict(ours.state_dict())
    X = torch.randn(3, 4, 5, 5, requires_grad=True)
    X_twin = X.detach().clone().requires_grad_()
    Y, Y_twin = block(X), twin(X_twin)
    assert_close(Y, Y_twin)
    Y.square().sum().backward()
    Y_twin.square().sum().backward()
    assert_close(X.grad, X_twin.grad)


def test_plain_block_has_no_shortcut(definitions):
    (Block,) = definitions("5.11", "Block")
    block = Block(4, shortcut=False)
    X = torch.randn(3, 4, 5, 5)
    assert_close(block(X), F.relu(block.branch(X)))


@pytest.mark.parametrize(("num_blocks", "layers"), [(9, 20), (27, 56)])
@pytest.mark.parametrize("shortcut", [True, False])
def test_layers_of_the_deep_nets(definitions, num_blocks, layers, shortcut):
    deep_net, stack = definitions("5.11", "deep_net", "stack")
    net = deep_net(stack(num_blocks, shortcut))
    assert sum(isinstance(m, nn.Conv2d | nn.Linear) for m in net.modules()) == layers
    assert net.eval()(torch.rand(2, 1, 28, 28)).shape == (2, 10)


def test_saved_definitions_are_those_of_the_package(definitions):
    Residual, resnet18 = definitions("5.11", "Residual", "resnet18")
    ours, theirs = Residual(3, 6, use_1x1conv=True, stride=2), d2l.Residual(3, 6, True, 2)
    theirs.load_state_dict(ours.state_dict())
    X = torch.randn(4, 3, 6, 6)
    assert_close(ours(X), theirs(X))
    assert sum(p.numel() for p in resnet18(10, in_channels=1).parameters()) == 11_178_378


def test_nearest_neighbours(definitions):
    (share,) = definitions("5.11", "same_class_as_nearest")
    features = torch.tensor([[0.0], [0.1], [5.0], [5.2], [5.3]])
    assert share(features, torch.tensor([1, 1, 2, 3, 3])) == pytest.approx(0.8)


def test_gradient_sizes(definitions):
    Block, gradient_sizes = definitions("5.11", "Block", "gradient_sizes")
    net = nn.Sequential(Block(2, True), Block(2, False), nn.Flatten(), nn.Linear(18, 3))
    X, y = torch.randn(4, 2, 3, 3), torch.tensor([0, 1, 2, 0])
    first, second = gradient_sizes(net, X, y)
    H = net[1](net[0](X)).detach().requires_grad_()
    F.cross_entropy(net[2:](H), y).backward()
    assert second == pytest.approx(H.grad.square().mean().sqrt().item(), rel=1e-4)
    assert first > 0


def test_pre_activation_block(definitions):
    (PreActivation,) = definitions("5.11", "PreActivation")
    block, X = PreActivation(4), torch.randn(3, 4, 5, 5)
    bn1, _, conv1, bn2, _, conv2 = block.branch
    assert_close(block(X), X + conv2(F.relu(bn2(conv1(F.relu(bn1(X)))))))
    assert (block(X) < 0).any()  # no ReLU on the main path


def test_zero_last_gamma_makes_identities(definitions):
    Block, zero_last_gamma = definitions("5.11", "Block", "zero_last_gamma")
    (block,) = zero_last_gamma([Block(4, True)])
    X = torch.rand(2, 4, 5, 5)
    Y = block(X)
    assert torch.equal(Y, X)
    Y.square().sum().backward()
    assert block.branch[-1].weight.grad.abs().sum() > 0  # training moves it off 0


@pytest.mark.parametrize(("n", "params"), [(3, 292_954), (4, 390_170)])
def test_small_resnet(definitions, n, params):
    (small_resnet,) = definitions("5.11", "small_resnet")
    net, X = small_resnet(n).eval(), torch.rand(2, 3, 32, 32)
    assert sum(p.numel() for p in net.parameters()) == params
    sizes = []
    for layer in net:
        X = layer(X)
        sizes.append(tuple(X.shape[1:]))
    assert [sizes[1 + n * k] for k in (1, 2, 3)] == [(16, 32, 32), (32, 16, 16), (64, 8, 8)]
    assert X.shape == (2, 10)
