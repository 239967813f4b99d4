"""Section 5.9: what the notebook defines, against counts made by torch."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close


def test_inception_of_the_notebook_has_the_weights_of_the_package(definitions):
    from d2lzh_pytorch.models.googlenet import Inception as Packaged

    (Inception,) = definitions("5.9", "Inception")
    block = Inception(5, 3, (4, 6), (2, 5), 7)
    twin = Packaged(5, 3, (4, 6), (2, 5), 7)
    twin.load_state_dict(block.state_dict())
    X = torch.randn(2, 5, 6, 7)
    assert_close(block(X), twin(X))


@pytest.mark.parametrize(("c_i", "c_o", "k", "side"), [(3, 8, 1, 4), (5, 2, 3, 6), (2, 3, 5, 7)])
def test_products_are_half_the_operations_that_torch_counts(definitions, c_i, c_o, k, side):
    from torch.utils.flop_counter import FlopCounterMode

    (conv_products,) = definitions("5.9", "conv_products")
    conv = nn.Conv2d(c_i, c_o, k, padding=k // 2)
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(1, c_i, side, side))
    assert 2 * conv_products(c_i, c_o, k, side**2) == counter.get_total_flops()


def test_the_table_of_blocks_is_the_net(definitions):
    BLOCKS, Inception, googlenet = definitions("5.9", "BLOCKS", "Inception", "googlenet")
    with torch.device("meta"):
        net = googlenet()
        sides = []
        for module in net.modules():
            if isinstance(module, Inception):
                module.register_forward_hook(lambda block, X, Y: sides.append(Y.shape[-1]))
        net(torch.zeros(1, 1, 224, 224))
        blocks = [module for module in net.modules() if isinstance(module, Inception)]
    widths = [
        (
            block.p1_1.out_channels,
            (block.p2_1.out_channels, block.p2_2.out_channels),
            (block.p3_1.out_channels, block.p3_2.out_channels),
            block.p4_2.out_channels,
        )
        for block in blocks
    ]
    assert [(side, *width) for side, width in zip(sides, widths, strict=True)] == BLOCKS


def test_googlenet_parameters(definitions):
    googlenet, count_parameters = definitions("5.9", "googlenet", "count_parameters")
    with torch.device("meta"):
        assert count_parameters(googlenet()) == 5_977_530


@pytest.mark.parametrize("channels", [512, 528])
def test_auxiliary_head(definitions, channels):
    auxiliary_head, count_parameters = definitions("5.9", "auxiliary_head", "count_parameters")
    with torch.device("meta"):
        head = auxiliary_head(channels)
        X = torch.zeros(2, channels, 14, 14)
        assert head[0](X).shape == (2, channels, 4, 4)
        assert head(X).shape == (2, 10)
    assert count_parameters(head) == channels * 128 + 128 + 2048 * 1024 + 1024 + 10250
