"""Section 3.6: softmax regression as the notebook writes it, against torch."""

import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import confusion_matrix as sklearn_confusion_matrix
from torch import nn

SCORES = {
    "usual": [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [-0.5, 4.0, 0.1]],
    "large": [[1000.0, 999.0, 998.0], [-1000.0, 0.0, 1000.0], [-1000.0, -1000.0, -1000.0]],
    "one class": [[5.0], [-1000.0], [0.0]],
}


@pytest.fixture(params=SCORES.values(), ids=SCORES)
def scores(request):
    """In double precision: near 1000, the numbers of float32 are 0.00006 apart."""
    return torch.tensor(request.param, dtype=torch.float64, requires_grad=True)


def gradients(values, scores):
    """The gradient with weights that differ, so that no sum over a row hides an error."""
    weight = torch.linspace(1, 2, values.numel()).to(values.dtype).reshape(values.shape)
    return torch.autograd.grad((weight * values).sum(), scores)[0]


def test_softmax_forward_and_gradient(definitions, scores):
    (softmax,) = definitions("3.6", "softmax")
    ours, theirs = softmax(scores), torch.softmax(scores, dim=1)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradients(ours, scores), gradients(theirs, scores))


def test_the_formula_alone_overflows(definitions):
    (naive_softmax,) = definitions("3.6", "naive_softmax")
    usual = torch.tensor(SCORES["usual"])
    torch.testing.assert_close(naive_softmax(usual), torch.softmax(usual, dim=1))
    assert naive_softmax(torch.tensor([[1000.0, 0.0]])).isnan().any()


@pytest.mark.parametrize("label", [0, 1, 2])
def test_cross_entropy_forward_and_gradient(definitions, scores, label):
    (cross_entropy,) = definitions("3.6", "cross_entropy")
    y = (torch.arange(3) + label) % scores.shape[1]
    ours, theirs = cross_entropy(scores, y), F.cross_entropy(scores, y, reduction="none")
    assert ours.shape == (3,)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradients(ours, scores), gradients(theirs, scores))


@pytest.fixture
def twins(definitions):
    """Parameters, the net from scratch on them, and torch's net with the same parameters."""
    W = (0.05 * torch.randn(784, 10)).requires_grad_()
    b = (0.05 * torch.randn(10)).requires_grad_()
    (net,) = definitions("3.6", "net", W=W, b=b)
    library = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    with torch.no_grad():
        library[1].weight.copy_(W.T)
        library[1].bias.copy_(b)
    return (W, b), net, library


def assert_same_parameters(params, library):
    torch.testing.assert_close(params[0].T, library[1].weight)
    torch.testing.assert_close(params[1], library[1].bias)


def some_batches(*sizes):
    return [(torch.rand(n, 1, 28, 28), torch.randint(10, (n,))) for n in sizes]


def test_net_forward_and_gradient(definitions, twins):
    params, net, library = twins
    (cross_entropy,) = definitions("3.6", "cross_entropy")
    ((X, y),) = some_batches(12)
    torch.testing.assert_close(net(X), library(X))
    cross_entropy(net(X), y).sum().backward()
    F.cross_entropy(library(X), y, reduction="sum").backward()
    torch.testing.assert_close(params[0].grad.T, library[1].weight.grad)
    torch.testing.assert_close(params[1].grad, library[1].bias.grad)


@pytest.mark.parametrize("sizes", [(12,), (12, 12, 5)])
def test_train_epoch_takes_the_steps_of_torch(definitions, twins, sizes):
    params, net, library = twins
    train_epoch, cross_entropy = definitions("3.6", "train_epoch", "cross_entropy")
    batches = some_batches(*sizes)
    for param in params:  # left over from before, must not count
        param.grad = torch.ones_like(param)
    mean_loss, accuracy = train_epoch(net, batches, cross_entropy, params, 0.1)

    optimizer = torch.optim.SGD(library.parameters(), lr=0.1)
    losses, right = [], []
    for X, y in batches:
        scores = library(X)
        losses += F.cross_entropy(scores, y, reduction="none").tolist()
        right += (scores.argmax(dim=1) == y).tolist()
        optimizer.zero_grad()
        F.cross_entropy(scores, y).backward()
        optimizer.step()
    assert_same_parameters(params, library)
    assert mean_loss == pytest.approx(sum(losses) / sum(sizes), rel=1e-5)
    assert accuracy == pytest.approx(sum(right) / sum(sizes))


def test_accuracy_is_the_share_of_right_answers(definitions):
    (accuracy,) = definitions("3.6", "accuracy")
    scores = torch.tensor([[0.1, 0.9], [3.0, -1.0], [-5.0, -6.0]])
    assert accuracy(scores, torch.tensor([1, 0, 1])) == pytest.approx(2 / 3)
    assert accuracy(scores, torch.tensor([1, 0, 0])) == 1
    assert accuracy(scores, torch.tensor([0, 1, 1])) == 0


@pytest.mark.parametrize("labels", [range(4), [0, 0, 1]], ids=["all", "classes missing"])
def test_confusion_matrix_is_that_of_sklearn(definitions, labels):
    (confusion_matrix,) = definitions("3.6", "confusion_matrix")
    y = torch.tensor(list(labels))[torch.randint(len(labels), (60,))]
    scores = torch.randn(60, 4)
    scores[:, 3] = -10  # never predicted
    expected = sklearn_confusion_matrix(y, scores.argmax(dim=1), labels=range(4))
    assert confusion_matrix(scores, y, 4).tolist() == expected.tolist()
