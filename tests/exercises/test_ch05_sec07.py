"""Wrong answers to the exercises of section 5.7."""

import itertools


def never_stops_doubling(nums_convs, in_channels, width, max_width):
    arch = []
    for num_convs in nums_convs:
        arch.append((num_convs, in_channels, width))
        in_channels, width = width, 2 * width
    return arch


def doubles_before_the_first_block(nums_convs, in_channels, width, max_width):
    arch = []
    for num_convs in nums_convs:
        width = min(2 * width, max_width)
        arch.append((num_convs, in_channels, width))
        in_channels = width
    return arch


def same_input_for_all(nums_convs, in_channels, width, max_width):
    arch = []
    for num_convs in nums_convs:
        arch.append((num_convs, in_channels, width))
        width = min(2 * width, max_width)
    return arch


def stops_below_the_maximum(nums_convs, in_channels, width, max_width):
    arch = []
    for num_convs in nums_convs:
        arch.append((num_convs, in_channels, width))
        in_channels, width = width, 2 * width if 2 * width <= max_width else width
    return arch


def count(conv_arch, side, fc_hidden_units, num_classes, bias=1, convs=None, layers=2):
    total = 0
    for num_convs, in_channels, channels in conv_arch:
        total += channels * (9 * in_channels + bias)
        total += ((convs or num_convs) - 1) * channels * (9 * channels + bias)
    widths = [channels * side**2, *[fc_hidden_units] * layers, num_classes]
    return total + sum(b * (a + bias) for a, b in itertools.pairwise(widths))


def without_biases(conv_arch, image_size, *rest):
    side = image_size
    for _ in conv_arch:
        side //= 2
    return count(conv_arch, side, *rest, bias=0)


def one_hidden_layer(conv_arch, image_size, *rest):
    return count(conv_arch, image_size // 2 ** len(conv_arch), *rest, layers=1)


def sides_rounded_up(conv_arch, image_size, *rest):
    side = image_size
    for _ in conv_arch:
        side = (side + 1) // 2
    return count(conv_arch, side, *rest)


def one_convolution_a_block(conv_arch, image_size, *rest):
    return count(conv_arch, image_size // 2 ** len(conv_arch), *rest, convs=1)


WRONG = {
    "5.7-1": [
        never_stops_doubling,
        doubles_before_the_first_block,
        same_input_for_all,
        stops_below_the_maximum,
    ],
    "5.7-2": [without_biases, one_hidden_layer, sides_rounded_up, one_convolution_a_block],
}


def test_the_rule_gives_the_nets_of_the_section():
    from d2lzh_pytorch.exercises.ch05.sec07 import vgg_arch

    arch = [(1, 1, 64), (1, 64, 128), (2, 128, 256), (2, 256, 512), (2, 512, 512)]
    assert vgg_arch((1, 1, 2, 2, 2), 1, 64, 512) == arch


def test_parameters_are_those_of_the_nets():
    from d2lzh_pytorch.exercises.ch05.sec07 import vgg_parameters
    from d2lzh_pytorch.models.vgg import vgg11

    arch = ((1, 1, 64), (1, 64, 128), (2, 128, 256), (2, 256, 512), (2, 512, 512))
    assert vgg_parameters(arch, 224, 4096, 10) == 128_806_154
    narrow = [(n, max(1, a // 8), b // 8) for n, a, b in arch]
    for size in (32, 67):
        net = vgg11(size, ratio=8)
        params = sum(param.numel() for param in net.parameters())
        assert vgg_parameters(narrow, size, 512, 10) == params
