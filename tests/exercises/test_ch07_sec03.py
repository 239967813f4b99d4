"""Wrong answers to the exercises of section 7.3."""

import pytest
import torch


def without_the_factor(gradients, batch_size, replacement):
    return gradients.var(correction=0).item() / batch_size


def unbiased_variance(gradients, batch_size, replacement):
    n = len(gradients)
    variance = gradients.var().item() / batch_size
    return variance if replacement else variance * (n - batch_size) / (n - 1)


def factor_over_n(gradients, batch_size, replacement):
    n = len(gradients)
    variance = gradients.var(correction=0).item() / batch_size
    return variance if replacement else variance * (n - batch_size) / n


def the_other_way_round(gradients, batch_size, replacement):
    n = len(gradients)
    variance = gradients.var(correction=0).item() / batch_size
    return variance * (n - batch_size) / (n - 1) if replacement else variance


def the_standard_deviation(gradients, batch_size, replacement):
    n = len(gradients)
    variance = gradients.var(correction=0).item() / batch_size
    return (variance if replacement else variance * (n - batch_size) / (n - 1)) ** 0.5


def mean_of_the_means(w, X, y, chunk):
    parts = [
        A.T @ (A @ w - b[:, None]) / len(b)
        for A, b in zip(X.split(chunk), y.split(chunk), strict=True)
    ]
    return torch.stack(parts).mean(dim=0)


def sum_of_the_means(w, X, y, chunk):
    return sum(
        A.T @ (A @ w - b[:, None]) / len(b)
        for A, b in zip(X.split(chunk), y.split(chunk), strict=True)
    )


def over_the_full_chunk(w, X, y, chunk):
    parts = [
        A.T @ (A @ w - b[:, None]) / chunk
        for A, b in zip(X.split(chunk), y.split(chunk), strict=True)
    ]
    return torch.stack(parts).mean(dim=0)


def without_the_last_chunk(w, X, y, chunk):
    whole = len(y) // chunk * chunk or len(y)
    return X[:whole].T @ (X[:whole] @ w - y[:whole, None]) / whole


def without_the_half(w, X, y, chunk):
    return 2 * X.T @ (X @ w - y[:, None]) / len(y)


def each_against_each(w, X, y, chunk):
    return (X.T @ (X @ w - y) / len(y)).mean(dim=1, keepdim=True)


WRONG = {
    "7.3-1": [
        without_the_factor,
        unbiased_variance,
        factor_over_n,
        the_other_way_round,
        the_standard_deviation,
    ],
    "7.3-2": [
        mean_of_the_means,
        sum_of_the_means,
        over_the_full_chunk,
        without_the_last_chunk,
        without_the_half,
        each_against_each,
    ],
}


@pytest.mark.parametrize("replacement", [True, False])
def test_variance_is_that_of_all_possible_batches(replacement):
    from itertools import combinations, product

    from d2lzh_pytorch.exercises.ch07.sec03 import batch_variance

    gradients = torch.randn(5, dtype=torch.float64)
    draw = product(gradients.tolist(), repeat=3) if replacement else combinations(gradients, 3)
    means = torch.tensor([sum(batch) / 3 for batch in draw], dtype=torch.float64)
    expected = means.var(correction=0).item()
    assert batch_variance(gradients, 3, replacement) == pytest.approx(expected)


def test_accumulated_gradient_is_autograds():
    from d2lzh_pytorch.exercises.ch07.sec03 import accumulated_gradient

    X, y = torch.randn(11, 3), torch.randn(11)
    w = torch.randn(3, 1, requires_grad=True)
    ((X @ w - y[:, None]) ** 2 / 2).mean().backward()
    torch.testing.assert_close(accumulated_gradient(w.detach(), X, y, 4), w.grad)
