"""LeNet (LeCun et al., "Gradient-based learning applied to document recognition", 1998)."""

import torch
from torch import nn


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
