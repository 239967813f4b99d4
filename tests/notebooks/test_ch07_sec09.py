"""Section 7.9: the schedules that the notebook writes out, against torch and the book's numbers."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

import d2lzh_pytorch as d2l


@pytest.mark.parametrize(
    ("name", "settings", "make"),
    [
        ("step_decay", (7, 0.5), lambda o: lr_scheduler.StepLR(o, 7, 0.5)),
        ("multi_step", ([3, 10, 11], 0.3), lambda o: lr_scheduler.MultiStepLR(o, [3, 10, 11], 0.3)),
        ("exponential", (0.9,), lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
        ("cosine", (20, 0.05), lambda o: lr_scheduler.CosineAnnealingLR(o, 20, 0.05)),
        ("one_cycle", (60,), lambda o: lr_scheduler.OneCycleLR(o, 0.4, 60)),
        ("one_cycle", (60, 0.5, 10, 100), lambda o: lr_scheduler.OneCycleLR(
            o, 0.4, 60, pct_start=0.5, div_factor=10, final_div_factor=100)),
    ],
)  # fmt: skip
def test_each_rate_is_torchs(definitions, name, settings, make):
    rate, rates_of = definitions("7.9", name, "rates_of")
    theirs = rates_of(make, 60, 0.4)
    assert [rate(t, 0.4, *settings) for t in range(60)] == pytest.approx(theirs)


def test_warm_up_is_torchs_in_two_ways(definitions):
    warmup_cosine, by_lambda, joined, rates_of = definitions(
        "7.9", "warmup_cosine", "by_lambda", "joined", "rates_of"
    )
    ours = [warmup_cosine(t, 0.7, 100, 20) for t in range(100)]
    assert ours == pytest.approx(rates_of(by_lambda, 100, 0.7))
    assert ours == pytest.approx(rates_of(joined, 100, 0.7))
    assert ours[19] == ours[20] == max(ours) == 0.7


@pytest.mark.parametrize(
    ("name", "settings", "num_steps", "end", "last"),
    [
        ("step_decay", (20, 0.7), 1000, -0.0147, 1.6e-8),
        ("multi_step", ([10, 50, 200], 0.7), 400, -4.4e-7, 0.3087),
        ("exponential", (0.99,), 400, -8.2e-4, 0.01616),
    ],
)
def test_end_points_of_book_4(definitions, name, settings, num_steps, end, last):
    rate, decayed = definitions("7.9", name, "decayed")
    trainer = decayed(lambda t: rate(t, 0.9, *settings))
    path = d2l.train_2d(trainer, start=(-7, 2), states=(0,), num_steps=num_steps)
    assert path[-1][0] == pytest.approx(end, rel=0.002)
    assert path[-1][1] == pytest.approx(0, abs=1e-6)
    assert rate(num_steps, 0.9, *settings) == pytest.approx(last, rel=0.02)


@pytest.mark.parametrize(("factor", "patience"), [(0.9, 0), (0.8, 2), (0.9, 10)])
def test_plateau_is_torchs(definitions, factor, patience):
    (plateau,) = definitions("7.9", "plateau")
    metrics = (1 + torch.randn(80).cumsum(dim=0).abs()).tolist()
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=factor, patience=patience)
    for metric, expected in zip(metrics, plateau(metrics, 1.0, factor, patience), strict=True):
        scheduler.step(metric)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(expected)


def test_parallel_runs_take_the_steps_of_sgd(definitions, monkeypatch):
    X1, labels = torch.randn(30, 3), torch.randn(30)
    solution = torch.linalg.lstsq(X1, labels[:, None]).solution
    H = X1.T @ X1 / 30
    chosen = torch.arange(20).reshape(2, 10)
    monkeypatch.setattr(torch, "randint", lambda *args: chosen)
    (excess_losses,) = definitions(
        "7.9", "excess_losses", X1=X1, labels=labels, solution=solution, H=H
    )

    floor = d2l.squared_loss(X1 @ solution, labels).mean().item()
    expected = []
    for rows in chosen:
        w = torch.zeros(3, 1, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        d2l.squared_loss(X1[rows] @ w, labels[rows]).mean().backward()
        optimizer.step()
        expected.append(d2l.squared_loss(X1 @ w.detach(), labels).mean().item() - floor)
    (excess,) = excess_losses(lambda t: 0.1, num_steps=1, num_runs=2)
    assert excess == pytest.approx(sum(expected) / 2, rel=1e-3)


def test_loss_of_a_quiet_problem_is_all_unfinished(definitions):
    eigenvalues, distances = torch.tensor([0.5, 2.0]), torch.tensor([1.0, -3.0])
    (predicted,) = definitions(
        "7.9", "predicted", eigenvalues=eigenvalues, distances=distances, floor=0.0
    )
    w = distances.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(5):
        optimizer.zero_grad()
        (eigenvalues * w**2).sum().div(2).backward()
        optimizer.step()
    noise, unfinished = predicted(0.1, num_steps=5)
    assert noise == 0
    assert unfinished == pytest.approx((eigenvalues * w**2).sum().item() / 2)


@pytest.mark.parametrize("per_step", [False, True])
def test_an_epoch_is_torchs(definitions, per_step):
    train_epoch, build = definitions("7.9", "train_epoch", "build")
    data = torch.rand(50, 1, 28, 28), torch.randint(10, (50,))
    net, optimizer = build(0.1)
    before = [p.detach().clone() for p in net.parameters()]
    gradients = torch.autograd.grad(F.cross_entropy(net(data[0]), data[1]), list(net.parameters()))
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5) if per_step else None
    losses = train_epoch(net, optimizer, data, scheduler)
    assert len(losses) == 1
    assert losses[0] == pytest.approx(math.log(10), abs=0.4)
    assert optimizer.param_groups[0]["lr"] == (0.05 if per_step else 0.1)
    after = [p.detach() for p in net.parameters()]
    expected = [p - 0.1 * g for p, g in zip(before, gradients, strict=True)]
    torch.testing.assert_close(after, expected)
