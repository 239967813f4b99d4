"""Section 3.1: loss, gradient and gradient descent as the notebook writes them."""

import pytest
import torch
import torch.nn.functional as F


@pytest.fixture
def data(definitions):
    """A design matrix of 25 examples with the column of ones, and its labels."""
    (add_ones,) = definitions("3.1", "add_ones")
    X = torch.randn(25, 2, dtype=torch.float64)
    y = X @ torch.tensor([[2.0], [-3.0]], dtype=torch.float64) + 1
    return add_ones(X), y + 0.1 * torch.randn_like(y)


def sgd_path(X1, y, lr, batches):
    """The parameters that torch.optim.SGD passes through, one step a batch, from 0."""
    theta = torch.zeros(X1.shape[1], 1, dtype=X1.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    path = [theta.detach().clone()]
    for batch in batches:
        optimizer.zero_grad()
        (F.mse_loss(X1[batch] @ theta, y[batch]) / 2).backward()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path)


def test_mean_loss_forward_and_gradient(definitions):
    (mean_loss,) = definitions("3.1", "mean_loss")
    y_hat, y = torch.randn(9, 1, requires_grad=True), torch.randn(9, 1)
    ours, theirs = mean_loss(y_hat, y), F.mse_loss(y_hat, y) / 2
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(loss, y_hat) for loss in (ours, theirs)))


def test_loss_surface_holds_the_loss_of_every_pair(definitions):
    loss_surface, mean_loss = definitions("3.1", "loss_surface", "mean_loss")
    x, y = torch.randn(11, 1), torch.randn(11, 1)
    ws, bs = torch.linspace(-2, 2, 5), torch.linspace(-1, 3, 4)
    surface = loss_surface(x, y, ws, bs)
    assert surface.shape == (5, 4)
    expected = [[mean_loss(w * x + b, y).item() for b in bs] for w in ws]
    torch.testing.assert_close(surface, torch.tensor(expected))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_add_ones_appends_a_column_of_the_same_type(definitions, dtype):
    (add_ones,) = definitions("3.1", "add_ones")
    X = torch.randn(4, 3, dtype=dtype)
    X1 = add_ones(X)
    assert X1.dtype == dtype
    assert torch.equal(X1[:, :3], X)
    assert torch.equal(X1[:, 3], torch.ones(4, dtype=dtype))


@pytest.mark.parametrize("n", [1, 2, 25])
def test_gradient_is_that_of_autograd(definitions, data, n):
    (gradient,) = definitions("3.1", "gradient")
    X1, y = (part[:n] for part in data)
    theta = torch.randn(3, 1, dtype=torch.float64, requires_grad=True)
    (F.mse_loss(X1 @ theta, y) / 2).backward()
    torch.testing.assert_close(gradient(X1, y, theta.detach()), theta.grad)


def test_gradient_vanishes_at_the_least_squares_solution(definitions, data):
    (gradient,) = definitions("3.1", "gradient")
    best = torch.linalg.lstsq(*data).solution
    torch.testing.assert_close(gradient(*data, best), torch.zeros_like(best))


@pytest.mark.parametrize("num_steps", [0, 1, 20])
def test_gradient_descent_takes_the_steps_of_torch(definitions, data, num_steps):
    (gradient_descent,) = definitions("3.1", "gradient_descent")
    path = gradient_descent(*data, 0.2, num_steps)
    assert path.shape == (num_steps + 1, 3, 1)
    everything = [torch.arange(25)] * num_steps
    torch.testing.assert_close(path, sgd_path(*data, 0.2, everything))


@pytest.mark.parametrize("batch_size", [1, 10, 25, 40])  # 25 = 10 + 10 + 5
def test_one_epoch_takes_the_steps_of_torch(definitions, data, batch_size):
    (one_epoch,) = definitions("3.1", "one_epoch")
    torch.manual_seed(7)
    path = one_epoch(*data, 0.1, batch_size)
    torch.manual_seed(7)
    batches = torch.randperm(25).split(batch_size)
    torch.testing.assert_close(path, sgd_path(*data, 0.1, batches))
