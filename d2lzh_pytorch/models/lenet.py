"""LeNet (LeCun et al., "Gradient-based learning applied to document recognition", 1998)."""

from collections.abc import Callable

import torch
from torch import nn

from d2lzh_pytorch.layers import BatchNorm


class LeNet(nn.Module):
    """Two convolutional layers, two poolings and three fully connected layers.

    For images of 28 x 28 pixels with one channel: ``(n, 1, 28, 28)`` becomes ``(n, 10)``.
    It has 44,426 parameters. Introduced in section 5.5.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 6, kernel_size=5),  # (n, 6, 24, 24)
            nn.Sigmoid(),
            nn.MaxPool2d(2),  # (n, 6, 12, 12)
            nn.Conv2d(6, 16, kernel_size=5),  # (n, 16, 8, 8)
            nn.Sigmoid(),
            nn.MaxPool2d(2),  # (n, 16, 4, 4)
        )
        self.fc = nn.Sequential(
            nn.Linear(16 * 4 * 4, 120),
            nn.Sigmoid(),
            nn.Linear(120, 84),
            nn.Sigmoid(),
            nn.Linear(84, 10),
        )

    def forward(self, img: torch.Tensor) -> torch.Tensor:
        """Map images ``(n, 1, 28, 28)`` to scores ``(n, 10)``."""
        feature = self.conv(img)
        return self.fc(feature.flatten(start_dim=1))


def lenet_bn(norm: Callable[[int, int], nn.Module] = BatchNorm) -> nn.Sequential:
    """Build LeNet with batch normalisation before each sigmoid: 44,878 parameters.

    Parameters
    ----------
    norm
        Makes a layer from the number of features or channels and the number of dimensions, 2 or 4.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, 28, 28)`` to ``(n, 10)``.

    Notes
    -----
    Introduced in section 5.10.
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5),
        norm(6, 4),
        nn.Sigmoid(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5),
        norm(16, 4),
        nn.Sigmoid(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120),
        norm(120, 2),
        nn.Sigmoid(),
        nn.Linear(120, 84),
        norm(84, 2),
        nn.Sigmoid(),
        nn.Linear(84, 10),
    )


def torch_batch_norm(num_features: int, num_dims: int) -> nn.BatchNorm1d | nn.BatchNorm2d:
    """Return PyTorch's batch normalisation for :func:`lenet_bn`.

    Parameters
    ----------
    num_features
        Features, or channels of images.
    num_dims
        Dimensions of the input, 2 or 4.

    Notes
    -----
    Introduced in section 5.10.
    """
    return nn.BatchNorm1d(num_features) if num_dims == 2 else nn.BatchNorm2d(num_features)
