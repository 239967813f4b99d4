"""The zoo: every net it names, at the sizes it says, with the book's settings."""

import pytest
import torch
from torch import nn

from d2lzh_pytorch.models.zoo import ZOO, find_model

# Sections 3.7, 3.10, 3.13 and 5.5 to 5.12 of the book: size, batch size, learning rate, parameters.
BOOK = {
    "softmax": (28, 256, 0.1, 7_850),
    "mlp": (28, 256, 0.5, 203_530),
    "mlp-dropout": (28, 256, 0.5, 269_322),
    "lenet": (28, 256, 0.001, 44_426),
    "alexnet": (224, 128, 0.001, 46_764_746),
    "vgg": (224, 64, 0.001, 2_018_346),
    "nin": (224, 128, 0.002, 1_992_166),
    "googlenet": (96, 128, 0.001, 5_977_530),
    "lenet-bn": (28, 256, 0.001, 44_878),
    "lenet-bn-scratch": (28, 256, 0.001, 44_878),
    "resnet18": (96, 256, 0.001, 11_178_378),
    "densenet": (96, 256, 0.001, 758_226),
}
every_model = pytest.mark.parametrize("model", ZOO.values(), ids=ZOO.keys())


def test_the_zoo_holds_the_nets_of_the_book():
    assert ZOO.keys() == BOOK.keys()


@every_model
def test_settings_and_parameters_are_the_books(model):
    parameters = sum(param.numel() for param in model.build(model.resize).parameters())
    assert (model.resize, model.batch_size, model.lr, parameters) == BOOK[model.name]


@every_model
def test_the_optimizer_is_the_books(model):
    optimizer = model.optimizer(model.build(max(model.min_size, 28)).parameters(), lr=model.lr)
    expected = torch.optim.SGD if model.section.startswith("3.") else torch.optim.Adam
    assert type(optimizer) is expected
    assert optimizer.param_groups[0]["lr"] == model.lr


@every_model
def test_the_smallest_size_is_taken_and_trained(model):
    net = model.build(model.min_size)
    scores = net(torch.rand(2, 1, model.min_size, model.min_size))
    assert scores.shape == (2, 10)
    scores.sum().backward()
    assert all(param.grad is not None for param in net.parameters())


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize("model", [m for m in ZOO.values() if m.min_size > 1], ids=lambda m: m.name)
def test_a_smaller_size_is_refused_by_the_net(model):
    size = model.min_size - 1
    with pytest.raises((RuntimeError, ValueError)):
        model.build(size)(torch.rand(2, 1, size, size))


def test_a_fixed_size_is_fixed():
    for model in ZOO.values():
        if model.max_size is not None:
            size = model.max_size + 4
            with pytest.raises(RuntimeError):
                model.build(size)(torch.rand(2, 1, size, size))


def test_weights_start_as_in_chapter_3():
    for name in ("softmax", "mlp", "mlp-dropout"):
        for layer in ZOO[name].build(28):
            if isinstance(layer, nn.Linear):
                assert layer.weight.std().item() == pytest.approx(0.01, rel=0.1)
                assert not layer.bias.any()


def test_an_unknown_name_gets_the_nearest_ones():
    assert find_model("nin") is ZOO["nin"]
    with pytest.raises(LookupError, match=r"no model 'resnet'; nearest: resnet18"):
        find_model("resnet")
    with pytest.raises(LookupError, match="there are softmax, mlp"):
        find_model("zzz")
