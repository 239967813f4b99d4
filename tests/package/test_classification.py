"""train_ch3 and train_ch5: what they report, what they compute, what they refuse."""

import copy
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode

from d2lzh_pytorch.plotting import plt
from d2lzh_pytorch.seed import set_seed
from d2lzh_pytorch.training.classification import train_ch3, train_ch5

LINE = re.compile(
    r"epoch (\d+), loss (\d+\.\d{4}), train acc ([01]\.\d{3}), test acc ([01]\.\d{3}), "
    r"time \d+\.\d sec"
)
MEAN = nn.CrossEntropyLoss()
EACH = nn.CrossEntropyLoss(reduction="none")
every_loss = pytest.mark.parametrize("loss", [MEAN, EACH], ids=["mean", "per-example"])

X, TEST_X = torch.randn(11, 4, generator=torch.Generator().manual_seed(1)).split([7, 4])
Y, TEST_Y = torch.tensor([0, 2, 1, 1, 0, 2, 2]), torch.tensor([1, 0, 2, 2])
TRAIN = list(zip(X.split(3), Y.split(3), strict=True))  # 3, 3 and a shorter batch of 1
TEST = list(zip(TEST_X.split(3), TEST_Y.split(3), strict=True))


def share_right(scores, y):
    return (scores.argmax(dim=1) == y).float().mean().item()


def fit_ch3(net, *, loss=MEAN, epochs=1, train_iter=TRAIN, test_iter=TEST, optimizer=None, **rest):
    return train_ch3(net, train_iter, test_iter, loss, epochs, 3, optimizer=optimizer, **rest)


def fit_ch5(net, *, epochs=1, train_iter=TRAIN, test_iter=TEST, optimizer=None, device="cpu"):
    return train_ch5(net, train_iter, test_iter, 3, optimizer, device, epochs)


both = pytest.mark.parametrize("fit", [fit_ch3, fit_ch5], ids=["train_ch3", "train_ch5"])


def linear_and_sgd(lr=0.5):
    net = nn.Linear(4, 3)
    return net, torch.optim.SGD(net.parameters(), lr=lr)


def scratch_net():
    """A net as in section 3.6: a function that computes with its own weights."""
    W, b = torch.randn(4, 3, requires_grad=True), torch.zeros(3, requires_grad=True)
    return (lambda images: images @ W + b), [W, b]


# What is reported


@both
def test_prints_one_line_an_epoch_in_the_form_of_the_book(fit, capsys):
    net, optimizer = linear_and_sgd()
    history = fit(net, optimizer=optimizer, epochs=3)
    lines = capsys.readouterr().out.splitlines()
    if fit is fit_ch5:
        assert lines.pop(0) == "training on cpu"
    matches = [LINE.fullmatch(line) for line in lines]
    assert all(matches)
    assert [match[1] for match in matches] == ["1", "2", "3"]
    printed = [[float(match[i]) for match in matches] for i in (2, 3, 4)]
    recorded = [history.loss, history.train_acc, history.test_acc]
    assert_close(printed, recorded, atol=6e-4, rtol=0)


@every_loss
def test_loss_and_accuracies_are_means_over_examples(loss):
    net, optimizer = linear_and_sgd(lr=0.0)
    history = fit_ch3(net, loss=loss, optimizer=optimizer, epochs=2)
    assert history.loss == pytest.approx([F.cross_entropy(net(X), Y).item()] * 2, rel=1e-5)
    assert history.train_acc == pytest.approx([share_right(net(X), Y)] * 2)
    assert history.test_acc == pytest.approx([share_right(net(TEST_X), TEST_Y)] * 2)


@every_loss
def test_loss_is_the_mean_also_for_plain_sgd(loss):
    net, params = scratch_net()
    history = fit_ch3(net, loss=loss, params=params, lr=0.0)
    assert history.loss == pytest.approx([F.cross_entropy(net(X), Y).item()], rel=1e-5)
    assert history.train_acc == pytest.approx([share_right(net(X), Y)])
    assert history.test_acc == pytest.approx([share_right(net(TEST_X), TEST_Y)])


