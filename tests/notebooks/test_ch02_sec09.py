"""Section 2.9: the healthy net is healthy, and the broken programs are broken."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.exercises.checking import Verdict, examine
from d2lzh_pytorch.exercises.engine import find


def params_of(net):
    return [param.detach().t().clone().requires_grad_() for param in net.parameters()]


def test_net_forward_and_gradient(definitions):
    (net,) = definitions("2.9", "net")
    twin = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))
    params, X, y = params_of(twin), torch.randn(8, 6), torch.randint(3, (8,))
    torch.testing.assert_close(net(X, params), twin(X))
    F.cross_entropy(net(X, params), y).backward()
    F.cross_entropy(twin(X), y).backward()
    for param, expected in zip(params, twin.parameters(), strict=True):
        torch.testing.assert_close(param.grad, expected.grad.t())


def test_train_takes_the_steps_of_torchs_sgd(definitions):
    net, train = definitions("2.9", "net", "train")
    twin = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))
    params, X, y = params_of(twin), torch.randn(8, 6), torch.randint(3, (8,))
    train(net, params, X, y, lr=0.2, num_steps=3)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.2)
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(twin(X), y).backward()
        optimizer.step()
    for param, expected in zip(params, twin.parameters(), strict=True):
        torch.testing.assert_close(param, expected.t())


def test_checked_accuracy_refuses_a_column_of_labels(definitions):
    (checked_accuracy,) = definitions("2.9", "checked_accuracy")
    scores, y = torch.eye(4), torch.tensor([0, 1, 2, 0])
    assert checked_accuracy(scores, y) == 0.75
    with pytest.raises(AssertionError, match="标签"):
        checked_accuracy(scores, y.view(-1, 1))


def test_distances_have_no_gradient_at_the_center(definitions):
    (distances,) = definitions("2.9", "distances")
    X = torch.randn(4, 3)
    center = X[0].clone().requires_grad_()
    result = distances(X, center)
    torch.testing.assert_close(result, torch.linalg.vector_norm(X - center, dim=1))
    result.sum().backward()
    assert center.grad.isnan().all()


@pytest.mark.parametrize(
    ("number", "name"), [(1, "loss_gradients"), (2, "fit_line"), (3, "log_gradient")]
)
def test_programs_to_repair_are_broken_and_run(definitions, number, name):
    (broken,) = definitions("2.9", name)
    assert examine(find(f"2.9-{number}"), broken).verdict is Verdict.WRONG
