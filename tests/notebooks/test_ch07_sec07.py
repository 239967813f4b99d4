"""Section 7.7: AdaDelta as the notebook writes it, against torch."""

import math

import pytest
import torch

import d2lzh_pytorch as d2l


def test_the_path_over_the_valley_is_torchs(definitions, assert_path_is_torchs):
    adadelta_2d, f_2d = definitions("7.7", "adadelta_2d", "f_2d", eps=1e-2)
    path = d2l.train_2d(adadelta_2d, states=(0, 0, 0, 0))
    assert path[0] == (-5, -2)
    assert_path_is_torchs(path, f_2d, torch.optim.Adadelta, rho=0.9, eps=1e-2)


@pytest.mark.parametrize("rho", [0.5, 0.9])
@pytest.mark.parametrize("eps", [1e-6, 1e-2])
@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_twenty_steps_are_torchs(definitions, assert_steps_are_torchs, rho, eps, scale):
    adadelta, init = definitions("7.7", "adadelta", "init_adadelta_states")
    settings = {"rho": rho, "eps": eps}
    assert_steps_are_torchs(adadelta, torch.optim.Adadelta, init(4), settings, scale=scale)


def test_without_eps_it_is_the_books(definitions):
    adadelta, init = definitions("7.7", "adadelta", "init_adadelta_states")
    w, b = torch.zeros(2, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    w.grad, b.grad = torch.tensor([[1.0], [0.01]]), torch.tensor([-3.0])
    states = init(2)
    adadelta([w, b], states, {"rho": 0.9})
    (s_w, d_w), (s_b, _) = states
    torch.testing.assert_close(s_w, 0.1 * w.grad**2)
    torch.testing.assert_close(s_b, 0.1 * b.grad**2)
    torch.testing.assert_close(d_w, 0.1 * w.detach() ** 2)
    expected = torch.tensor([[-0.01], [-0.01 / math.sqrt(2)]])
    torch.testing.assert_close(w.detach(), expected, rtol=1e-4, atol=0)


@pytest.mark.parametrize("curvature", [3.0, 10.0])
def test_beyond_a_curvature_of_two_it_swings_ever_wider(definitions, curvature):
    (step,) = definitions("7.7", "adadelta_step")
    x, s, d = -2.0, 0.0, 0.0
    for _ in range(10_000):
        x, s, d = step(x, curvature * x, s, d, eps=1e-3)
    expected = 0.25 * (1 - 4 / curvature**2) * 1e-3 * 10_000
    assert x**2 == pytest.approx(expected, rel=0.03)


def test_below_a_curvature_of_two_it_settles(definitions):
    (step,) = definitions("7.7", "adadelta_step")
    x, s, d = -2.0, 0.0, 0.0
    for _ in range(5000):
        x, s, d = step(x, 1.5 * x, s, d, eps=1e-3)
    assert abs(x) < 1e-100


def test_constant_gradients_give_moves_like_the_root_of_t(definitions):
    (constant_moves,) = definitions("7.7", "constant_moves")
    moves = constant_moves(20.0, 5000)
    assert moves[0] == pytest.approx(0.01, rel=1e-3)
    assert moves[-1] == pytest.approx(math.sqrt(0.1 * 1e-5 * 5000), rel=0.02)
