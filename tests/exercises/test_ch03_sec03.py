"""Wrong answers to the exercises of section 3.3."""

import torch
import torch.nn.functional as F
from torch import nn


def mean_of_the_means(batch_means, batch_sizes):
    return sum(batch_means) / len(batch_means)


def sum_over_the_number_of_examples(batch_means, batch_sizes):
    return sum(batch_means) / sum(batch_sizes)


def last_batch(batch_means, batch_sizes):
    return batch_means[-1]


def weighted_by_the_first_size(batch_means, batch_sizes):
    pairs = zip(batch_means, batch_sizes, strict=True)
    return sum(mean * size for mean, size in pairs) / (batch_sizes[0] * len(batch_sizes))


def _train(net, X, y, groups, num_steps, loss=F.mse_loss, clear=True):
    optimizer = torch.optim.SGD(groups)
    for _ in range(num_steps):
        if clear:
            optimizer.zero_grad()
        loss(net(X), y).backward()
        optimizer.step()
    with torch.no_grad():
        return F.mse_loss(net(X), y).item()


def _groups(net, lr_weight, lr_bias):
    return [{"params": net.weight, "lr": lr_weight}, {"params": net.bias, "lr": lr_bias}]


def one_rate_for_both(net, X, y, lr_weight, lr_bias, num_steps):
    return _train(net, X, y, _groups(net, lr_weight, lr_weight), num_steps)


def rates_exchanged(net, X, y, lr_weight, lr_bias, num_steps):
    return _train(net, X, y, _groups(net, lr_bias, lr_weight), num_steps)


def gradients_pile_up(net, X, y, lr_weight, lr_bias, num_steps):
    return _train(net, X, y, _groups(net, lr_weight, lr_bias), num_steps, clear=False)


def half_the_loss(net, X, y, lr_weight, lr_bias, num_steps):
    def half(y_hat, y):
        return F.mse_loss(y_hat, y) / 2

    return _train(net, X, y, _groups(net, lr_weight, lr_bias), num_steps, loss=half)


def loss_before_the_last_step(net, X, y, lr_weight, lr_bias, num_steps):
    optimizer = torch.optim.SGD(_groups(net, lr_weight, lr_bias))
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
    return loss.item()


def trains_a_copy(net, X, y, lr_weight, lr_bias, num_steps):
    copy = nn.Linear(net.in_features, 1)
    copy.load_state_dict(net.state_dict())
    return _train(copy, X, y, _groups(copy, lr_weight, lr_bias), num_steps)


WRONG = {
    "3.3-1": [
        mean_of_the_means,
        sum_over_the_number_of_examples,
        last_batch,
        weighted_by_the_first_size,
    ],
    "3.3-2": [
        one_rate_for_both,
        rates_exchanged,
        gradients_pile_up,
        half_the_loss,
        loss_before_the_last_step,
        trains_a_copy,
    ],
}


def test_average_loss_is_the_loss_on_all_examples():
    from d2lzh_pytorch.exercises.ch03.sec03 import average_loss

    losses = torch.arange(25.0) ** 2
    batches = losses.split(7)
    means = [batch.mean().item() for batch in batches]
    assert abs(average_loss(means, [len(batch) for batch in batches]) - losses.mean().item()) < 1e-4


def test_two_rates_take_the_steps_of_the_formula():
    from d2lzh_pytorch.exercises.ch03.sec03 import train_two_rates

    rng = torch.Generator().manual_seed(7)
    X, y = torch.randn(9, 2, generator=rng), torch.randn(9, 1, generator=rng)
    net = nn.Linear(2, 1)
    w, b = net.weight.detach().T.clone(), net.bias.detach().clone()
    for _ in range(3):
        error = X @ w + b - y
        w, b = w - 0.1 * 2 * X.T @ error / 9, b - 0.05 * 2 * error.mean()
    received = train_two_rates(net, X, y, 0.1, 0.05, 3)
    torch.testing.assert_close((net.weight.T, net.bias), (w, b), check_dtype=False)
    assert abs(received - ((X @ w + b - y) ** 2).mean().item()) < 1e-6
