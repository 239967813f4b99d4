"""Section 4.6: what the notebook measures, time and memory."""

import time

import pytest
import torch
from torch import nn


def test_net_has_the_layers_of_the_text(definitions):
    (make_net,) = definitions("4.6", "make_net")
    assert [type(layer) for layer in make_net()] == [nn.Flatten, nn.Linear, nn.ReLU, nn.Linear]
    shapes = [tuple(param.shape) for param in make_net().parameters()]
    assert shapes == [(256, 784), (256,), (10, 256), (10,)]
    assert make_net()(torch.rand(3, 1, 28, 28)).shape == (3, 10)


# What each net keeps for the backward pass of a batch of n examples, in numbers.
SAVED = {
    "linear": (nn.Linear(6, 2), 6),  # the input
    "sigmoid": (nn.Sequential(nn.Linear(6, 5), nn.Sigmoid()), 6 + 5),  # and the output
    # The output of the sigmoid is the input of the layer behind it, and counts once.
    "two layers": (nn.Sequential(nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 2)), 6 + 5),
    "no parameters": (nn.Flatten(), 0),
}


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize(("net", "numbers"), SAVED.values(), ids=SAVED)
def test_activation_bytes_counts_what_is_saved(definitions, net, numbers, n):
    (activation_bytes,) = definitions("4.6", "activation_bytes")
    X = torch.rand(n, 6)
    total, output = activation_bytes(net, X)
    assert total == 4 * n * numbers
    torch.testing.assert_close(output, net(X))


def test_activation_bytes_follows_the_type(definitions):
    (activation_bytes,) = definitions("4.6", "activation_bytes")
    total, _ = activation_bytes(nn.Linear(6, 2).double(), torch.rand(3, 6).double())
    assert total == 8 * 3 * 6


def test_without_gradients_nothing_is_saved(definitions):
    (activation_bytes,) = definitions("4.6", "activation_bytes")
    with torch.no_grad():
        total, output = activation_bytes(nn.Linear(6, 2), torch.rand(3, 6))
    assert total == 0
    assert output.shape == (3, 2)


def test_measuring_leaves_the_gradients_right(definitions):
    activation_bytes, make_net = definitions("4.6", "activation_bytes", "make_net")
    net, X = make_net(), torch.rand(4, 1, 28, 28)
    _, output = activation_bytes(net, X)
    ours = torch.autograd.grad(output.square().sum(), list(net.parameters()))
    theirs = torch.autograd.grad(net(X).square().sum(), list(net.parameters()))
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(
    ("device", "wait", "expected"),
    [
        ("cuda", True, ["call", "wait", "clock", "call", "wait", "clock"]),
        ("cuda", False, ["call", "clock", "call", "clock"]),
        ("cpu", True, ["call", "clock", "call", "clock"]),
    ],
)
def test_the_clock_is_read_after_waiting(definitions, monkeypatch, device, wait, expected):
    """A first call is not timed; on a GPU each reading waits for what was handed over."""
    events = []

    def clock():
        events.append("clock")
        return 100.0 * len(events)

    monkeypatch.setattr(time, "perf_counter", clock)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: events.append("wait"))
    (seconds_of,) = definitions("4.6", "seconds_of")
    seconds = seconds_of(lambda: events.append("call"), torch.device(device), wait)
    monkeypatch.undo()
    assert events == expected
    assert seconds == 100.0 * (len(expected) - expected.index("clock") - 1)
