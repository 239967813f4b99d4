import pytest
import torch
import torch.nn.functional as F

from d2lzh_pytorch.models.lenet import LeNet


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
