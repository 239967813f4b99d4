"""What section 3.18 builds, against torch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "softplus", "silu", "gelu"])
def test_activations(definitions, name):
    (ours,) = definitions("3.18", name)
    x = torch.cat([torch.linspace(-20, 20, 81), torch.tensor([-200.0, 200.0])]).requires_grad_()
    library = getattr(F, name)
    torch.testing.assert_close(ours(x), library(x))
    gradients = [torch.autograd.grad(phi(x).sum(), x)[0] for phi in (ours, library)]
    torch.testing.assert_close(*gradients)


def test_parameters_of_the_family(definitions):
    leaky_relu, elu = definitions("3.18", "leaky_relu", "elu")
    x = torch.randn(50)
    torch.testing.assert_close(leaky_relu(x, 0.3), F.leaky_relu(x, 0.3))
    torch.testing.assert_close(elu(x, 0.5), F.elu(x, 0.5))


def test_same_as_torch_refuses(definitions):
    same_as_torch, naive_elu = definitions("3.18", "same_as_torch", "naive_elu")
    with pytest.raises(AssertionError):
        same_as_torch(naive_elu, F.elu)
    with pytest.raises(AssertionError):
        same_as_torch(F.relu, F.silu)


def test_dead_units(definitions):
    one_hidden_layer, dead_units = definitions(
        "3.18", "one_hidden_layer", "dead_units", images=torch.rand(9, 1, 28, 28)
    )
    for phi, dead in ((nn.ReLU(), True), (nn.LeakyReLU(), False), (nn.GELU(), True)):
        net = one_hidden_layer(phi)
        nn.init.zeros_(net[1].weight)
        nn.init.ones_(net[1].bias)
        assert not dead_units(net).any()
        with torch.no_grad():
            net[1].bias[:7] = -100
        assert dead_units(net).sum() == (7 if dead else 0)
