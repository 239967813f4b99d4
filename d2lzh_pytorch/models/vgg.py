"""VGG (Simonyan, Zisserman, "Very deep convolutional networks for image recognition", 2015)."""

from collections.abc import Sequence

from torch import nn


def vgg_block(num_convs: int, in_channels: int, out_channels: int) -> nn.Sequential:
    """Chain 3 x 3 convolutions that keep the size, and a pooling that halves it.

    Parameters
    ----------
    num_convs
        How many convolutions, each with a ReLU behind it.
    in_channels, out_channels
        Channels of the input and of the output.

    Returns
    -------
    nn.Sequential
        Maps ``(n, in_channels, h, w)`` to ``(n, out_channels, h // 2, w // 2)``.

    Notes
    -----
    Introduced in section 5.7.
    """
    layers: list[nn.Module] = []
    for i in range(num_convs):
        channels = in_channels if i == 0 else out_channels
        layers += [nn.Conv2d(channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def vgg(
    conv_arch: Sequence[tuple[int, int, int]], fc_features: int, fc_hidden_units: int = 4096
) -> nn.Sequential:
    """Chain VGG blocks and three fully connected layers.

    Parameters
    ----------
    conv_arch
        The arguments of :func:`vgg_block`, a tuple for each block.
    fc_features
        Features that the blocks leave: the last block's channels times its height times its width.
    fc_hidden_units
        Width of the two hidden fully connected layers.

    Returns
    -------
    nn.Sequential
        The blocks and, last, one ``nn.Sequential`` of the fully connected layers. It maps images
        to scores ``(n, 10)``.

    Notes
    -----
    Introduced in section 5.7.
    """
    blocks = [vgg_block(*block) for block in conv_arch]
    fc = nn.Sequential(
        nn.Flatten(),
        nn.Linear(fc_features, fc_hidden_units),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(fc_hidden_units, fc_hidden_units),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(fc_hidden_units, 10),
    )
    return nn.Sequential(*blocks, fc)


def vgg11(image_size: int = 224, ratio: int = 1) -> nn.Sequential:
    """Build VGG-11, or a narrower net of the same form, for images with one channel.

    Parameters
    ----------
    image_size
        Height and width of the images in pixels; 32 or more, as five blocks halve it.
    ratio
        Divides all widths; a divisor of 64. At 224 pixels, 1 makes 128,806,154 parameters and 8,
        with which the section trains, 2,018,346.

    Returns
    -------
    nn.Sequential
        Maps ``(n, 1, image_size, image_size)`` to ``(n, 10)``.

    Notes
    -----
    Introduced in section 5.7.
    """
    conv_arch, channels = [], 1
    for num_convs, width in ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)):
        conv_arch.append((num_convs, channels, width // ratio))
        channels = width // ratio
    return vgg(conv_arch, channels * (image_size // 32) ** 2, 4096 // ratio)
