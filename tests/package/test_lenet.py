import pytest
import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.layers import BatchNorm
from d2lzh_pytorch.models.lenet import LeNet, lenet_bn, torch_batch_norm


def test_number_of_parameters():
    by_layer = [p.numel() for p in LeNet().parameters()]
    assert by_layer == [150, 6, 2400, 16, 30720, 120, 10080, 84, 840, 10]
    assert sum(by_layer) == 44_426


def test_shape_after_each_layer():
    net, X = LeNet(), torch.randn(2, 1, 28, 28)
    shapes = []
    for layer in net.conv:
        X = layer(X)
        shapes.append(tuple(X.shape[1:]))
    assert shapes == [(6, 24, 24), (6, 24, 24), (6, 12, 12), (16, 8, 8), (16, 8, 8), (16, 4, 4)]


def test_forward_step_by_step():
    net, images = LeNet(), torch.randn(3, 1, 28, 28)
    conv1, bias1, conv2, bias2, *dense = net.parameters()
    X = F.max_pool2d(F.conv2d(images, conv1, bias1).sigmoid(), 2)
    X = F.max_pool2d(F.conv2d(X, conv2, bias2).sigmoid(), 2).flatten(1)
    X = F.linear(X, *dense[:2]).sigmoid()
    X = F.linear(X, *dense[2:4]).sigmoid()
    torch.testing.assert_close(net(images), F.linear(X, *dense[4:]))


def test_every_parameter_gets_a_gradient():
    net = LeNet()
    net(torch.randn(3, 1, 28, 28)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in net.parameters())


def test_takes_non_contiguous_images_and_float64():
    net, images = LeNet().double(), torch.randn(28, 28, 1, 3, dtype=torch.float64)
    images = images.permute(3, 2, 0, 1)
    assert not images.is_contiguous()
    torch.testing.assert_close(net(images), net(images.contiguous()))


@pytest.mark.parametrize("shape", [(2, 3, 28, 28), (2, 1, 32, 32), (2, 784)])
def test_refuses_other_images(shape):
    with pytest.raises(RuntimeError):
        LeNet()(torch.randn(shape))


NORMS = [BatchNorm, torch_batch_norm]


@pytest.mark.parametrize("norm", NORMS)
def test_batch_normalisation_adds_two_numbers_a_channel(norm):
    net = lenet_bn(norm)
    assert sum(param.numel() for param in net.parameters()) == 44_878
    assert 44_878 - 44_426 == 2 * (6 + 16 + 120 + 84)
    assert sum(buffer.numel() for buffer in net.buffers() if buffer.numel() > 1) == 452


@pytest.mark.parametrize("norm", NORMS)
def test_shapes_with_batch_normalisation(norm):
    X, shapes = torch.randn(2, 1, 28, 28), []
    for layer in lenet_bn(norm):
        X = layer(X)
        shapes.append(tuple(X.shape[1:]))
    assert shapes == [
        *[(6, 24, 24)] * 3,
        (6, 12, 12),
        *[(16, 8, 8)] * 3,
        (16, 4, 4),
        (256,),
        *[(120,)] * 3,
        *[(84,)] * 3,
        (10,),
    ]


def test_without_normalisation_it_is_lenet():
    net, lenet = lenet_bn(lambda num_features, num_dims: nn.Identity()), LeNet()
    with torch.no_grad():
        for ours, theirs in zip(net.parameters(), lenet.parameters(), strict=True):
            ours.copy_(theirs)
    images = torch.randn(3, 1, 28, 28)
    torch.testing.assert_close(net(images), lenet(images))


def test_both_batch_normalisations_learn_the_same():
    mine, theirs = lenet_bn(), lenet_bn(torch_batch_norm)
    with torch.no_grad():
        for ours, library in zip(mine.parameters(), theirs.parameters(), strict=True):
            library.copy_(ours.view_as(library))
    optimizers = [torch.optim.SGD(net.parameters(), lr=0.1) for net in (mine, theirs)]
    for _ in range(4):
        images, y = torch.rand(16, 1, 28, 28), torch.randint(10, (16,))
        for net, optimizer in zip((mine, theirs), optimizers, strict=True):
            optimizer.zero_grad()
            F.cross_entropy(net(images), y).backward()
            optimizer.step()
    for ours, library in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(ours.view_as(library), library, rtol=1e-3, atol=1e-4)
    images = torch.rand(1, 1, 28, 28)  # a single image, which training would refuse
    torch.testing.assert_close(mine.eval()(images), theirs.eval()(images), rtol=1e-3, atol=1e-3)
    with pytest.raises(ValueError, match="no variance"):
        mine.train()(images)
