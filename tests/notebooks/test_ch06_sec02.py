"""Section 6.2: the recurrent step as the notebook writes it, against torch."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close


def weights_of(cell):
    return cell.weight_ih.T, cell.weight_hh.T, cell.bias_ih + cell.bias_hh


def test_step_is_rnn_cell_forward_and_gradient(definitions):
    (rnn_step,) = definitions("6.2", "rnn_step")
    cell = nn.RNNCell(5, 4)
    X, H = (torch.randn(3, size, requires_grad=True) for size in (5, 4))
    ours, theirs = rnn_step(X, H, *weights_of(cell)), cell(X, H)
    assert_close(ours, theirs)
    wanted = [X, H, *cell.parameters()]
    weight = torch.randn(3, 4)
    assert_close(
        torch.autograd.grad((ours * weight).sum(), wanted),
        torch.autograd.grad((theirs * weight).sum(), wanted),
    )


def test_many_steps_are_nn_rnn(definitions):
    (rnn_step,) = definitions("6.2", "rnn_step")
    layer, X = nn.RNN(5, 4), torch.randn(7, 3, 5)
    weights = layer.weight_ih_l0.T, layer.weight_hh_l0.T, layer.bias_ih_l0 + layer.bias_hh_l0
    H, states = torch.zeros(3, 4), []
    for x in X:
        H = rnn_step(x, H, *weights)
        states.append(H)
    Y, last = layer(X)
    assert_close(torch.stack(states), Y)
    assert_close(H, last[0])
    params = list(layer.parameters())
    assert_close(
        torch.autograd.grad(torch.stack(states).square().sum(), params),
        torch.autograd.grad(Y.square().sum(), params),
    )


def test_shared_gradient_is_the_sum(definitions):
    given = {"B": 3, "h": 4, "W_xh": torch.randn(5, 4), "b_h": torch.randn(4)}
    (last_state,) = definitions("6.2", "last_state", **given)
    W, X = torch.randn(4, 4), torch.randn(6, 3, 5)
    shared = W.clone().requires_grad_()
    copies = [W.clone().requires_grad_() for _ in X]
    last_state(X, [shared] * 6).sum().backward()
    last_state(X, copies).sum().backward()
    assert_close(shared.grad, sum(copy.grad for copy in copies))
    assert copies[0].grad.abs().sum() == 0


def test_memoryless_layer_ignores_what_came_before(definitions):
    (Memoryless,) = definitions("6.2", "Memoryless")
    layer, X = Memoryless(5, 4), torch.randn(6, 1, 5)
    Y, state = layer(X)
    assert state is None
    assert_close(Y[-1:], layer(X[-1:])[0])


@pytest.mark.parametrize("kind", ["rnn", "mlp"])
def test_fit_takes_adam_steps(definitions, kind):
    letters, X = ["a", "b"], torch.eye(2).repeat(4, 1).unsqueeze(1)
    y = torch.tensor([1, 0] * 4)
    fit, Memoryless = definitions("6.2", "fit", "Memoryless", letters=letters, X=X, y=y)
    losses = fit(nn.RNN(2, 8) if kind == "rnn" else Memoryless(2, 8))
    assert len(losses) == 150
    assert losses[-1] < 0.1 < losses[0]  # here the last letter is enough
