"""Wrong answers to the exercises of section 3.13."""

import torch

from d2lzh_pytorch.exercises.ch03.sec13 import apply_dropout, monte_carlo


def forgets_to_scale(X, uniform, drop_prob):
    return torch.where(uniform < 1 - drop_prob, X, 0.0)


def keeps_what_should_be_dropped(X, uniform, drop_prob):
    return apply_dropout(X, 1 - uniform, drop_prob)


def exchanges_keeping_and_dropping(X, uniform, drop_prob):
    return apply_dropout(X, uniform, 1 - drop_prob)


def divides_by_zero(X, uniform, drop_prob):
    return (uniform < 1 - drop_prob) * X / (1 - drop_prob)


def keeps_the_boundary(X, uniform, drop_prob):
    keep_prob = 1 - drop_prob
    return (
        torch.where(uniform <= keep_prob, X / keep_prob, 0.0) if keep_prob else torch.zeros_like(X)
    )


def multiplies_by_the_keep_rate(X, uniform, drop_prob):
    return torch.where(uniform < 1 - drop_prob, X * (1 - drop_prob), 0.0)


def draws_its_own_numbers(X, uniform, drop_prob):
    return apply_dropout(X, torch.rand_like(X), drop_prob)


def changes_the_input(X, uniform, drop_prob):
    X[uniform >= 1 - drop_prob] = 0
    return X / (1 - drop_prob) if drop_prob < 1 else X


def in_evaluation_mode(net, X, k):
    training = net.training
    net.eval()
    with torch.no_grad():
        probabilities = net(X).softmax(dim=1)
    net.train(training)
    return probabilities


def _votes(net, X, k):
    with torch.no_grad():
        return torch.stack([net(X) for _ in range(k)])


def averages_the_scores(net, X, k):
    training = net.training
    scores = _votes(net.train(), X, k).mean(dim=0)
    net.train(training)
    return scores.softmax(dim=1)


def leaves_the_net_in_training_mode(net, X, k):
    return _votes(net.train(), X, k).softmax(dim=2).mean(dim=0)


def leaves_the_net_in_evaluation_mode(net, X, k):
    probabilities = monte_carlo(net, X, k)
    net.eval()
    return probabilities


def does_not_switch(net, X, k):
    return _votes(net, X, k).softmax(dim=2).mean(dim=0)


def sums_the_probabilities(net, X, k):
    return k * monte_carlo(net, X, k)


def softmax_over_the_examples(net, X, k):
    training = net.training
    probabilities = _votes(net.train(), X, k).softmax(dim=1).mean(dim=0)
    net.train(training)
    return probabilities


WRONG = {
    "3.13-1": [
        forgets_to_scale,
        keeps_what_should_be_dropped,
        exchanges_keeping_and_dropping,
        divides_by_zero,
        keeps_the_boundary,
        multiplies_by_the_keep_rate,
        draws_its_own_numbers,
        changes_the_input,
    ],
    "3.13-2": [
        in_evaluation_mode,
        averages_the_scores,
        leaves_the_net_in_training_mode,
        leaves_the_net_in_evaluation_mode,
        does_not_switch,
        sums_the_probabilities,
        softmax_over_the_examples,
    ],
}


def test_keeps_the_expectation():
    uniform = torch.rand(100_000, generator=torch.Generator().manual_seed(0))
    dropped = apply_dropout(torch.ones(100_000), uniform, 0.3)
    assert abs(dropped.mean().item() - 1) < 0.01
    assert abs((dropped != 0).float().mean().item() - 0.7) < 0.01