def test_loss_of_a_column_per_example_counts_each_once():
    net, optimizer = linear_and_sgd(lr=0.0)
    history = fit_ch3(net, loss=lambda s, y: EACH(s, y)[:, None], optimizer=optimizer)
    assert history.loss == pytest.approx([F.cross_entropy(net(X), Y).item()], rel=1e-5)


def test_train_ch5_reports_the_mean_per_example():
    net, optimizer = linear_and_sgd(lr=0.0)
    history = fit_ch5(net, optimizer=optimizer, epochs=3)
    assert history.loss == pytest.approx([F.cross_entropy(net(X), Y).item()] * 3, rel=1e-5)
    assert history.train_acc == pytest.approx([share_right(net(X), Y)] * 3)
    assert history.test_acc == pytest.approx([share_right(net(TEST_X), TEST_Y)] * 3)


@both
def test_training_accuracy_is_counted_before_each_step_and_test_accuracy_after_all(fit):
    net, optimizer = linear_and_sgd(lr=1.0)
    reference = copy.deepcopy(net)
    stepper = torch.optim.SGD(reference.parameters(), lr=1.0)
    right = total = 0.0
    for features, y in TRAIN:
        scores = reference(features)
        total += F.cross_entropy(scores, y, reduction="sum").item()
        right += (scores.argmax(dim=1) == y).sum().item()
        stepper.zero_grad()
        F.cross_entropy(scores, y).backward()
        stepper.step()
    history = fit(net, optimizer=optimizer)
    assert history.loss == pytest.approx([total / 7], rel=1e-5)
    assert history.train_acc == pytest.approx([right / 7])
    assert history.test_acc == pytest.approx([share_right(reference(TEST_X), TEST_Y)])


@both
def test_the_history_can_be_plotted(fit):
    net, optimizer = linear_and_sgd()
    fit(net, optimizer=optimizer, epochs=4).plot()
    assert [len(line.get_xdata()) for axes in plt.gcf().axes for line in axes.lines] == [4, 4, 4]


# What is computed


def trained_by_torch(net, epochs, lr, momentum=0.0):
    net = copy.deepcopy(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)
    for _ in range(epochs):
        for features, y in TRAIN:
            optimizer.zero_grad()
            F.cross_entropy(net(features), y).backward()
            optimizer.step()
    return net


@every_loss
def test_train_ch3_takes_the_steps_of_the_optimizer(loss):
    net = nn.Linear(4, 3)
    expected = trained_by_torch(net, epochs=2, lr=0.5, momentum=0.9)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    fit_ch3(net, loss=loss, optimizer=optimizer, epochs=2)
    assert_close(dict(net.state_dict()), dict(expected.state_dict()))


def test_train_ch5_takes_the_steps_of_the_optimizer():
    net = nn.Linear(4, 3)
    expected = trained_by_torch(net, epochs=2, lr=0.5, momentum=0.9)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    fit_ch5(net, optimizer=optimizer, epochs=2)
    assert_close(dict(net.state_dict()), dict(expected.state_dict()))


@pytest.mark.parametrize("container", [list, tuple, iter])
def test_plain_sgd_on_params_is_torchs_sgd(container):
    net = nn.Linear(4, 3)
    expected = trained_by_torch(net, epochs=2, lr=0.5)
    fit_ch3(net, loss=EACH, params=container([net.weight, net.bias]), lr=0.5, epochs=2)
    assert_close(dict(net.state_dict()), dict(expected.state_dict()))


def test_plain_sgd_on_a_mean_loss_takes_smaller_steps_as_in_the_book():
    batch = [(X[:3], Y[:3])]
    net = nn.Linear(4, 3)
    other = copy.deepcopy(net)
    fit_ch3(net, train_iter=batch, loss=MEAN, params=net.parameters(), lr=30.0)
    fit_ch3(other, train_iter=batch, loss=EACH, params=other.parameters(), lr=10.0)
    assert_close(dict(net.state_dict()), dict(other.state_dict()))


