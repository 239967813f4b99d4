"""Section 7.3: mini-batch SGD as the notebook writes it, against torch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import d2lzh_pytorch as d2l

X = torch.randn(25, 3, generator=torch.Generator().manual_seed(0))
Y = X @ torch.tensor([1.0, -2.0, 0.5]) + 0.3


def test_twelve_steps_of_sgd_are_torchs(definitions):
    (sgd,) = definitions("7.3", "sgd")
    ours, theirs = (torch.ones(4, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([theirs], lr=0.3)
    for _ in range(12):
        ours.grad = theirs.grad = torch.randn(4)
        sgd([ours], None, {"lr": 0.3})
        optimizer.step()
        torch.testing.assert_close(ours, theirs)


def test_train_ch7_is_the_packages_and_torchs(definitions):
    train_ch7, sgd = definitions("7.3", "train_ch7", "sgd")
    d2l.set_seed(3)
    losses = train_ch7(sgd, None, {"lr": 0.1}, X, Y, 10, 3)
    d2l.set_seed(3)
    packaged = d2l.train_ch7(sgd, None, {"lr": 0.1}, X, Y, 10, 3, quiet=True)
    assert losses[-1] == pytest.approx(packaged.loss[-1])

    d2l.set_seed(3)
    net = nn.Linear(3, 1)
    with torch.no_grad():
        torch.manual_seed(3)
        net.weight.copy_(torch.normal(0, 0.01, (1, 3)))
        net.bias.zero_()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        for rows in torch.randperm(25).split(10):
            optimizer.zero_grad()
            (F.mse_loss(net(X[rows]).flatten(), Y[rows]) / 2).backward()
            optimizer.step()
    assert losses[-1] == pytest.approx(F.mse_loss(net(X).flatten(), Y).item() / 2, rel=1e-4)


def test_a_rate_that_shrinks_beats_a_constant_one(definitions):
    (mean_square,) = definitions("7.3", "mean_square")
    constant, decayed = mean_square(lambda t: 0.3), mean_square(lambda t: 0.6 / t)
    # stationary variance of x <- x - 0.3 (2 x + noise)
    assert constant[-1] == pytest.approx(0.09 / (1 - 0.4**2), rel=0.15)
    assert decayed[-1] < constant[-1] / 10
