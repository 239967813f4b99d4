"""NiN (Lin et al., "Network in network", 2014)."""

from torch import nn

from d2lzh_pytorch.layers import GlobalAvgPool2d


def nin_block(
    in_channels: int, out_channels: int, kernel_size: int, stride: int, padding: int
) -> nn.Sequential:
    """Chain a convolution and two 1 x 1 convolutions, each with a ReLU behind it.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input and of the output.
    kernel_size, stride, padding
        Those of the first convolution, in pixels.

    Notes
    -----
    Introduced in section 5.8.
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1),
        nn.ReLU(),
    )


def nin() -> nn.Sequential:
    """Build NiN for images with one channel and ten classes: 1,992,166 parameters.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, h, w)`` to ``(n, 10)``, for ``h`` and ``w`` of 67 or more.

    Notes
    -----
    Introduced in section 5.8.
    """
    return nn.Sequential(
        nin_block(1, 96, kernel_size=11, stride=4, padding=0),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(96, 256, kernel_size=5, stride=1, padding=2),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(256, 384, kernel_size=3, stride=1, padding=1),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Dropout(0.5),
        nin_block(384, 10, kernel_size=3, stride=1, padding=1),
        GlobalAvgPool2d(),
        nn.Flatten(),
    )
