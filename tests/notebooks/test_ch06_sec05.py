"""Section 6.5: the model and the measurements as the notebook writes them."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}])
def test_model_is_the_packages(definitions, kind, options):
    (RNNModel,) = definitions("6.5", "RNNModel")
    ours, theirs = RNNModel(kind(7, 4, **options), 7), d2l.RNNModel(kind(7, 4, **options), 7)
    theirs.load_state_dict(ours.state_dict())
    X = torch.randint(7, (2, 5))
    state = None
    for _ in range(2):
        (scores, after), (expected, expected_after) = ours(X, state), theirs(X, state)
        assert_close(scores, expected)
        assert_close(after, expected_after)
        state = after


def test_number_of_parameters(definitions):
    (RNNModel,) = definitions("6.5", "RNNModel")
    model = RNNModel(nn.RNN(1027, 256), 1027)
    assert sum(param.numel() for param in model.parameters()) == 592_899


def test_detach(definitions):
    (detach,) = definitions("6.5", "detach")
    h, c = (torch.ones(2, requires_grad=True) * 2 for _ in range(2))
    assert not detach(h).requires_grad
    assert [each.requires_grad for each in detach((h, c))] == [False, False]
    assert detach(None) is None


def test_clipping_twice_misses_generators(definitions):
    clip_twice, gradient_norm = definitions("6.5", "clip_twice", "gradient_norm")
    net = nn.Linear(8, 4)
    for kind, clipped in ((list, True), (iter, False)):
        net.zero_grad()
        net(torch.ones(16, 8)).square().sum().backward()
        before = gradient_norm(net)
        expected = torch.stack([p.grad.norm() for p in net.parameters()]).norm().item()
        assert before == pytest.approx(expected, rel=1e-5)
        clip_twice(kind(net.parameters()), 0.01)
        assert gradient_norm(net) == pytest.approx(0.01 if clipped else before, rel=1e-4)


def test_copied(definitions):
    (copied,) = definitions("6.5", "copied")
    assert copied("abcdefg", "xxabcdefgxx") == 1
    assert copied("abcdefg", "abcdef bcdefx") == 0.75
    assert copied("abcdefg", "gfedcba") == 0


@pytest.mark.parametrize(("batch_first", "expected"), [(False, (31, 0)), (True, (0, 23))])
def test_influence(definitions, batch_first, expected):
    (influence,) = definitions("6.5", "influence")
    moved = influence(nn.RNN(8, 16, num_layers=2, batch_first=batch_first)) > 0
    assert moved.shape == (32, 24)
    assert (moved[1:].any(dim=1).sum(), moved[0, 1:].sum()) == expected


def test_echo_is_learnt_only_along_the_text(definitions):
    (echo_loss,) = definitions("6.5", "echo_loss")
    assert echo_loss(False, 20) > math.log(10) - 0.1
    assert echo_loss(True, 120) < 1.0
