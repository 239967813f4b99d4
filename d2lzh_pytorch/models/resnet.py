"""ResNet-18 (He et al., "Deep residual learning for image recognition", 2016)."""

import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.layers import GlobalAvgPool2d


class Residual(nn.Module):
    """Residual block: two 3 x 3 convolutions with batch normalisation, plus a shortcut.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input and of the output.
    use_1x1conv
        Put a 1 x 1 convolution into the shortcut. Needed where the number of channels or the
        size changes.
    stride
        Stride of the first convolution and of the shortcut.

    Notes
    -----
    Introduced in section 5.11.
    """

    def __init__(
        self, in_channels: int, out_channels: int, use_1x1conv: bool = False, stride: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1, stride=stride)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.conv3 = (
            nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride)
            if use_1x1conv
            else None
        )
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.bn2 = nn.BatchNorm2d(out_channels)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Map ``(n, in_channels, h, w)`` to ``(n, out_channels, h / stride, w / stride)``."""
        Y = F.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return F.relu(Y + X)


def resnet_block(
    in_channels: int, out_channels: int, num_residuals: int, first_block: bool = False
) -> nn.Sequential:
    """Chain `num_residuals` residual blocks; the first halves the size and widens the channels.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input and of the output.
    num_residuals
        How many residual blocks.
    first_block
        Keep size and channels: the stage right after the first pooling.

    Raises
    ------
    ValueError
        If `first_block` is set and the two numbers of channels differ.

    Notes
    -----
    Introduced in section 5.11.
    """
    if first_block and in_channels != out_channels:
        raise ValueError(
            f"the first stage keeps its channels: in_channels ({in_channels}) must equal "
            f"out_channels ({out_channels})."
        )
    blocks = []
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(in_channels, out_channels, use_1x1conv=True, stride=2))
        else:
            blocks.append(Residual(out_channels, out_channels))
    return nn.Sequential(*blocks)


def resnet18(num_classes: int = 10, in_channels: int = 3) -> nn.Sequential:
    """Build ResNet-18 in the form of section 5.11.

    Parameters
    ----------
    num_classes
        Scores per image.
    in_channels
        Channels of the images: 3 for colour, 1 for Fashion-MNIST (11,178,378 parameters).

    Returns
    -------
    nn.Sequential
        Maps ``(n, in_channels, h, w)`` to ``(n, num_classes)``, for any ``h`` and ``w``.

    Notes
    -----
    Introduced in section 5.11.
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        resnet_block(64, 64, 2, first_block=True),
        resnet_block(64, 128, 2),
        resnet_block(128, 256, 2),
        resnet_block(256, 512, 2),
        GlobalAvgPool2d(),
        nn.Flatten(),
        nn.Linear(512, num_classes),
    )
