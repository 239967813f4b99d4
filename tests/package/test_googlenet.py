"""GoogLeNet: its block against torchvision's, the shapes and the parameter count of the book."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close
from torchvision.models.googlenet import Inception as TorchvisionInception

from d2lzh_pytorch.models.googlenet import Inception, googlenet, googlenet_stem

BOOK = [(64, 24, 24), (192, 12, 12), (480, 6, 6), (832, 3, 3), (1024, 1, 1), (1024,), (10,)]
SUMS = [256, 480, 512, 512, 512, 528, 832, 832, 1024]
TWIN_NAMES = {
    "p1_1": "branch1",
    "p2_1": "branch2.0",
    "p2_2": "branch2.1",
    "p3_1": "branch3.0",
    "p3_2": "branch3.1",
    "p4_2": "branch4.1",
}


def conv_relu(in_channels, out_channels, **options):
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, **options), nn.ReLU())


def twins(in_c, c1, c2, c3, c4):
    """Our block and torchvision's with the same weights. torchvision normalises each convolution,
    which is left out here, and its third path has a kernel of 3 where the paper's has one of 5.
    """
    block = Inception(in_c, c1, c2, c3, c4)
    twin = TorchvisionInception(in_c, c1, *c2, *c3, c4, conv_block=conv_relu)
    twin.branch3[1] = conv_relu(*c3, kernel_size=5, padding=2)
    for ours, theirs in TWIN_NAMES.items():
        twin.get_submodule(theirs)[0].load_state_dict(block.get_submodule(ours).state_dict())
    return block, twin


@pytest.mark.parametrize("shape", [(2, 5, 6, 6), (1, 5, 1, 1), (3, 5, 4, 7)])
def test_inception_is_torchvisions(shape):
    block, twin = twins(5, 3, (4, 6), (2, 5), 7)
    X = torch.randn(shape)
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    Y, Y_twin = block(ours), twin(theirs)
    assert Y.shape == (shape[0], 3 + 6 + 5 + 7, *shape[2:])
    assert_close(Y, Y_twin)
    weights = torch.randn(Y.shape)
    (Y * weights).sum().backward()
    (Y_twin * weights).sum().backward()
    assert_close(ours.grad, theirs.grad)
    for name, twin_name in TWIN_NAMES.items():
        theirs = twin.get_submodule(twin_name)[0].weight.grad
        assert_close(block.get_submodule(name).weight.grad, theirs)


def test_inception_gradcheck():
    block = Inception(2, 1, (2, 2), (1, 2), 1).double()
    X = torch.randn(1, 2, 4, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(block, X)


def test_inception_takes_non_contiguous_images():
    images = torch.randn(2, 6, 4, 5).permute(0, 3, 2, 1)
    assert not images.is_contiguous()
    block = Inception(5, 3, (4, 6), (2, 5), 7)
    assert_close(block(images), block(images.contiguous()))


def test_the_stem_has_a_relu_behind_each_convolution():
    layers = [layer for stage in googlenet_stem() for layer in stage]
    convolutions = [i for i, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    assert len(convolutions) == 3
    assert all(isinstance(layers[i + 1], nn.ReLU) for i in convolutions)


def test_googlenet_shapes_at_96_pixels():
    stem, *rest = googlenet().eval()
    X, shapes = torch.rand(1, 1, 96, 96), []
    with torch.no_grad():
        for layer in (*stem, *rest):
            X = layer(X)
            shapes.append(tuple(X.shape[1:]))
    assert shapes == BOOK


def test_channel_sums():
    blocks = [module for module in googlenet().modules() if isinstance(module, Inception)]
    sums = [sum(conv.out_channels for conv in (b.p1_1, b.p2_2, b.p3_2, b.p4_2)) for b in blocks]
    assert sums == SUMS
    assert [b.p1_1.in_channels for b in blocks] == [192, *SUMS[:-1]]


def test_googlenet_parameters():
    assert sum(p.numel() for p in googlenet().parameters()) == 5_977_530


@pytest.mark.parametrize(("height", "width"), [(1, 1), (16, 17), (32, 99)])
def test_googlenet_takes_any_size(height, width):
    assert googlenet().eval()(torch.rand(2, 1, height, width)).shape == (2, 10)
