"""The nets that ``python -m d2lzh_pytorch train`` knows, with the settings of the book."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from d2lzh_pytorch.models.alexnet import AlexNet
from d2lzh_pytorch.models.densenet import densenet
from d2lzh_pytorch.models.googlenet import googlenet
from d2lzh_pytorch.models.lenet import LeNet, lenet_bn, torch_batch_norm
from d2lzh_pytorch.models.mlp import mlp, mlp_dropout, softmax_regression
from d2lzh_pytorch.models.nin import nin
from d2lzh_pytorch.models.resnet import resnet18
from d2lzh_pytorch.models.vgg import vgg11

EPOCHS = 5  # the book trains every net for five

SGD, Adam = torch.optim.SGD, torch.optim.Adam


@dataclass(frozen=True, kw_only=True)
class ZooModel:
    """A net for grey images in ten classes, and how the book trains it on Fashion-MNIST.

    Attributes
    ----------
    name
        What the command line calls it.
    section
        The section that teaches it.
    build
        Makes a new net from the height and width of the images in pixels.
    resize
        The size the book trains at, in pixels; 28 is that of the images as they are.
    min_size, max_size
        The smallest and the largest size the net can take, in pixels; None is no limit.
    batch_size, lr
        Those of the book.
    optimizer
        Makes the optimizer from the parameters and the keyword ``lr``.
    """

    name: str
    section: str
    build: Callable[[int], nn.Module]
    resize: int = 28
    min_size: int = 1
    max_size: int | None = None
    batch_size: int = 256
    lr: float = 0.001
    optimizer: Callable[..., torch.optim.Optimizer] = Adam


_MODELS = (
    ZooModel(name="softmax", section="3.7", build=softmax_regression, lr=0.1, optimizer=SGD),
    ZooModel(name="mlp", section="3.10", build=mlp, lr=0.5, optimizer=SGD),
    ZooModel(name="mlp-dropout", section="3.13", build=mlp_dropout, lr=0.5, optimizer=SGD),
    ZooModel(name="lenet", section="5.5", build=lambda size: LeNet(), min_size=28, max_size=28),
    ZooModel(name="alexnet", section="5.6", build=AlexNet, resize=224, min_size=67, batch_size=128),
    ZooModel(
        name="vgg",
        section="5.7",
        build=lambda size: vgg11(size, ratio=8),
        resize=224,
        min_size=32,
        batch_size=64,
    ),
    ZooModel(
        name="nin",
        section="5.8",
        build=lambda size: nin(),
        resize=224,
        min_size=67,
        batch_size=128,
        lr=0.002,
    ),
    ZooModel(
        name="googlenet", section="5.9", build=lambda size: googlenet(), resize=96, batch_size=128
    ),
    ZooModel(
        name="lenet-bn",
        section="5.10",
        build=lambda size: lenet_bn(torch_batch_norm),
        min_size=28,
        max_size=28,
    ),
    ZooModel(
        name="lenet-bn-scratch",
        section="5.10",
        build=lambda size: lenet_bn(),
        min_size=28,
        max_size=28,
    ),
    ZooModel(
        name="resnet18", section="5.11", build=lambda size: resnet18(in_channels=1), resize=96
    ),
    ZooModel(
        name="densenet", section="5.12", build=lambda size: densenet(), resize=96, min_size=29
    ),
)
ZOO = {model.name: model for model in _MODELS}


def find_model(name: str) -> ZooModel:
    """Return the model with this name.

    Raises
    ------
    LookupError
        If there is none; the message names the nearest ones, or all.
    """
    if name in ZOO:
        return ZOO[name]
    near = difflib.get_close_matches(name, ZOO, n=3, cutoff=0.5)
    advice = f"nearest: {', '.join(near)}" if near else f"there are {', '.join(ZOO)}"
    raise LookupError(f"there is no model {name!r}; {advice}.")
