import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.models.vgg import vgg, vgg11, vgg_block

ARCH = ((1, 1, 64), (1, 64, 128), (2, 128, 256), (2, 256, 512), (2, 512, 512))


def number_of_parameters(net):
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize(("size", "half"), [(8, 4), (15, 7), (2, 1)])
def test_a_block_halves_the_size(size, half):
    assert vgg_block(2, 3, 5)(torch.rand(2, 3, size, size)).shape == (2, 5, half, half)


def test_a_block_step_by_step():
    block, images = vgg_block(2, 3, 5), torch.rand(2, 3, 6, 6)
    w1, b1, w2, b2 = block.parameters()
    X = F.conv2d(F.conv2d(images, w1, b1, padding=1).relu(), w2, b2, padding=1).relu()
    assert_close(block(images), F.max_pool2d(X, 2))


def test_a_block_gradcheck():
    block = vgg_block(1, 2, 3).double()
    X = torch.randn(1, 2, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(block, X)


def test_shapes_at_224_pixels():
    with torch.device("meta"):
        net, X = vgg(ARCH, 512 * 7 * 7), torch.zeros(1, 1, 224, 224)
    shapes = []
    for part in net:
        X = part(X)
        shapes.append(tuple(X.shape[1:]))
    assert shapes == [
        (64, 112, 112),
        (128, 56, 56),
        (256, 28, 28),
        (512, 14, 14),
        (512, 7, 7),
        (10,),
    ]


def test_number_of_parameters():
    with torch.device("meta"):
        assert number_of_parameters(vgg(ARCH, 512 * 7 * 7)) == 128_806_154
        assert number_of_parameters(vgg11()) == 128_806_154
        assert number_of_parameters(vgg11(ratio=8)) == 2_018_346


@pytest.mark.parametrize("size", [32, 67, 96])
def test_vgg11_fits_its_image_size(size):
    net = vgg11(size, ratio=16).eval()
    assert net(torch.rand(2, 1, size, size)).shape == (2, 10)


def test_convolutions_are_torchvisions():
    """VGG-11 of torchvision with our weights gives the same features."""
    from torchvision.models.vgg import cfgs, make_layers

    ours = vgg(((1, 3, 64), *ARCH[1:]), 512, 1)[:-1]
    twin = make_layers(cfgs["A"])
    values = ours.state_dict().values()
    twin.load_state_dict(dict(zip(twin.state_dict(), values, strict=True)))
    X = torch.rand(2, 3, 32, 32)
    assert_close(ours(X), twin(X))


def test_vgg16_has_torchvisions_parameters():
    from torchvision.models import vgg16

    arch = ((2, 3, 64), (2, 64, 128), (3, 128, 256), (3, 256, 512), (3, 512, 512))
    with torch.device("meta"):
        net, twin = vgg(arch, 512 * 7 * 7), vgg16(weights=None)
        net[-1][-1] = nn.Linear(4096, 1000)
    assert [p.shape for p in net.parameters()] == [p.shape for p in twin.parameters()]
    assert number_of_parameters(net) == 138_357_544


def test_dropout_is_for_training_only():
    net, X = vgg11(32, ratio=16), torch.rand(4, 1, 32, 32)
    nn.init.normal_(net[-1][-1].weight)
    assert not torch.equal(net(X), net(X))
    net.eval()
    assert torch.equal(net(X), net(X))


def test_every_parameter_gets_a_gradient():
    net = vgg11(32, ratio=8).eval()
    net(torch.rand(3, 1, 32, 32)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in net.parameters())


def test_refuses_images_of_another_size():
    with pytest.raises(RuntimeError):
        vgg11(64, ratio=16)(torch.rand(1, 1, 96, 96))
