"""Section 7.10: every algorithm as the notebook writes it, against torch; the rules of the race."""

import inspect
import math
from collections import defaultdict
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F

import d2lzh_pytorch as d2l

OURS = {"momentum": "mu"}  # names of settings that differ from torch's
ALGORITHMS = [
    ("sgd", torch.optim.SGD, {"lr": 0.1}),
    ("momentum", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8}),
    ("nesterov", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8, "nesterov": True}),
    ("adagrad", torch.optim.Adagrad, {"lr": 0.1, "eps": 1e-4}),
    ("rmsprop", torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.95, "eps": 1e-4}),
    ("adadelta", torch.optim.Adadelta, {"lr": 0.7, "rho": 0.95, "eps": 1e-5}),
    ("adam", torch.optim.Adam, {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-4}),
    ("adam", torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.1}),
]


def as_step(direction):
    """Return ``step(params, states, settings)`` that walks along `direction`."""

    @torch.no_grad()
    def step(params, states, settings):
        options = {OURS.get(name, name): value for name, value in settings.items()}
        lr, decay = options.pop("lr"), options.pop("weight_decay", 0.0)
        options.pop("nesterov", None)
        for param, s in zip(params, states, strict=True):
            param.copy_((1 - lr * decay) * param - lr * direction(s, param.grad, **options))

    return step


@pytest.mark.parametrize("scale", [1.0, 1e-3])
@pytest.mark.parametrize(("name", "optimizer_class", "settings"), ALGORITHMS)
def test_twenty_steps_are_torchs(
    definitions, assert_steps_are_torchs, name, optimizer_class, settings, scale
):
    (direction,) = definitions("7.10", name)
    states = [defaultdict(float), defaultdict(float)]
    assert_steps_are_torchs(
        as_step(direction), optimizer_class, states, settings, scale=scale, rtol=1e-4, atol=1e-5
    )


def test_the_defaults_are_torchs(definitions):
    for name, optimizer_class, _ in ALGORITHMS:
        (direction,) = definitions("7.10", name)
        defaults = optimizer_class([torch.zeros(1)]).defaults
        for parameter in inspect.signature(direction).parameters.values():
            if parameter.name in defaults:
                assert parameter.default == defaults[parameter.name], (name, parameter.name)


def test_lbfgs_is_torchs(definitions):
    descend, descend_torch, lbfgs = definitions("7.10", "descend", "descend_torch", "lbfgs")
    root = torch.randn(6, 6, dtype=torch.float64)
    H, start = root @ root.T / 6 + torch.eye(6), torch.randn(6, dtype=torch.float64)
    settings = {"max_iter": 1, "tolerance_grad": 0, "tolerance_change": 0}
    ours = descend(lbfgs, 1.0, 0.0, H, start, num_steps=10)
    torch.testing.assert_close(
        ours, descend_torch(torch.optim.LBFGS, settings, H, start, num_steps=10)
    )
    assert ours[-1].norm() < 1e-3 * start.norm()


def test_lbfgs_learns_the_inverse(definitions):
    """In one dimension a single pair tells the curvature, so the third point is the minimum."""
    descend, lbfgs = definitions("7.10", "descend", "lbfgs")
    H, start = torch.tensor([[7.0]], dtype=torch.float64), torch.tensor([3.0], dtype=torch.float64)
    path = descend(lbfgs, 1.0, 0.0, H, start, num_steps=2)
    assert abs(path[2].item()) < 1e-12


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "lbfgs"])
def test_turning_the_valley_turns_the_path(definitions, name):
    descend, direction = definitions("7.10", "descend", name)
    H = torch.diag(torch.tensor([0.2, 4.0], dtype=torch.float64))
    start = torch.tensor([-5.0, -2.0], dtype=torch.float64)
    turn = torch.tensor([[0.6, -0.8], [0.8, 0.6]], dtype=torch.float64)
    lr = 1.0 if name == "lbfgs" else 0.1
    straight = torch.stack(descend(direction, lr, 0.0, H, start, num_steps=6))
    turned = torch.stack(descend(direction, lr, 0.0, turn @ H @ turn.T, turn @ start, num_steps=6))
    # The first step of L-BFGS is scaled by the sum of absolute values, which depends on the axes.
    if name == "lbfgs":
        assert turned[-1].norm() < 0.2 * start.norm()
    else:
        torch.testing.assert_close(turned, straight @ turn.T)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_the_others_depend_on_the_axes(definitions, name):
    descend, direction = definitions("7.10", "descend", name)
    H = torch.diag(torch.tensor([0.2, 4.0], dtype=torch.float64))
    start = torch.tensor([-5.0, -2.0], dtype=torch.float64)
    turn = torch.tensor([[1.0, -1.0], [1.0, 1.0]], dtype=torch.float64) / math.sqrt(2)
    straight = descend(direction, 0.1, 0.0, H, start)[-1]
    turned = descend(direction, 0.1, 0.0, turn @ H @ turn.T, turn @ start)[-1]
    assert (turned - turn @ straight).norm() > 0.1


