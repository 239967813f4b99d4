import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.models.alexnet import AlexNet, alexnet_conv


def on_meta(image_size):
    """The net and one image without any numbers in them."""
    with torch.device("meta"):
        return AlexNet(image_size), torch.zeros(1, 1, image_size, image_size)


def test_shapes_at_224_pixels():
    net, X = on_meta(224)
    shapes = []
    for layer in net.conv:
        X = layer(X)
        if not isinstance(layer, nn.ReLU):
            shapes.append(tuple(X.shape[1:]))
    assert shapes == [
        (96, 54, 54),
        (96, 26, 26),
        (256, 26, 26),
        (256, 12, 12),
        (384, 12, 12),
        (384, 12, 12),
        (256, 12, 12),
        (256, 5, 5),
    ]
    assert net.fc[0].in_features == 6400
    assert net.fc(X.flatten(start_dim=1)).shape == (1, 10)


def test_number_of_parameters():
    net, _ = on_meta(224)
    weights = [p.numel() for p in net.parameters() if p.ndim > 1]
    assert weights == [11616, 614400, 884736, 1327104, 884736, 26214400, 16777216, 40960]
    assert sum(p.numel() for p in net.parameters()) == 46_764_746


@pytest.mark.parametrize(
    ("image_size", "side"), [(67, 1), (96, 1), (224, 5), (227, 6)], ids="{}px".format
)
def test_side_after_the_convolutions(image_size, side):
    net, X = on_meta(image_size)
    assert net.conv(X).shape == (1, 256, side, side)
    assert net.fc[0].in_features == 256 * side**2


def test_images_below_67_pixels_are_too_small():
    with pytest.raises(RuntimeError, match="too small"):
        on_meta(66)


def test_conv_part_step_by_step():
    net, images = alexnet_conv(), torch.rand(2, 1, 67, 67)
    w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = net.parameters()
    X = F.max_pool2d(F.conv2d(images, w1, b1, stride=4).relu(), 3, 2)
    X = F.max_pool2d(F.conv2d(X, w2, b2, padding=2).relu(), 3, 2)
    X = F.conv2d(X, w3, b3, padding=1).relu()
    X = F.conv2d(X, w4, b4, padding=1).relu()
    X = F.max_pool2d(F.conv2d(X, w5, b5, padding=1).relu(), 3, 2)
    assert_close(net(images), X)


def test_conv_part_is_torchvisions_with_other_widths():
    """torchvision's kernels, strides and poolings are these; its widths and its padding differ."""
    from torchvision.models import alexnet

    with torch.device("meta"):
        theirs = alexnet(weights=None).features
    assert [type(layer) for layer in alexnet_conv()] == [type(layer) for layer in theirs]
    for ours, twin in zip(alexnet_conv(), theirs, strict=True):
        if not isinstance(ours, nn.ReLU):
            assert (ours.kernel_size, ours.stride) == (twin.kernel_size, twin.stride)


@pytest.fixture(scope="module")
def net():
    return AlexNet(67)


def test_dropout_is_for_training_only(net):
    X = torch.rand(2, 1, 67, 67)
    with torch.no_grad():
        net.train()
        assert not torch.equal(net(X), net(X))
        net.eval()
        assert torch.equal(net(X), net(X))


def test_every_parameter_gets_a_gradient(net):
    net.eval()
    net.zero_grad()
    net(torch.rand(3, 1, 67, 67)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in net.parameters())


@pytest.mark.parametrize("shape", [(1, 3, 67, 67), (1, 1, 224, 224), (1, 1, 28, 28)])
def test_refuses_other_images(net, shape):
    with pytest.raises(RuntimeError):
        net(torch.rand(shape))
