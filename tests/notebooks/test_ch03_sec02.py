"""Section 3.2: linear regression as the notebook writes it, against torch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


def test_synthetic_labels_follow_the_line(definitions):
    (synthetic_linear,) = definitions("3.2", "synthetic_linear")
    features, labels = synthetic_linear([2, -3.4], 4.2, 50, noise=0)
    assert features.shape == (50, 2)
    assert labels.shape == (50,)
    assert features.dtype == labels.dtype == torch.float32
    torch.testing.assert_close(labels, 2 * features[:, 0] - 3.4 * features[:, 1] + 4.2)

    features, labels = synthetic_linear([1.0], 0.5, 20_000, noise=0.3)
    residuals = labels - features[:, 0] - 0.5
    assert residuals.std().item() == pytest.approx(0.3, rel=0.03)
    assert features.std().item() == pytest.approx(1, rel=0.03)


def test_every_example_comes_once_with_its_own_label(definitions):
    (data_iter,) = definitions("3.2", "data_iter")
    features = torch.randn(25, 3)
    labels = features.sum(dim=1)
    batches = list(data_iter(10, features, labels))
    assert [len(y) for _, y in batches] == [10, 10, 5]
    X, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    torch.testing.assert_close(X.sum(dim=1), y)
    assert torch.equal(y.sort().values, labels.sort().values)
    assert not torch.equal(y, labels)  # in another order
    again = torch.cat([y for _, y in data_iter(10, features, labels)])
    assert not torch.equal(y, again)  # and in a new one each time


def test_a_batch_larger_than_the_data(definitions):
    (data_iter,) = definitions("3.2", "data_iter")
    ((X, y),) = data_iter(100, torch.ones(7, 2), torch.arange(7))
    assert X.shape == (7, 2)
    assert y.sort().values.tolist() == list(range(7))


def test_linreg_forward_and_gradient(definitions):
    (linreg,) = definitions("3.2", "linreg")
    layer, X = nn.Linear(3, 1), torch.randn(8, 3)
    w, b = layer.weight.detach().T.clone(), layer.bias.detach().clone()
    w.requires_grad_(), b.requires_grad_()
    ours, theirs = linreg(X, w, b), layer(X)
    torch.testing.assert_close(ours, theirs)
    (ours**3).sum().backward()
    (theirs**3).sum().backward()
    torch.testing.assert_close(w.grad, layer.weight.grad.T)
    torch.testing.assert_close(b.grad, layer.bias.grad)


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
def test_squared_loss_forward_and_gradient(definitions, shape):
    """Labels of another shape are compared one by one, not each with each."""
    (squared_loss,) = definitions("3.2", "squared_loss")
    y_hat, y = torch.randn(6, 1, requires_grad=True), torch.randn(shape)
    ours = squared_loss(y_hat, y)
    theirs = F.mse_loss(y_hat, y.reshape(6, 1), reduction="none") / 2
    assert ours.shape == (6, 1)
    torch.testing.assert_close(ours, theirs)
    weight = torch.randn(6, 1)
    torch.testing.assert_close(
        *(torch.autograd.grad((weight * loss).sum(), y_hat) for loss in (ours, theirs))
    )


def test_sgd_changes_the_parameters_in_place_only(definitions):
    (sgd,) = definitions("3.2", "sgd")
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    w.grad = torch.tensor([10.0, -20.0])
    address = w.data_ptr()
    sgd([w], 0.5, 10)
    assert w.tolist() == [0.5, 3.0]
    assert w.data_ptr() == address
    assert w.is_leaf
    assert w.requires_grad
    assert w.grad.tolist() == [10.0, -20.0]


def test_an_epoch_with_a_short_batch_is_that_of_torch(definitions):
    names = "synthetic_linear", "data_iter", "linreg", "squared_loss", "sgd"
    synthetic_linear, data_iter, linreg, squared_loss, sgd = definitions("3.2", *names)
    features, labels = synthetic_linear([2, -3.4], 4.2, 25)
    w = torch.full((2, 1), 0.1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    w_torch, b_torch = (param.detach().clone().requires_grad_() for param in (w, b))
    optimizer = torch.optim.SGD([w_torch, b_torch], lr=0.03)
    for X, y in data_iter(10, features, labels):  # 10, 10 and 5 examples
        w.grad = b.grad = None
        squared_loss(linreg(X, w, b), y).sum().backward()
        sgd([w, b], 0.03, len(y))
        optimizer.zero_grad()
        (F.mse_loss((X @ w_torch + b_torch).flatten(), y) / 2).backward()
        optimizer.step()
        torch.testing.assert_close((w, b), (w_torch, b_torch))


def test_the_stream_follows_its_line_and_never_repeats(definitions):
    (stream,) = definitions("3.2", "stream")
    batches = stream(5_000)
    (x, y), (x_next, _) = next(batches), next(batches)
    assert x.shape == y.shape == (5_000, 1)
    assert not torch.equal(x, x_next)
    assert x.min() >= 0
    assert x.max() < 20
    ones = torch.ones_like(x)
    w, b = torch.linalg.lstsq(torch.cat([x, ones], dim=1), y).solution.flatten().tolist()
    assert w == pytest.approx(2, abs=0.05)
    assert b == pytest.approx(3, abs=0.5)
    assert (y - w * x - b).std().item() == pytest.approx(3, rel=0.05)