def test_where_the_first_step_bends(definitions):
    names = ("adagrad", "rmsprop", "adadelta", "adam", "adagrad_book")
    first = [
        [direction(defaultdict(float), torch.tensor([g], dtype=torch.float64)).item() for g in g_s]
        for direction in definitions("7.10", *names)
        for g_s in [(1.0, 1e-5, 1e-8)]
    ]
    assert first[0] == pytest.approx([1, 1, 1], rel=0.02)
    assert first[1] == pytest.approx([10, 10, 10 / 11], rel=0.02)
    assert first[2] == pytest.approx([math.sqrt(1e-5), 1e-5, 1e-8], rel=0.02)
    assert first[3] == pytest.approx([1, 1, 0.5], rel=0.02)
    assert first[4] == pytest.approx([1, 1e-2, 1e-5], rel=0.02)


def test_lenet(definitions):
    lenet, he_lenet = definitions("7.10", "lenet", "he_lenet")
    X = torch.rand(2, 1, 28, 28)
    net, theirs = lenet(), d2l.LeNet()
    assert net(X).shape == (2, 10)
    shapes = [param.shape for param in net.parameters()]
    assert shapes == [param.shape for param in theirs.parameters()]
    first, *_, last = he_lenet().parameters()
    assert first.std().item() == pytest.approx(math.sqrt(2 / 25), rel=0.3)
    assert last.abs().max() == 0


@pytest.mark.parametrize("optimizer_class", [torch.optim.SGD, torch.optim.Adam])
def test_one_step_of_training(definitions, optimizer_class):
    X, y = torch.rand(4, 1, 28, 28), torch.tensor([1, 2, 3, 3])
    methods = {"it": (None, 0.0, optimizer_class, {})}
    train, lenet = definitions("7.10", "train", "lenet", train_iter=[(X, y)], METHODS=methods)
    net, losses = train("it", 0.01, 5, lenet, num_epochs=1)
    d2l.set_seed(5)
    expected = lenet()
    optimizer = optimizer_class(expected.parameters(), lr=0.01)
    loss = F.cross_entropy(expected(X), y)
    loss.backward()
    optimizer.step()
    torch.testing.assert_close(losses, loss.detach()[None])
    torch.testing.assert_close(net.state_dict(), expected.state_dict())


def test_the_rate_falls_to_zero(definitions):
    X, y = torch.rand(4, 1, 28, 28), torch.tensor([1, 2, 3, 3])
    methods = {"SGD": (None, 0.0, torch.optim.SGD, {})}
    train, lenet = definitions("7.10", "train", "lenet", train_iter=[(X, y)] * 3, METHODS=methods)
    _, losses = train("SGD", 0.1, 0, lenet)
    assert len(losses) == 6
    assert losses[5] < losses[0]


def tuned(definitions, accuracy):
    """Tune with `accuracy(lr, seed)` in place of training; return the scores and the trainings."""
    trainings = []

    def train(name, lr, seed, build):
        trainings.append((lr, seed))
        return (lr, seed), None

    fake = SimpleNamespace(evaluate_accuracy=lambda _, net: accuracy(*net))
    tune, best_rate = definitions(
        "7.10", "tune", "best_rate", train=train, d2l=fake, valid_iter=None
    )
    scores = tune("SGD", None)
    return scores, trainings, best_rate(scores)


@pytest.mark.parametrize("best", [0.001, 0.01, 0.1, 1.0, 10.0])
def test_every_method_is_trained_ten_times(definitions, best):
    scores, trainings, chosen = tuned(
        definitions, lambda lr, seed: 1 - abs(math.log10(lr / best)) / 10
    )
    assert len(trainings) == len(set(trainings)) == 10
    assert chosen == best
    assert min(scores) < chosen < max(scores)
    assert list(scores) == sorted(scores)
    assert sorted(len(each) for each in scores.values()) == [1, 1, 1, 1, 2, 2, 2]


def test_the_mean_of_two_seeds_decides(definitions):
    def accuracy(lr, seed):
        lucky = 0.9 if seed == 0 else 0.1
        return {0.1: lucky, 0.1 / math.sqrt(10): 0.6}.get(lr, 0.2)

    assert tuned(definitions, accuracy)[2] == pytest.approx(0.1 / math.sqrt(10))
