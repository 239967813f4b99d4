"""Wrong answers to the exercises of section 3.2."""

import torch
import torch.nn.functional as F


def every_prediction_against_every_label(y_hat, y, delta):
    error = (y_hat - y).abs()
    return torch.where(error <= delta, error**2 / 2, delta * (error - delta / 2))


def with_a_jump_at_delta(y_hat, y, delta):
    error = (y_hat - y.view(y_hat.shape)).abs()
    return torch.where(error <= delta, error**2 / 2, delta * error)


def without_absolute_value(y_hat, y, delta):
    error = y_hat - y.view(y_hat.shape)
    return torch.where(error <= delta, error**2 / 2, delta * (error - delta / 2))


def smooth_l1(y_hat, y, delta):
    return F.smooth_l1_loss(y_hat, y.view(y_hat.shape), reduction="none", beta=delta)


def mean_of_the_batch(y_hat, y, delta):
    return F.huber_loss(y_hat, y.view(y_hat.shape), delta=delta)


def _epoch(w, b, features, labels, batch_size, lr, step):
    for X, y in zip(features.split(batch_size), labels.split(batch_size), strict=True):
        w, b = step(w, b, X, y.view(-1, 1), batch_size, lr)
    return w, b


def last_batch_over_full_size(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        error = X @ w + b - y
        return w - lr * X.T @ error / size, b - lr * error.sum(dim=0) / size

    return _epoch(w, b, features, labels, batch_size, lr, step)


def bias_with_the_new_weights(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        w = w - lr * X.T @ (X @ w + b - y) / len(y)
        return w, b - lr * (X @ w + b - y).mean(dim=0)

    return _epoch(w, b, features, labels, batch_size, lr, step)


def sum_instead_of_mean(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        error = X @ w + b - y
        return w - lr * X.T @ error, b - lr * error.sum(dim=0)

    return _epoch(w, b, features, labels, batch_size, lr, step)


def twice_the_gradient(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        error = 2 * (X @ w + b - y)
        return w - lr * X.T @ error / len(y), b - lr * error.mean(dim=0)

    return _epoch(w, b, features, labels, batch_size, lr, step)


def changes_its_arguments(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        error = X @ w + b - y
        w -= lr * X.T @ error / len(y)
        b -= lr * error.mean(dim=0)
        return w, b

    return _epoch(w, b, features, labels, batch_size, lr, step)


def drops_the_last_batch(w, b, features, labels, batch_size, lr):
    def step(w, b, X, y, size, lr):
        if len(y) < size:
            return w, b
        error = X @ w + b - y
        return w - lr * X.T @ error / len(y), b - lr * error.mean(dim=0)

    return _epoch(w, b, features, labels, batch_size, lr, step)


WRONG = {
    "3.2-1": [
        every_prediction_against_every_label,
        with_a_jump_at_delta,
        without_absolute_value,
        smooth_l1,
        mean_of_the_batch,
    ],
    "3.2-2": [
        last_batch_over_full_size,
        bias_with_the_new_weights,
        sum_instead_of_mean,
        twice_the_gradient,
        changes_its_arguments,
        drops_the_last_batch,
    ],
}


def test_huber_loss_is_torchs():
    from d2lzh_pytorch.exercises.ch03.sec02 import huber_loss

    rng = torch.Generator().manual_seed(5)
    y_hat, y = 3 * torch.randn(50, 1, generator=rng), torch.randn(50, generator=rng)
    expected = F.huber_loss(y_hat, y.view(50, 1), reduction="none", delta=1.5)
    torch.testing.assert_close(huber_loss(y_hat, y, 1.5), expected)


def test_one_epoch_is_that_of_autograd_and_torchs_sgd():
    from d2lzh_pytorch.exercises.ch03.sec02 import one_epoch

    rng = torch.Generator().manual_seed(6)
    features, labels = torch.randn(11, 3, generator=rng), torch.randn(11, generator=rng)
    w, b = torch.randn(3, 1, generator=rng), torch.randn(1, generator=rng)
    params = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    optimizer = torch.optim.SGD(params, lr=0.1)
    for X, y in zip(features.split(4), labels.split(4), strict=True):
        optimizer.zero_grad()
        (F.mse_loss(X @ params[0] + params[1], y.view(-1, 1)) / 2).backward()
        optimizer.step()
    torch.testing.assert_close(one_epoch(w, b, features, labels, 4, 0.1), tuple(params))
