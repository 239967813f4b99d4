"""Nets of fully connected layers, for Fashion-MNIST."""

from torch import nn


def softmax_regression(image_size: int = 28) -> nn.Sequential:
    """Build softmax regression for grey images and ten classes, as in section 3.7.

    Parameters
    ----------
    image_size
        Height and width of the images in pixels; 28 makes 7,850 parameters.
    """
    return _initialised(nn.Flatten(), nn.Linear(image_size**2, 10))


def mlp(image_size: int = 28) -> nn.Sequential:
    """Build the multilayer perceptron of section 3.10, with one hidden layer of 256 units.

    Parameters
    ----------
    image_size
        Height and width of the images in pixels; 28 makes 203,530 parameters.
    """
    return _initialised(nn.Flatten(), nn.Linear(image_size**2, 256), nn.ReLU(), nn.Linear(256, 10))


def mlp_dropout(image_size: int = 28) -> nn.Sequential:
    """Build the multilayer perceptron of section 3.13, which drops 0.2 and 0.5 of its units.

    Parameters
    ----------
    image_size
        Height and width of the images in pixels; 28 makes 269,322 parameters.
    """
    return _initialised(
        nn.Flatten(),
        nn.Linear(image_size**2, 256),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(256, 256),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(256, 10),
    )


def _initialised(*layers: nn.Module) -> nn.Sequential:
    """Chain the layers, with weights from a normal distribution of deviation 0.01, biases 0."""
    net = nn.Sequential(*layers)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
    return net
