"""Section 7.8: Adam and AdamW as the notebook writes them, against torch."""

import math

import pytest
import torch

import d2lzh_pytorch as d2l

START = (0, 0, 0, 0, 1)


def test_the_path_over_the_valley_is_torchs(definitions, assert_path_is_torchs):
    adam_2d, f_2d = definitions("7.8", "adam_2d", "f_2d", eta=0.4, corrected=True)
    path = d2l.train_2d(adam_2d, states=START)
    assert path[0] == (-5, -2)
    assert_path_is_torchs(path, f_2d, torch.optim.Adam, lr=0.4, eps=1e-6)


def test_end_point_of_book_4(definitions):
    (adam_book,) = definitions("7.8", "adam_book")
    end = d2l.train_2d(adam_book, (-7, 2), START, 1000)[-1]
    assert max(abs(x) for x in end) < 1e-20


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.0, 0.9)])
@pytest.mark.parametrize("eps", [1e-8, 1e-3])
@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_twenty_steps_are_torchs(definitions, assert_steps_are_torchs, betas, eps, scale):
    adam, init = definitions("7.8", "adam", "init_adam_states")
    settings = {"lr": 0.1, "betas": betas, "eps": eps}
    assert_steps_are_torchs(adam, torch.optim.Adam, init(4), settings, scale=scale)


@pytest.mark.parametrize("decay", [0.0, 0.1, 2.0])
def test_twenty_steps_of_adamw_are_torchs(definitions, assert_steps_are_torchs, decay):
    adamw, init = definitions("7.8", "adamw", "init_adam_states")
    settings = {"lr": 0.1, "eps": 1e-8, "weight_decay": decay}
    assert_steps_are_torchs(adamw, torch.optim.AdamW, init(4), settings)


def test_the_books_call(definitions):
    adam, init = definitions("7.8", "adam", "init_adam_states")
    w, b = torch.zeros(2, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    w.grad, b.grad = torch.tensor([[1.0], [1e-6]]), torch.tensor([-3.0])
    states, hyperparams = init(2), {"lr": 0.01, "t": 1}
    adam([w, b], states, hyperparams)
    assert hyperparams["t"] == 2
    torch.testing.assert_close(states[0], (0.1 * w.grad, 0.001 * w.grad**2))
    torch.testing.assert_close(states[1], (0.1 * b.grad, 0.001 * b.grad**2))
    expected = torch.tensor([[-0.01], [-0.005]])  # eps = 1e-6, outside the root
    torch.testing.assert_close(w.detach(), expected, rtol=1e-4, atol=0)


def test_no_gradients_move_further_than_the_bound(definitions):
    (moves,) = definitions("7.8", "moves")
    bound = 0.1 / math.sqrt(0.001 * (1 - 0.81 / 0.999))
    assert bound == pytest.approx(7.27, abs=0.005)
    for _ in range(20):
        sizes = 10.0 ** (8 * torch.rand(200)) * (torch.rand(200) < 0.3)
        lengths = moves((sizes * torch.randn(200)).tolist()).abs()
        assert lengths.max() < bound
    worst = moves([0.0] * 20_000 + [(0.999 / 0.9) ** i for i in range(200)]).max().item()
    assert worst == pytest.approx(bound, rel=1e-3)


def test_two_steps_worked_by_hand(definitions):
    (two_steps,) = definitions("7.8", "two_steps")
    assert two_steps(torch.optim.Adam, 0.2, 0.1) == pytest.approx(0.8627, abs=5e-5)
    assert two_steps(torch.optim.AdamW, 0.2, 0.1) == pytest.approx(0.8864, abs=5e-5)
    assert two_steps(torch.optim.AdamW, 20.0, 0.1) == pytest.approx(0.8864, abs=5e-5)


def test_adam_walks_uphill_where_large_gradients_are_rare(definitions):
    (cycle,) = definitions("7.8", "cycle")
    assert cycle(torch.optim.Adam, betas=(0.0, 0.1))[-1] > 0.9
    assert cycle(torch.optim.Adam, betas=(0.0, 0.1), amsgrad=True)[-1] < -0.9
    assert cycle(torch.optim.Adam)[-1] < 0  # with the usual betas this example is harmless
