"""Section 5.12: the blocks as the notebook writes them, and the ways it measures them."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


def results(function, X, params):
    X = X.clone().requires_grad_()
    Y = function(X)
    return Y, torch.autograd.grad(Y.square().sum(), [X, *params])


@pytest.mark.parametrize(("num_convs", "channels", "growth"), [(2, 3, 10), (4, 2, 3)])
@pytest.mark.parametrize("training", [True, False])
def test_three_ways_to_write_a_dense_block(definitions, num_convs, channels, growth, training):
    DenseBlock, FrugalBlock, collect = definitions("5.12", "DenseBlock", "FrugalBlock", "collect")
    block = DenseBlock(num_convs, channels, growth).train(training)
    frugal = FrugalBlock(num_convs, channels, growth).train(training)
    frugal.load_state_dict(block.state_dict())
    X = torch.randn(4, channels, 6, 5)
    expected = results(block, X, block.parameters())
    assert expected[0].shape == (4, channels + num_convs * growth, 6, 5)
    assert_close(
        results(lambda X: torch.cat(collect(block, X), 1), X, block.parameters()), expected
    )
    assert_close(results(frugal, X, frugal.parameters()), expected)


def test_shapes_and_parameters_of_the_book(definitions):
    DenseBlock, transition_block, densenet, count_parameters = definitions(
        "5.12", "DenseBlock", "transition_block", "densenet", "count_parameters"
    )
    Y = DenseBlock(2, 3, 10)(torch.rand(4, 3, 8, 8))
    assert Y.shape == (4, 23, 8, 8)
    assert transition_block(23, 10)(Y).shape == (4, 10, 4, 4)
    assert count_parameters(densenet()) == 758_226


def test_products_are_counted_layer_by_layer(definitions):
    (count_products,) = definitions("5.12", "count_products")
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 16, 10))
    assert count_products(net, torch.rand(1, 1, 6, 6)) == 36 * 16 + 640
    assert count_products(net, torch.rand(1, 1, 6, 6)) == 36 * 16 + 640  # the hooks are gone


@pytest.mark.parametrize("m", [1, 3, 6])
def test_saved_memory_is_that_of_the_formula(definitions, m):
    DenseBlock, FrugalBlock, saved_megabytes = definitions(
        "5.12", "DenseBlock", "FrugalBlock", "saved_megabytes"
    )
    c, g, map_size = 16, 8, 4 * 12 * 12 * 4 / 1e6
    X = torch.randn(4, c, 12, 12, requires_grad=True)
    naive = saved_megabytes(DenseBlock(m, c, g), X)
    frugal = saved_megabytes(FrugalBlock(m, c, g), X)
    assert naive == pytest.approx((2 * m * c + g * m * (m - 1)) * map_size, rel=0.02)
    assert frugal == pytest.approx((c + (m - 1) * g) * map_size, rel=0.02)


def test_erasing_replaces_by_the_mean(definitions):
    (erase,) = definitions("5.12", "erase")
    block, X = d2l.DenseBlock(2, 3, 2).eval(), torch.randn(4, 3, 5, 5)
    before = block(X)
    handle = block.register_forward_hook(erase(3, 5))
    after = block(X)
    handle.remove()
    assert_close(after[:, :3], before[:, :3])
    assert_close(after[:, 5:], before[:, 5:])
    mean = before[:, 3:5].mean(dim=(0, 2, 3), keepdim=True)
    assert_close(after[:, 3:5], mean.expand(4, 2, 5, 5))
    assert_close(block(X), before)


def test_a_bottleneck_pays_from_about_230_channels_on(definitions):
    (count_layer,) = definitions("5.12", "count_layer")
    for channels, pays in ((216, False), (224, False), (248, True), (992, True)):
        plain, narrow = (count_layer(channels, 32, each) for each in (False, True))
        assert (narrow < plain) == pays


def test_every_bias_before_a_normalisation_is_idle(definitions):
    (densenet,) = definitions("5.12", "densenet")
    net = densenet(4).double()
    X = torch.randn(8, 1, 32, 32, dtype=torch.float64)
    net(X).square().sum().backward()
    convs = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    assert len(convs) == 20
    assert max(conv.bias.grad.abs().max() for conv in convs) < 1e-8
    assert net[-1].bias.grad.abs().max() > 1e-3
