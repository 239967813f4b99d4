"""Wrong answers to the exercises of section 3.9."""

import torch


def ever_off(X, W1, b1):
    return int((X @ W1 + b1 <= 0).any(dim=0).sum())


def strictly_below(X, W1, b1):
    return int((X @ W1 + b1 < 0).all(dim=0).sum())


def counts_outputs(X, W1, b1):
    return int((X @ W1 + b1 <= 0).sum())


def forgets_bias(X, W1, b1):
    return int((X @ W1 <= 0).all(dim=0).sum())


def dead_examples(X, W1, b1):
    return int((X @ W1 + b1 <= 0).all(dim=1).sum())


def without_switches(X, W1, b1, W2):
    return (W1 @ W2).expand(len(X), -1, -1)


def switches_of_the_first(X, W1, b1, W2):
    return ((W1 * (X[0] @ W1 + b1 > 0)) @ W2).expand(len(X), -1, -1)


def switches_without_bias(X, W1, b1, W2):
    return (W1 * (X @ W1 > 0).float().unsqueeze(1)) @ W2


def activations_as_switches(X, W1, b1, W2):
    return (W1 * torch.relu(X @ W1 + b1).unsqueeze(1)) @ W2


WRONG = {
    "3.9-1": [ever_off, strictly_below, counts_outputs, forgets_bias, dead_examples],
    "3.9-2": [
        without_switches,
        switches_of_the_first,
        switches_without_bias,
        activations_as_switches,
    ],
}


def test_local_weights_are_the_gradients_of_the_scores():
    from d2lzh_pytorch.exercises.ch03.sec09 import local_weights

    X, W1, b1, W2 = torch.randn(4, 5), torch.randn(5, 7), torch.randn(7), torch.randn(7, 3)
    weights = local_weights(X, W1, b1, W2)
    for i, x in enumerate(X):
        jacobian = torch.func.jacrev(lambda row: torch.relu(row @ W1 + b1) @ W2)(x)
        torch.testing.assert_close(weights[i], jacobian.T)
