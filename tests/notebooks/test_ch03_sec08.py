"""Section 3.8: gates, forward propagation and training as the notebook writes them."""

from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from torch import nn

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def random_layers(*sizes):
    pairs = pairwise(sizes)
    return [(torch.randn(d, q), torch.randn(q)) for d, q in pairs]


def as_module(layers, activation):
    net = nn.Sequential()
    for W, b in layers:
        linear = nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(W.T)
            linear.bias.copy_(b)
        net.extend([linear, activation()])
    return net[:-1]


@pytest.mark.parametrize(
    ("w", "b", "expected"),
    [((1.0, 1.0), -1.5, [0, 0, 0, 1]), ((1.0, 1.0), -0.5, [0, 1, 1, 1])],
    ids=["and", "or"],
)
def test_perceptron_makes_gates(definitions, w, b, expected):
    (perceptron,) = definitions("3.8", "perceptron")
    assert perceptron(CORNERS, torch.tensor(w), b).tolist() == expected


def test_perceptron_gives_zero_on_its_boundary(definitions):
    (perceptron,) = definitions("3.8", "perceptron")
    assert perceptron(torch.ones(1, 2), torch.ones(2), -2.0).tolist() == [0]


def test_sigmoid_forward_and_gradient(definitions):
    (sigmoid,) = definitions("3.8", "sigmoid")
    x = torch.linspace(-20, 20, 81, requires_grad=True)
    torch.testing.assert_close(sigmoid(x), torch.sigmoid(x))
    ours = torch.autograd.grad(sigmoid(x).sum(), x)
    theirs = torch.autograd.grad(torch.sigmoid(x).sum(), x)
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("sizes", [(3, 2), (2, 3, 2, 2), (5, 8, 4, 3, 2)], ids=str)
@pytest.mark.parametrize(
    ("phi", "activation"), [(torch.relu, nn.ReLU), (torch.tanh, nn.Tanh)], ids=["relu", "tanh"]
)
def test_forward_and_gradient_are_those_of_torch(definitions, sizes, phi, activation):
    (forward,) = definitions("3.8", "forward")
    layers = random_layers(*sizes)
    X, y = torch.randn(6, sizes[0]), torch.arange(6) % sizes[-1]
    net = as_module(layers, activation)
    params = [param.requires_grad_() for layer in layers for param in layer]

    scores = forward(X, layers, phi)
    torch.testing.assert_close(scores, net(X))
    gradients = torch.autograd.grad(F.cross_entropy(scores, y), params)
    F.cross_entropy(net(X), y).backward()
    expected = [p.grad.T if p.ndim == 2 else p.grad for p in net.parameters()]
    torch.testing.assert_close(list(gradients), expected)


@pytest.mark.parametrize("sizes", [(4, 5, 3), (2, 3, 2, 2), (784, 256, 10)], ids=str)
def test_parameters_are_counted(definitions, sizes):
    (num_params,) = definitions("3.8", "num_params")
    assert num_params(sizes) == sum(p.numel() for layer in random_layers(*sizes) for p in layer)


def test_training_without_a_bend_gives_up_on_xor(definitions):
    (fit,) = definitions("3.8", "fit")
    net = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 2))
    assert fit(net, CORNERS, torch.tensor([0, 1, 1, 0])) == pytest.approx(0.6931, abs=1e-3)


def test_training_with_a_bend_solves_xor(definitions):
    fit, mlp = definitions("3.8", "fit", "mlp")
    losses = [fit(mlp(16), CORNERS, torch.tensor([0, 1, 1, 0])) for _ in range(4)]
    assert min(losses) < 0.05
