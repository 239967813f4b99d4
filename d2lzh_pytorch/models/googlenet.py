"""GoogLeNet (Szegedy et al., "Going deeper with convolutions", 2015)."""

import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.layers import GlobalAvgPool2d


class Inception(nn.Module):
    """Four paths side by side, joined along the channels; height and width stay.

    Parameters
    ----------
    in_c
        Channels of the input.
    c1
        Channels of the path with a 1 x 1 convolution.
    c2, c3
        Channels of the 1 x 1 convolution and of the 3 x 3 (`c2`) or 5 x 5 (`c3`) one behind it.
    c4
        Channels of the path with a pooling and a 1 x 1 convolution.

    Notes
    -----
    Introduced in section 5.9.
    """

    def __init__(
        self, in_c: int, c1: int, c2: tuple[int, int], c3: tuple[int, int], c4: int
    ) -> None:
        super().__init__()
        self.p1_1 = nn.Conv2d(in_c, c1, kernel_size=1)
        self.p2_1 = nn.Conv2d(in_c, c2[0], kernel_size=1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)
        self.p3_1 = nn.Conv2d(in_c, c3[0], kernel_size=1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2)
        self.p4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(in_c, c4, kernel_size=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(n, in_c, h, w)`` to ``(n, c1 + c2[1] + c3[1] + c4, h, w)``."""
        p1 = F.relu(self.p1_1(x))
        p2 = F.relu(self.p2_2(F.relu(self.p2_1(x))))
        p3 = F.relu(self.p3_2(F.relu(self.p3_1(x))))
        p4 = F.relu(self.p4_2(self.p4_1(x)))
        return torch.cat((p1, p2, p3, p4), dim=1)


def googlenet_stem() -> nn.Sequential:
    """Build the part of GoogLeNet before the Inception blocks, for images with one channel.

    Returns
    -------
    nn.Sequential
        Two stages, each ending in a pooling: ``(n, 1, h, w)`` becomes ``(n, 192, h / 8, w / 8)``.

    Notes
    -----
    Introduced in section 5.9.
    """
    b1 = nn.Sequential(
        nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    b2 = nn.Sequential(
        nn.Conv2d(64, 64, kernel_size=1),
        nn.ReLU(),
        nn.Conv2d(64, 192, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    return nn.Sequential(b1, b2)


def googlenet() -> nn.Sequential:
    """Build GoogLeNet, without the paper's two auxiliary outputs: 5,977,530 parameters.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, h, w)`` to ``(n, 10)``, for any ``h`` and ``w``.

    Notes
    -----
    Introduced in section 5.9.
    """
    b3 = nn.Sequential(
        Inception(192, 64, (96, 128), (16, 32), 32),
        Inception(256, 128, (128, 192), (32, 96), 64),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    b4 = nn.Sequential(
        Inception(480, 192, (96, 208), (16, 48), 64),
        Inception(512, 160, (112, 224), (24, 64), 64),
        Inception(512, 128, (128, 256), (24, 64), 64),
        Inception(512, 112, (144, 288), (32, 64), 64),
        Inception(528, 256, (160, 320), (32, 128), 128),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    b5 = nn.Sequential(
        Inception(832, 256, (160, 320), (32, 128), 128),
        Inception(832, 384, (192, 384), (48, 128), 128),
        GlobalAvgPool2d(),
    )
    return nn.Sequential(googlenet_stem(), b3, b4, b5, nn.Flatten(), nn.Linear(1024, 10))
