"""Wrong answers to the exercises of section 4.3."""

from itertools import pairwise

import torch
from torch import nn


def _weights(net, X):
    net(X)
    return [tuple(param.shape) for param in net.parameters() if param.ndim == 2]


def forgets_to_flatten(X, widths):
    return _weights(nn.Sequential(*map(nn.LazyLinear, widths)), X)


def inputs_first(X, widths):
    sizes = [X[0].numel(), *widths]
    return list(pairwise(sizes))


def counts_the_batch(X, widths):
    return _weights(nn.Sequential(*map(nn.LazyLinear, widths)), X.reshape(1, -1))


def biases_too(X, widths):
    net = nn.Sequential(nn.Flatten(), *map(nn.LazyLinear, widths))
    net(X)
    return [tuple(param.shape) for param in net.parameters()]


def only_the_ends(X, widths):
    return [(widths[0], X[0].numel()), (widths[-1], widths[-2] if len(widths) > 1 else 1)]


def in_training_mode(body, image_shape):
    return body(torch.zeros(1, *image_shape)).numel()


def stays_in_evaluation_mode(body, image_shape):
    return body.eval()(torch.zeros(1, *image_shape)).numel()


def always_returns_to_training_mode(body, image_shape):
    count = body.eval()(torch.zeros(1, *image_shape)).numel()
    body.train()
    return count


def counts_two_images(body, image_shape):
    was_training = body.training
    count = body.eval()(torch.zeros(2, *image_shape)).numel()
    body.train(was_training)
    return count


def size_of_the_image(body, image_shape):
    return torch.zeros(image_shape).numel()


WRONG = {
    "4.3-1": [forgets_to_flatten, inputs_first, counts_the_batch, biases_too, only_the_ends],
    "4.3-2": [
        in_training_mode,
        stays_in_evaluation_mode,
        always_returns_to_training_mode,
        counts_two_images,
        size_of_the_image,
    ],
}
