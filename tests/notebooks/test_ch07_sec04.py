"""Section 7.4: momentum as the notebook writes it, against torch and the book's numbers."""

import math

import pytest
import torch

import d2lzh_pytorch as d2l


def test_end_points_of_the_book(definitions, capsys):
    for eta, gd_end, momentum_end in (
        (0.4, "x1 -0.943467, x2 -0.000073", "x1 -0.062843, x2 0.001202"),
        (0.6, "x1 -0.387814, x2 -1673.365109", "x1 0.007188, x2 0.002553"),
    ):
        gd_2d, momentum_2d = definitions("7.4", "gd_2d", "momentum_2d", eta=eta, gamma=0.5)
        d2l.train_2d(gd_2d)
        d2l.train_2d(momentum_2d)
        lines = capsys.readouterr().out.splitlines()
        assert lines == [f"epoch 20, {gd_end}", f"epoch 20, {momentum_end}"]


def test_end_points_of_book_4(definitions, capsys):
    sgd_book, momentum_book = definitions("7.4", "sgd_book", "momentum_book")
    d2l.train_2d(sgd_book, (-7, 2), (), 500)
    d2l.train_2d(momentum_book, (-7, 2), num_steps=500)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "epoch 500, x1 -4.244653, x2 0.000082"
    assert second == "epoch 500, x1 -0.029373, x2 -0.000000"


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
def test_fifteen_steps_are_torchs(definitions, assert_steps_are_torchs, gamma):
    (sgd_momentum,) = definitions("7.4", "sgd_momentum")
    states = [torch.zeros(4, 1), torch.zeros(1)]
    settings = {"lr": 0.1, "momentum": gamma}
    assert_steps_are_torchs(sgd_momentum, torch.optim.SGD, states, settings, num_steps=15)


def test_the_difference_after_a_change_of_the_rate(definitions):
    compare, sgd_momentum = definitions("7.4", "compare", "sgd_momentum")
    settings = {"lr": 0.1, "momentum": 0.9}
    assert max(compare(sgd_momentum, torch.optim.SGD, **settings)) < 1e-6
    changed = compare(sgd_momentum, torch.optim.SGD, lr_after_10=0.01, **settings)
    assert max(changed[:10]) < 1e-6 < 0.01 < changed[10]


def test_states_have_the_shapes_of_the_parameters(definitions):
    (init,) = definitions("7.4", "init_momentum_states")
    assert [state.shape for state in init(7)] == [(7, 1), (1,)]
    assert all(state.count_nonzero() == 0 for state in init(7))


def test_nesterov_is_torchs_seen_from_the_point_behind(definitions, capsys):
    (nesterov_2d,) = definitions("7.4", "nesterov_2d", eta=0.3, gamma=0.8)
    path = torch.tensor(d2l.train_2d(nesterov_2d), dtype=torch.float64)
    y = torch.tensor([-5.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([y], lr=0.3, momentum=0.8, nesterov=True)
    for t in range(1, 21):
        optimizer.zero_grad()
        (0.1 * y[0] ** 2 + 2 * y[1] ** 2).backward()
        optimizer.step()
        torch.testing.assert_close(y.detach(), path[t] + 0.8 * (path[t] - path[t - 1]))


@pytest.mark.parametrize("gamma", [0.2, 0.5, 0.9])
def test_spectral_radius_has_a_flat_bottom_and_a_limit(definitions, gamma):
    (spectral_radius,) = definitions("7.4", "spectral_radius")
    for product in (0.9, 1.0, 1.1):
        assert spectral_radius(product, gamma) == pytest.approx(math.sqrt(gamma))
    limit = 2 * (1 + gamma)
    assert spectral_radius(limit - 0.01, gamma) < 1 < spectral_radius(limit + 0.01, gamma)
