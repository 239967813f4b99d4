"""AlexNet (Krizhevsky et al., "ImageNet classification with deep convolutional nets", 2012)."""

import torch
from torch import nn


def alexnet_conv() -> nn.Sequential:
    """Build the five convolutions and three poolings of AlexNet, for images with one channel.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, s, s)`` to ``(n, 256, t, t)``: t is 5 for s of 224, 1 for s of 96, and s is
        67 at least.

    Notes
    -----
    Introduced in section 5.6.
    """
    return nn.Sequential(
        nn.Conv2d(1, 96, kernel_size=11, stride=4),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(96, 256, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(256, 384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
    )


class AlexNet(nn.Module):
    """Five convolutional and three fully connected layers, for images with one channel.

    Maps ``(n, 1, image_size, image_size)`` to ``(n, 10)``. Two paths of the paper's net, made for
    two GPUs, are one here, and the images have one channel instead of three.

    Parameters
    ----------
    image_size
        Height and width of the images in pixels, 67 or more. It decides how many features the
        first fully connected layer reads: 6,400 at 224 pixels, which makes 46,764,746 parameters.

    Notes
    -----
    Introduced in section 5.6.
    """

    def __init__(self, image_size: int = 224) -> None:
        super().__init__()
        self.conv = alexnet_conv()
        with torch.no_grad():
            features = self.conv(torch.zeros(1, 1, image_size, image_size)).numel()
        self.fc = nn.Sequential(
            nn.Linear(features, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, 10),
        )

    def forward(self, img: torch.Tensor) -> torch.Tensor:
        """Map images ``(n, 1, image_size, image_size)`` to scores ``(n, 10)``."""
        feature = self.conv(img)
        return self.fc(feature.flatten(start_dim=1))
