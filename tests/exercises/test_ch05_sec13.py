"""Wrong answers to the exercises of section 5.13."""

import hashlib

import pytest
import torch


def _conv_bn(i, o, k):
    return k * k * i * o + 2 * o


def with_conv_biases(blocks, num_classes):
    def conv_bn(i, o, k):
        return k * k * i * o + 3 * o

    total = conv_bn(3, 64, 7) + 2 * blocks[0] * conv_bn(64, 64, 3)
    for n, c in zip(blocks[1:], (128, 256, 512), strict=True):
        total += conv_bn(c // 2, c, 3) + conv_bn(c // 2, c, 1) + (2 * n - 1) * conv_bn(c, c, 3)
    return total + 513 * num_classes


def no_norm_in_the_shortcut(blocks, num_classes):
    from d2lzh_pytorch.exercises.ch05.sec13 import resnet_parameters

    return resnet_parameters(blocks, num_classes) - 2 * (128 + 256 + 512)


def a_projection_in_every_stage(blocks, num_classes):
    from d2lzh_pytorch.exercises.ch05.sec13 import resnet_parameters

    return resnet_parameters(blocks, num_classes) + _conv_bn(64, 64, 1)


def one_convolution_a_block(blocks, num_classes):
    total = _conv_bn(3, 64, 7) + blocks[0] * _conv_bn(64, 64, 3)
    for n, c in zip(blocks[1:], (128, 256, 512), strict=True):
        total += _conv_bn(c // 2, c, 3) + _conv_bn(c // 2, c, 1) + (n - 1) * _conv_bn(c, c, 3)
    return total + 513 * num_classes


def of_the_name(data, name):
    digits = name.rpartition("-")[2].partition(".")[0]
    return hashlib.sha256(name.encode()).hexdigest().startswith(digits)


def first_hyphen(data, name):
    digits = name.partition("-")[2].partition(".")[0]
    return hashlib.sha256(data).hexdigest().startswith(digits)


def always_eight_digits(data, name):
    return hashlib.sha256(data).hexdigest()[:8] == name.rpartition("-")[2].partition(".")[0]


def anywhere_in_the_hash(data, name):
    return name.rpartition("-")[2].partition(".")[0] in hashlib.sha256(data).hexdigest()


def md5(data, name):
    digits = name.rpartition("-")[2].partition(".")[0]
    return hashlib.md5(data).hexdigest().startswith(digits)


def _normalised(X, mean, std):
    return (X - torch.tensor(mean).reshape(3, 1, 1)) / torch.tensor(std).reshape(3, 1, 1)


def not_scaled(image, size, mean, std):
    top, left = ((side - size) // 2 for side in image.shape[1:])
    X = image[:, top : top + size, left : left + size].float()
    return _normalised(X, mean, std)[None]


def from_the_corner(image, size, mean, std):
    return _normalised(image[:, :size, :size].float() / 255, mean, std)[None]


def no_batch(image, size, mean, std):
    top, left = ((side - size) // 2 for side in image.shape[1:])
    return _normalised(image[:, top : top + size, left : left + size].float() / 255, mean, std)


def divided_by_the_variance(image, size, mean, std):
    from d2lzh_pytorch.exercises.ch05.sec13 import to_input

    return to_input(image, size, mean, [s**2 for s in std])


def height_for_width(image, size, mean, std):
    top = left = (image.shape[1] - size) // 2
    X = image[:, top : top + size, left : left + size].float() / 255
    return _normalised(X, mean, std)[None]


WRONG = {
    "5.13-1": [
        with_conv_biases,
        no_norm_in_the_shortcut,
        a_projection_in_every_stage,
        one_convolution_a_block,
    ],
    "5.13-2": [of_the_name, first_hyphen, always_eight_digits, anywhere_in_the_hash, md5],
    "5.13-3": [not_scaled, from_the_corner, no_batch, divided_by_the_variance, height_for_width],
}


@pytest.mark.parametrize("name", ["resnet18", "resnet34"])
def test_parameters_are_those_of_torchvision(name):
    from torchvision import models

    from d2lzh_pytorch.exercises.ch05.sec13 import resnet_parameters

    blocks = {"resnet18": [2, 2, 2, 2], "resnet34": [3, 4, 6, 3]}[name]
    weights = models.get_model_weights(name).DEFAULT
    assert resnet_parameters(blocks, 1000) == weights.meta["num_params"]


def test_to_input_is_torchvisions():
    from torchvision.transforms._presets import ImageClassification

    from d2lzh_pytorch.exercises.ch05.sec13 import to_input

    transform = ImageClassification(crop_size=8, resize_size=12)
    image = torch.randint(256, (3, 12, 16), dtype=torch.uint8)
    torch.testing.assert_close(
        to_input(image, 8, transform.mean, transform.std)[0], transform(image)
    )
