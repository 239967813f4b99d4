"""Section 7.6: RMSProp as the notebook writes it, against torch and the book's numbers."""

import math

import pytest
import torch

import d2lzh_pytorch as d2l


def test_end_point_of_the_book(definitions, capsys):
    (rmsprop_2d,) = definitions("7.6", "rmsprop_2d")
    d2l.train_2d(rmsprop_2d)
    assert capsys.readouterr().out == "epoch 20, x1 -0.010599, x2 0.000000\n"


@pytest.mark.parametrize("eta", [0.4, 0.1])
def test_a_constant_rate_ends_half_a_step_from_the_bottom(definitions, eta):
    (rmsprop_2d,) = definitions("7.6", "rmsprop_2d", eta=eta)
    end = d2l.train_2d(rmsprop_2d, num_steps=3000)[-1]
    assert [abs(x) for x in end] == pytest.approx([eta / 2] * 2, rel=0.01)


def test_end_points_of_book_4(definitions, assert_path_is_torchs):
    sgd_book, rmsprop_book = definitions("7.6", "sgd_book", "rmsprop_book")
    assert d2l.train_2d(sgd_book, (-7, 2), (), 1000)[-1][0] == pytest.approx(-3.0e-4, rel=0.02)
    path = d2l.train_2d(rmsprop_book, (-7, 2), num_steps=1000)
    assert path[0] == (-7, 2)

    def f(x1, x2):
        return 0.05 * x1**2 + x2**2

    assert_path_is_torchs(path[:101], f, torch.optim.RMSprop, lr=0.1, alpha=0.99)
    assert max(abs(v) for v in path[-1]) < 1e-3


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_twenty_steps_are_torchs(definitions, assert_steps_are_torchs, centered, momentum):
    (rmsprop_torch,) = definitions("7.6", "rmsprop_torch")
    settings = {
        "lr": 0.01, "alpha": 0.95, "eps": 1e-6, "centered": centered, "momentum": momentum
    }  # fmt: skip
    states = [tuple(torch.zeros(shape) for _ in range(3)) for shape in ((4, 1), (1,))]
    assert_steps_are_torchs(
        rmsprop_torch, torch.optim.RMSprop, states, settings, rtol=1e-4, atol=1e-5
    )


def test_the_books_version_has_eps_inside(definitions):
    rmsprop, init = definitions("7.6", "rmsprop", "init_rmsprop_states")
    w, b = torch.zeros(2, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    w.grad, b.grad = torch.tensor([[1e-3], [2.0]]), torch.tensor([-3.0])
    states = init(2)
    rmsprop([w, b], states, {"lr": 0.1, "gamma": 0.9})
    torch.testing.assert_close(states, (0.1 * w.grad**2, 0.1 * b.grad**2))
    small = 0.1 * 1e-3 / math.sqrt(1e-7 + 1e-6)
    expected = torch.tensor([[-small], [-0.1 * math.sqrt(10)]])
    torch.testing.assert_close(w.detach(), expected)
