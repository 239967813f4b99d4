"""Section 5.13: ResNet-34 and the helpers as the notebook writes them, against torchvision."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close
from torchvision import models


@pytest.mark.parametrize(("channels", "stride"), [((4, 4), 1), ((4, 8), 2), ((4, 8), 1)])
@pytest.mark.parametrize("training", [True, False])
def test_basic_block_is_torchvisions(definitions, channels, stride, training):
    (BasicBlock,) = definitions("5.13", "BasicBlock")
    ours = BasicBlock(*channels, stride)
    shortcut = None
    if stride != 1 or channels[0] != channels[1]:
        conv = nn.Conv2d(*channels, 1, stride, bias=False)
        shortcut = nn.Sequential(conv, nn.BatchNorm2d(channels[1]))
    twin = models.resnet.BasicBlock(*channels, stride, downsample=shortcut)
    twin.load_state_dict(ours.state_dict(), strict=True)
    ours.train(training)
    twin.train(training)
    X = torch.randn(3, 4, 6, 6, requires_grad=True)
    X_twin = X.detach().clone().requires_grad_()
    Y, Y_twin = ours(X), twin(X_twin)
    assert_close(Y, Y_twin)
    Y.square().sum().backward()
    Y_twin.square().sum().backward()
    assert_close(X.grad, X_twin.grad)
    assert_close(ours.conv1.weight.grad, twin.conv1.weight.grad)


def test_resnet34_is_torchvisions(definitions):
    (ResNet34,) = definitions("5.13", "ResNet34")
    ours, theirs = ResNet34(num_classes=7), models.resnet34(num_classes=7)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    X = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        assert_close(ours(X), theirs(X))
        assert_close(ours.eval()(X), theirs.eval()(X))
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_parameters(definitions):
    ResNet34, count_parameters = definitions("5.13", "ResNet34", "count_parameters")
    with torch.device("meta"):
        assert count_parameters(ResNet34()) == 21_797_672
        assert count_parameters(ResNet34(widths=(128, 256, 512, 512))) == 47_505_960
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    (count_trainable,) = definitions("5.13", "count_trainable")
    net[0].requires_grad_(False)
    assert count_trainable(net) == 3
    assert count_parameters(net) == 11


def test_weights_are_loaded_only_if_they_are_there(definitions, monkeypatch, tmp_path, capsys):
    def refuse(*args, **kwargs):
        raise AssertionError("download")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)
    (load_if_present,) = definitions("5.13", "load_if_present")
    assert load_if_present("resnet18") is None
    assert "resnet18" in capsys.readouterr().out

    theirs = models.resnet18()
    url = models.ResNet18_Weights.DEFAULT.url
    (tmp_path / "checkpoints").mkdir()
    torch.save(theirs.state_dict(), tmp_path / "checkpoints" / url.rsplit("/", 1)[1])
    net = load_if_present("resnet18")
    assert not net.training
    X = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert_close(net(X), theirs.eval()(X))
