import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close
from torchvision.models.resnet import BasicBlock

from d2lzh_pytorch.models.resnet import Residual, resnet18, resnet_block

RESIDUALS = [
    ((3, 3), {}, (4, 3, 6, 6)),
    ((3, 6), {"use_1x1conv": True, "stride": 2}, (4, 6, 3, 3)),
    ((3, 6), {"use_1x1conv": True}, (4, 6, 6, 6)),
    ((3, 3), {"use_1x1conv": True, "stride": 2}, (4, 3, 3, 3)),
]


@pytest.mark.parametrize(("channels", "options", "expected"), RESIDUALS)
def test_residual_shapes(channels, options, expected):
    assert Residual(*channels, **options)(torch.randn(4, 3, 6, 6)).shape == expected


def twins(in_channels, out_channels, stride):
    """Our block and torchvision's with the same weights; torchvision's convolutions have no bias,
    and its shortcut gets no batch normalisation here, as in the book.
    """
    widen = stride != 1 or in_channels != out_channels
    block = Residual(in_channels, out_channels, use_1x1conv=widen, stride=stride)
    shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False) if widen else None
    twin = BasicBlock(in_channels, out_channels, stride, downsample=shortcut)
    with torch.no_grad():
        for bn in (block.bn1, block.bn2):
            bn.weight.uniform_(0.5, 1.5)
            bn.bias.uniform_(-1, 1)
    weights = {}
    for name, value in block.state_dict().items():
        if name.startswith("conv") and name.endswith("bias"):
            nn.init.zeros_(value)
        else:
            weights[name.replace("conv3", "downsample")] = value
    twin.load_state_dict(weights, strict=True)
    return block, twin


@pytest.mark.parametrize(("out_channels", "stride"), [(3, 1), (6, 2), (6, 1)])
@pytest.mark.parametrize("training", [True, False])
def test_residual_is_torchvisions_basic_block(out_channels, stride, training):
    block, twin = twins(3, out_channels, stride)
    block.train(training)
    twin.train(training)
    X = torch.randn(4, 3, 6, 6)
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    Y, Y_twin = block(ours), twin(theirs)
    assert_close(Y, Y_twin)
    Y.square().sum().backward()
    Y_twin.square().sum().backward()
    assert_close(ours.grad, theirs.grad)
    assert_close(block.conv1.weight.grad, twin.conv1.weight.grad)
    assert_close(block.bn2.running_var, twin.bn2.running_var)


def test_residual_gradcheck():
    block = Residual(2, 4, use_1x1conv=True, stride=2).double()
    X = torch.randn(2, 2, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(block, X)


def test_residual_takes_non_contiguous_images():
    block = Residual(3, 3).eval()
    images = torch.randn(2, 6, 5, 3).permute(0, 3, 2, 1)
    assert_close(block(images), block(images.contiguous()))


def test_residual_without_convolution_in_the_shortcut_needs_equal_shapes():
    with pytest.raises(RuntimeError, match="must match"):
        Residual(3, 6)(torch.randn(2, 3, 6, 6))


def test_residual_with_dead_branch_is_the_shortcut():
    block = Residual(3, 3)
    nn.init.zeros_(block.bn2.weight)
    X = torch.randn(2, 3, 5, 5)
    assert_close(block(X), F.relu(X))


def test_a_block_halves_and_widens_unless_it_is_the_first():
    X = torch.randn(2, 4, 8, 8)
    assert resnet_block(4, 8, 2)(X).shape == (2, 8, 4, 4)
    assert resnet_block(4, 4, 2, first_block=True)(X).shape == (2, 4, 8, 8)
    assert [r.conv3 is None for r in resnet_block(4, 8, 3)] == [False, True, True]
    assert [r.conv3 is None for r in resnet_block(4, 4, 3, first_block=True)] == [True] * 3


def test_the_first_block_keeps_its_channels():
    with pytest.raises(ValueError, match=r"in_channels \(4\) must equal out_channels \(8\)"):
        resnet_block(4, 8, 2, first_block=True)


def test_resnet18_shapes_at_224_pixels():
    net = resnet18(10, in_channels=1).eval()
    X, shapes = torch.rand(1, 1, 224, 224), []
    with torch.no_grad():
        for layer in net:
            X = layer(X)
            shapes.append(tuple(X.shape[1:]))
    assert shapes == [
        *[(64, 112, 112)] * 3,
        *[(64, 56, 56)] * 2,
        (128, 28, 28),
        (256, 14, 14),
        (512, 7, 7),
        (512, 1, 1),
        (512,),
        (10,),
    ]


def test_resnet18_parameters():
    assert sum(p.numel() for p in resnet18(10, in_channels=1).parameters()) == 11_178_378


def test_resnet18_takes_colour_images_by_default():
    assert resnet18(7).eval()(torch.rand(2, 3, 32, 32)).shape == (2, 7)
