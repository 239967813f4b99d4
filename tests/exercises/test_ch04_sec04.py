"""Wrong answers to the exercises of section 4.4."""

import torch
from torch import nn

from d2lzh_pytorch.exercises.ch04.sec04 import quadratic, running_standardize


def _standardized(batches, x, momentum, statistics, start=(0.0, 1.0)):
    mean, var = (torch.full((x.shape[1],), value) for value in start)
    for batch in batches:
        new_mean, new_var = statistics(batch)
        mean = (1 - momentum) * mean + momentum * new_mean
        var = (1 - momentum) * var + momentum * new_var
    return (x - mean) / (var + 1e-5).sqrt()


def biased_variance(batches, x, momentum):
    return _standardized(batches, x, momentum, lambda b: (b.mean(0), b.var(0, correction=0)))


def over_the_whole_batch(batches, x, momentum):
    return _standardized(batches, x, momentum, lambda b: (b.mean(), b.var()))


def standard_deviation(batches, x, momentum):
    return _standardized(batches, x, momentum, lambda b: (b.mean(0), b.std(0)))


def variance_from_zero(batches, x, momentum):
    return _standardized(batches, x, momentum, lambda b: (b.mean(0), b.var(0)), (0.0, 0.0))


def momentum_the_other_way(batches, x, momentum):
    return running_standardize(batches, x, 1 - momentum)


def by_its_own(batches, x, momentum):
    return (x - x.mean(0)) / (x.var(0) + 1e-5).sqrt()


def only_the_last_batch(batches, x, momentum):
    return running_standardize(batches[-1:], x, 1.0)


def only_squares(X, W):
    return X.square() @ W.diagonal(dim1=1, dim2=2).T


def not_transposed(X, W):
    return ((X @ W) * X).sum(dim=2)


def symmetric_half(X, W):
    return quadratic(X, W.tril())


def linear_in_x(X, W):
    return (X @ W).sum(dim=2).T


def mixes_examples(X, W):
    return (X @ W @ X.T).sum(dim=2).T


WRONG = {
    "4.4-1": [
        biased_variance,
        over_the_whole_batch,
        standard_deviation,
        variance_from_zero,
        momentum_the_other_way,
        by_its_own,
        only_the_last_batch,
    ],
    "4.4-2": [only_squares, not_transposed, symmetric_half, linear_in_x, mixes_examples],
}


def test_running_statistics_are_those_of_batch_norm():
    batches, x = [torch.randn(8, 4) * 2 + 1 for _ in range(5)], torch.randn(3, 4)
    layer = nn.BatchNorm1d(4, affine=False, momentum=0.2)
    for batch in batches:
        layer(batch)
    torch.testing.assert_close(running_standardize(batches, x, 0.2), layer.eval()(x))


def test_quadratic_is_torchs_bilinear():
    X, W = torch.randn(6, 3), torch.randn(2, 3, 3)
    torch.testing.assert_close(quadratic(X, W), nn.functional.bilinear(X, X, W))