def test_an_optimizer_goes_before_params():
    net = nn.Linear(4, 3)
    expected = trained_by_torch(net, epochs=1, lr=0.5)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    fit_ch3(net, optimizer=optimizer, params=list(net.parameters()), lr=100.0)
    assert_close(dict(net.state_dict()), dict(expected.state_dict()))


@both
def test_gradients_of_before_do_not_count(fit):
    net, optimizer = linear_and_sgd()
    expected = trained_by_torch(net, epochs=1, lr=0.5)
    net.weight.grad = torch.full((3, 4), 1e6)
    fit(net, optimizer=optimizer)
    assert_close(dict(net.state_dict()), dict(expected.state_dict()))


@both
def test_trains_in_training_mode_and_evaluates_in_evaluation_mode(fit):
    modes = []
    net = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))
    net[1].register_forward_hook(lambda module, inputs, output: modes.append(module.training))
    net.eval()
    fit(net, optimizer=torch.optim.SGD(net.parameters(), lr=0.1), epochs=2)
    assert modes == ([True] * 3 + [False] * 2) * 2


def test_a_function_is_told_when_it_does_not_train():
    seen = []
    plain, params = scratch_net()

    def net(images, is_training=True):
        seen.append(is_training)
        return plain(images)

    fit_ch3(net, loss=EACH, params=params, lr=0.1)
    assert seen == [True] * 3 + [False] * 2


@both
def test_the_same_seed_trains_the_same_net(fit):
    def run(seed):
        set_seed(seed)
        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3))
        fit(net, optimizer=torch.optim.SGD(net.parameters(), lr=0.5), epochs=2)
        return net[0].weight.detach()

    assert torch.equal(run(5), run(5))
    assert not torch.equal(run(5), run(6))


# Limits and refusals


@both
def test_a_smoke_run_takes_two_rounds_of_two_batches(fit, monkeypatch, capsys):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    net, optimizer = linear_and_sgd(lr=0.0)
    history = fit(net, optimizer=optimizer, epochs=5)
    expected = F.cross_entropy(net(X[:6]), Y[:6]).item()
    assert history.loss == pytest.approx([expected] * 2, rel=1e-5)
    assert capsys.readouterr().out.count("epoch") == 2


def test_train_ch3_wants_an_optimizer_or_params_and_lr():
    net = nn.Linear(4, 3)
    for rest in ({}, {"params": list(net.parameters())}, {"lr": 0.1}, {"params": [], "lr": 0.1}):
        with pytest.raises(ValueError, match="either an optimizer or both params and lr"):
            fit_ch3(net, **rest)


@pytest.mark.parametrize(
    ("name", "value"),
    [("batch_size", 0), ("num_epochs", 0), ("num_epochs", -1), ("num_epochs", 1.5)],
)
def test_numbers_below_one_are_refused(name, value):
    net, optimizer = linear_and_sgd()
    numbers = {"batch_size": 3, "num_epochs": 1, name: value}
    with pytest.raises(ValueError, match=f"{name} must be a positive integer, not {value}"):
        train_ch3(net, TRAIN, TEST, MEAN, **numbers, optimizer=optimizer)
    with pytest.raises(ValueError, match=f"{name} must be a positive integer, not {value}"):
        train_ch5(net, TRAIN, TEST, optimizer=optimizer, device="cpu", **numbers)


@both
@pytest.mark.parametrize(("label", "said"), [(3, "from 0 to 3"), (-1, "from -1 to 2")])
def test_labels_out_of_range_are_refused_before_the_first_step(fit, label, said):
    net, optimizer = linear_and_sgd()
    before = net.weight.detach().clone()
    y = torch.tensor([0, 2, label]) if label > 0 else torch.tensor([0, label, 2])
    with pytest.raises(ValueError, match=f"labels must be from 0 to 2.* got labels {said}"):
        fit(net, train_iter=[(X[:3], y)], optimizer=optimizer)
    assert torch.equal(net.weight, before)


