"""Section 6.9: stacked recurrent layers as the notebook writes them, against torch."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("num_steps", [1, 6])
def test_stack_is_torchs_forward_and_gradient(definitions, kind, num_layers, num_steps):
    stacked, cells_of = definitions("6.9", "stacked", "cells_of")
    net = kind(5, 4, num_layers)
    cells = cells_of(net)
    X, H = torch.randn(num_steps, 3, 5), torch.randn(num_layers, 3, 4)
    inputs = [(X.clone().requires_grad_(), H.clone().requires_grad_()) for _ in range(2)]
    ours, theirs = stacked(*inputs[0], cells), net(*inputs[1])
    assert_close(ours, theirs)
    for output, h_n in (ours, theirs):
        (output.square().sum() + h_n.sum()).backward()
    assert_close(inputs[0][0].grad, inputs[1][0].grad)
    assert_close(inputs[0][1].grad, inputs[1][1].grad)
    for layer, cell in enumerate(cells):
        for name, param in cell.named_parameters():
            assert_close(param.grad, net.get_parameter(f"{name}_l{layer}").grad)


def test_stack_leaves_the_first_state_alone(definitions):
    stacked, cells_of = definitions("6.9", "stacked", "cells_of")
    H = torch.zeros(2, 3, 4)
    stacked(torch.randn(5, 3, 5), H, cells_of(nn.GRU(5, 4, 2)))
    assert H.abs().sum() == 0


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_parameters_of_layers(definitions, kind):
    (parameters_of_layer,) = definitions("6.9", "parameters_of_layer")
    net = kind(7, 5, num_layers=3)
    counts = [parameters_of_layer(net, layer) for layer in range(3)]
    assert sum(counts) == sum(param.numel() for param in net.parameters())
    assert counts[1] == counts[2] != counts[0]


@pytest.mark.parametrize(("num_layers", "num_steps"), [(1, 9), (2, 1), (2, 4), (3, 6), (4, 4)])
def test_gradient_counts_paths(definitions, num_layers, num_steps):
    (count_paths,) = definitions("6.9", "count_paths")
    expected = math.comb(num_steps + num_layers - 2, num_layers - 1)
    assert count_paths(num_layers, num_steps) == expected


def test_norms_by_distance_and_layer(definitions):
    windows = torch.randint(11, (4, 61))
    (norms_by_layer,) = definitions("6.9", "norms_by_layer", windows=windows)
    model = d2l.RNNModel(nn.RNN(11, 6, num_layers=2), 11)
    norms = norms_by_layer(model)
    assert norms.shape == (41, 2)
    _, before = model.rnn(d2l.one_hot(windows[:, :-2].T, 11))  # the last step but one
    H = before.detach().requires_grad_()
    scores, _ = model(windows[:, -2:-1], H)
    F.cross_entropy(scores, windows[:, -1], reduction="sum").backward()
    assert_close(norms[0], H.grad.norm(dim=2).mean(dim=1))
