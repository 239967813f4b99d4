"""Section 7.5: AdaGrad as the notebook writes it, against torch and the book's numbers."""

import math

import pytest
import torch

import d2lzh_pytorch as d2l


def test_end_points_of_the_book(definitions, capsys):
    for eta, end in ((0.4, "x1 -2.382563, x2 -0.158591"), (2, "x1 -0.002295, x2 -0.000000")):
        (adagrad_2d,) = definitions("7.5", "adagrad_2d", eta=eta)
        d2l.train_2d(adagrad_2d)
        assert capsys.readouterr().out == f"epoch 20, {end}\n"


def test_end_points_of_book_4_and_of_its_mistake(definitions):
    (adagrad_book,) = definitions("7.5", "adagrad_book")
    right = d2l.train_2d(adagrad_book, (-7, 2), num_steps=500)
    assert right[-1][0] == pytest.approx(-5.1e-11, rel=0.1)
    wrong = d2l.train_2d(lambda *a: adagrad_book(*a, keep=0), (-7, 2), num_steps=500)
    steps = torch.tensor(wrong)[:, 0].diff().abs()
    torch.testing.assert_close(steps, torch.full((500,), 0.9), rtol=1e-4, atol=0)


@pytest.mark.parametrize("eps", [1e-10, 1e-3])
def test_twenty_steps_with_eps_outside_are_torchs(definitions, assert_steps_are_torchs, eps):
    (adagrad_outside,) = definitions("7.5", "adagrad_outside")
    states = [torch.zeros(4, 1), torch.zeros(1)]
    settings = {"lr": 0.1, "eps": eps}
    assert_steps_are_torchs(adagrad_outside, torch.optim.Adagrad, states, settings, scale=0.01)


def test_the_books_version_has_eps_inside(definitions):
    adagrad, init = definitions("7.5", "adagrad", "init_adagrad_states")
    w, b = torch.zeros(2, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    w.grad, b.grad = torch.tensor([[1e-3], [2.0]]), torch.tensor([-3.0])
    states = init(2)
    adagrad([w, b], states, {"lr": 0.1})
    torch.testing.assert_close(states, (w.grad**2, b.grad**2))
    expected = torch.tensor([[-0.1 * 1e-3 / math.sqrt(1e-6 + 1e-6)], [-0.1]])
    torch.testing.assert_close(w.detach(), expected)
    torch.testing.assert_close(b.detach(), torch.tensor([0.1]))


def test_the_unit_of_the_gradient_does_not_matter(definitions):
    (scaled_path,) = definitions("7.5", "scaled_path")
    torch.testing.assert_close(scaled_path(0.2, 4), scaled_path(3, 1000))