@both
@pytest.mark.parametrize(
    ("make_net", "y"),
    [
        (lambda layer: nn.Sequential(layer, nn.Unflatten(1, (3, 1))), Y[:3]),
        (lambda layer: nn.Sequential(layer, nn.Flatten(0)), Y[:3]),
        (lambda layer: layer, Y[:3, None]),
        (lambda layer: layer, Y[:2]),
    ],
    ids=["scores (n, c, 1)", "scores (n * c,)", "labels (n, 1)", "labels (m,)"],
)
def test_scores_and_labels_that_do_not_fit_are_refused(fit, make_net, y):
    layer, optimizer = linear_and_sgd()
    with pytest.raises(ValueError, match=r"scores of shape \(n, classes\) .* shape \(n,\); got"):
        fit(make_net(layer), train_iter=[(X[:3], y)], optimizer=optimizer)


@both
def test_no_training_batch(fit):
    net, optimizer = linear_and_sgd()
    with pytest.raises(ValueError, match="train_iter gave no batch in epoch 1"):
        fit(net, train_iter=[], optimizer=optimizer)


@both
def test_a_generator_is_used_up_after_an_epoch(fit):
    net, optimizer = linear_and_sgd()
    with pytest.raises(ValueError, match=r"no batch in epoch 2.*as a list or a loader does"):
        fit(net, train_iter=iter(TRAIN), optimizer=optimizer, epochs=2)


@both
def test_no_test_batch(fit):
    net, optimizer = linear_and_sgd()
    with pytest.raises(ValueError, match="data_iter has no batch"):
        fit(net, test_iter=[], optimizer=optimizer)


# Devices


class ValuesRead(TorchDispatchMode):
    """Counts how often Python asks for the value of a tensor; on a GPU it then has to wait."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += func is torch.ops.aten._local_scalar_dense.default
        return func(*args, **(kwargs or {}))


def values_read(fit, batches, **rest):
    net, optimizer = linear_and_sgd()
    data = [(X[:3], Y[:3])] * batches
    with ValuesRead() as mode:
        fit(net, train_iter=data, test_iter=data, optimizer=optimizer, epochs=2, **rest)
    return mode.count


@both
def test_no_value_is_read_per_batch(fit):
    assert 0 < values_read(fit, batches=2) == values_read(fit, batches=20)


def test_the_count_sees_a_loss_that_reads_values():
    def loss(scores, y):
        each = EACH(scores, y)
        return each if each.mean() > 0 else each * 2  # Python asks for a truth value

    few, many = (values_read(fit_ch3, batches=n, loss=loss) for n in (2, 20))
    assert many - few == 18 * 2


def test_train_ch5_moves_net_and_batches():
    seen = []
    net = nn.Linear(4, 3)
    net.register_forward_hook(lambda module, inputs, output: seen.append(inputs[0].device.type))
    with pytest.raises((RuntimeError, NotImplementedError), match="meta"):  # it holds no numbers
        fit_ch5(net, optimizer=torch.optim.SGD(net.parameters(), lr=0.1), device="meta")
    assert net.weight.device.type == "meta"
    assert seen == ["meta"]


@pytest.mark.parametrize("use_optimizer", [True, False])
def test_train_ch3_moves_batches_to_the_weights_of_a_function(use_optimizer):
    seen = []
    W = torch.zeros(4, 3, device="meta", requires_grad=True)

    def net(images):
        seen.append(images.device.type)
        return images @ W

    way = (
        {"optimizer": torch.optim.SGD([W], lr=0.1)} if use_optimizer else {"params": [W], "lr": 0.1}
    )
    with pytest.raises(RuntimeError, match="meta"):
        fit_ch3(net, **way)
    assert seen == ["meta"]
