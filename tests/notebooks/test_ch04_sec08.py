"""Section 4.8: initialisers as the notebook writes them."""

import pytest
import torch
from torch import nn


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4), (1, 3)], ids=str)
def test_orthogonal_equals_torch(definitions, shape):
    (orthogonal,) = definitions("4.8", "orthogonal")
    torch.manual_seed(3)
    W = orthogonal(*shape)
    torch.manual_seed(3)
    torch.testing.assert_close(W, nn.init.orthogonal_(torch.empty(shape)))
    torch.testing.assert_close(torch.linalg.svdvals(W), torch.ones(min(shape)))


def test_gain_of_relu(definitions):
    (measure_gain,) = definitions("4.8", "measure_gain")
    torch.testing.assert_close(measure_gain(torch.relu), 2**0.5, rtol=0.01, atol=0)


def test_init_relu_net_keeps_the_size_and_leaves_other_layers(definitions):
    (init_relu_net,) = definitions("4.8", "init_relu_net")
    layer, norm = nn.Linear(500, 400), nn.LayerNorm(400)
    nn.Sequential(layer, norm, nn.Linear(400, 3, bias=False)).apply(init_relu_net)
    torch.testing.assert_close(layer.weight.std().item(), (2 / 500) ** 0.5, rtol=0.02, atol=0)
    assert not layer.bias.any()
    torch.testing.assert_close(norm.weight, torch.ones(400))
