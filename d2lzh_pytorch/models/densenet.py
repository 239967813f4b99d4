"""DenseNet (Huang et al., "Densely connected convolutional networks", 2017)."""

import torch
from torch import nn

from d2lzh_pytorch.layers import GlobalAvgPool2d


def conv_block(in_channels: int, out_channels: int) -> nn.Sequential:
    """Chain batch normalisation, ReLU and a 3 x 3 convolution that keeps the size.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input and of the output.

    Notes
    -----
    Introduced in section 5.12.
    """
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1),
    )


class DenseBlock(nn.Module):
    """Convolutions each of which reads what all before it have put out.

    Parameters
    ----------
    num_convs
        How many convolutions.
    in_channels
        Channels of the input.
    out_channels
        Channels that each convolution adds: the growth rate.

    Attributes
    ----------
    out_channels : int
        Channels of the block's output, ``in_channels + num_convs * growth rate``.

    Notes
    -----
    Introduced in section 5.12.
    """

    def __init__(self, num_convs: int, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.net = nn.ModuleList(
            conv_block(in_channels + i * out_channels, out_channels) for i in range(num_convs)
        )
        self.out_channels = in_channels + num_convs * out_channels

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Map ``(n, in_channels, h, w)`` to ``(n, self.out_channels, h, w)``."""
        for block in self.net:
            X = torch.cat((X, block(X)), dim=1)
        return X


def transition_block(in_channels: int, out_channels: int) -> nn.Sequential:
    """Change the channels by a 1 x 1 convolution and halve the size.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input and of the output.

    Returns
    -------
    nn.Sequential
        Maps ``(n, in_channels, h, w)`` to ``(n, out_channels, h // 2, w // 2)``.

    Notes
    -----
    Introduced in section 5.12.
    """
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, out_channels, kernel_size=1),
        nn.AvgPool2d(kernel_size=2, stride=2),
    )


def densenet(growth_rate: int = 32) -> nn.Sequential:
    """Build a DenseNet of four blocks with four convolutions each, for images with one channel.

    Parameters
    ----------
    growth_rate
        Channels that each convolution adds; 32 makes 758,226 parameters.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, h, w)`` to ``(n, 10)``, for ``h`` and ``w`` of 29 or more.

    Notes
    -----
    Introduced in section 5.12.
    """
    layers: list[nn.Module] = [
        nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    ]
    channels = 64
    for i in range(4):
        layers.append(DenseBlock(4, channels, growth_rate))
        channels += 4 * growth_rate
        if i < 3:
            layers.append(transition_block(channels, channels // 2))
            channels //= 2
    layers += [nn.BatchNorm2d(channels), nn.ReLU(), GlobalAvgPool2d(), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(channels, 10))
