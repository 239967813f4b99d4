"""Wrong answers to the exercises of section 3.5."""

import torch


def little_endian(header):
    return tuple(int.from_bytes(header[4 + 4 * i : 8 + 4 * i], "little") for i in range(header[3]))


def always_three_dimensions(header):
    return tuple(int.from_bytes(header[i : i + 4], "big") for i in (4, 8, 12))


def rest_of_the_bytes(header):
    return tuple(int.from_bytes(header[i : i + 4], "big") for i in range(4, len(header), 4))


def sample_deviation(images):
    pixels = images.float() / 255
    return (pixels - pixels.mean()) / pixels.std().clamp(min=1e-6)


def each_image_by_itself(images):
    pixels = images.float() / 255
    mean = pixels.mean(dim=(1, 2), keepdim=True)
    return (pixels - mean) / pixels.std(dim=(1, 2), keepdim=True, correction=0).clamp(min=1e-6)


def divides_by_zero(images):
    pixels = images.float() / 255
    return (pixels - pixels.mean()) / pixels.std(correction=0)


def integer_arithmetic(images):
    return (images // 255).float()


WRONG = {
    "3.5-1": [little_endian, always_three_dimensions, rest_of_the_bytes],
    "3.5-2": [sample_deviation, each_image_by_itself, divides_by_zero, integer_arithmetic],
}


def test_standardized_pixels_have_mean_zero_and_deviation_one():
    from d2lzh_pytorch.exercises.ch03.sec05 import standardize

    images = torch.arange(256, dtype=torch.uint8).reshape(4, 8, 8)
    pixels = standardize(images)
    assert abs(pixels.mean().item()) < 1e-5
    assert abs(pixels.std(correction=0).item() - 1) < 1e-5
