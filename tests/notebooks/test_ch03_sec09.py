"""Section 3.9: the multilayer perceptron as the notebook writes it."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import d2lzh_pytorch as d2l


def random_params():
    """Parameters of the size of the notebook's, in its order."""
    shapes = (784, 256), (256,), (256, 10), (10,)
    return [(0.05 * torch.randn(shape)).requires_grad_() for shape in shapes]


def transposed(param):
    """A parameter as nn.Linear keeps it."""
    return param.T if param.ndim == 2 else param


def library_net(params):
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    with torch.no_grad():
        for theirs, ours in zip(net.parameters(), params, strict=True):
            theirs.copy_(transposed(ours))
    return net


@pytest.fixture
def batch():
    return torch.rand(12, 1, 28, 28), torch.arange(12) % 10


def test_relu_forward_and_gradient(definitions):
    (relu,) = definitions("3.9", "relu")
    x = torch.tensor([-torch.inf, -2.0, -0.0, 0.0, 1e-30, 3.0, torch.inf], requires_grad=True)
    torch.testing.assert_close(relu(x), torch.relu(x))
    ours = torch.autograd.grad(relu(x).sum(), x)
    theirs = torch.autograd.grad(torch.relu(x).sum(), x)
    torch.testing.assert_close(ours, theirs)


def test_net_forward_and_gradient(definitions, batch):
    params = random_params()
    net, loss = definitions("3.9", "net", "loss", params=params)
    X, y = batch
    library = library_net(params)
    torch.testing.assert_close(net(X), library(X))

    loss(net(X), y).mean().backward()
    F.cross_entropy(library(X), y).backward()
    for theirs, ours in zip(library.parameters(), params, strict=True):
        torch.testing.assert_close(theirs.grad, transposed(ours.grad))


def test_one_step_is_that_of_torch(definitions, batch):
    params = random_params()
    net, loss = definitions("3.9", "net", "loss", params=params)
    X, y = batch
    library = library_net(params)

    loss(net(X), y).sum().backward()
    d2l.sgd(params, 0.4, len(y))
    F.cross_entropy(library(X), y).backward()
    torch.optim.SGD(library.parameters(), lr=0.4).step()
    for theirs, ours in zip(library.parameters(), params, strict=True):
        torch.testing.assert_close(theirs, transposed(ours))


def test_initial_parameters(definitions):
    (init_params,) = definitions("3.9", "init_params")
    W1, b1, W2, b2 = init_params()
    assert [tuple(p.shape) for p in (W1, b1, W2, b2)] == [(784, 256), (256,), (256, 10), (10,)]
    assert all(p.requires_grad and p.is_leaf for p in (W1, b1, W2, b2))
    assert W1.std().item() == pytest.approx(0.01, rel=0.05)
    assert not b1.any()
    assert not b2.any()


def test_local_weight_is_the_gradient_of_the_scores(definitions):
    (local_weight,) = definitions("3.9", "local_weight")
    W1, b1, W2, b2 = (param.detach() for param in random_params())
    x = torch.rand(784)
    jacobian = torch.func.jacrev(lambda row: torch.relu(row @ W1 + b1) @ W2 + b2)(x)
    torch.testing.assert_close(local_weight(x, W1, b1, W2), jacobian.T)
