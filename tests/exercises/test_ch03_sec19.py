"""Wrong answers to the exercises of section 3.19."""

import pytest
import torch
from sklearn.metrics import mean_pinball_loss
from sklearn.metrics.pairwise import cosine_distances

from d2lzh_pytorch.exercises.ch03.sec19 import pairwise_cosine_distance, pinball


def sides_exchanged(y_hat, y, tau):
    return pinball(y, y_hat, tau)


def absolute_error(y_hat, y, tau):
    return (y - y_hat).abs()


def half_absolute_error(y_hat, y, tau):
    return (y - y_hat).abs() / 2


def signed(y_hat, y, tau):
    return torch.where(y > y_hat, tau * (y - y_hat), (1 - tau) * (y - y_hat))


def squared_parts(y_hat, y, tau):
    return torch.where(y > y_hat, tau, 1 - tau) * (y - y_hat) ** 2


def mean_pinball(y_hat, y, tau):
    return pinball(y_hat, y, tau).mean()


def similarity(A, B):
    return 1 - pairwise_cosine_distance(A, B)


def no_lengths(A, B):
    return 1 - A @ B.T


def only_one_length(A, B):
    return 1 - A @ B.T / A.norm(dim=1, keepdim=True)


def zero_by_zero(A, B):
    return 1 - A @ B.T / (A.norm(dim=1, keepdim=True) * B.norm(dim=1))


def zeros_are_alike(A, B):
    return torch.nan_to_num(zero_by_zero(A, B), nan=0.0)


def transposed(A, B):
    return pairwise_cosine_distance(B, A)


def euclidean(A, B):
    return torch.cdist(A, B)


WRONG = {
    "3.19-1": [
        sides_exchanged,
        absolute_error,
        half_absolute_error,
        signed,
        squared_parts,
        mean_pinball,
    ],
    "3.19-2": [
        similarity,
        no_lengths,
        only_one_length,
        zero_by_zero,
        zeros_are_alike,
        transposed,
        euclidean,
    ],
}


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
def test_pinball_against_scikit_learn(tau):
    y_hat, y = torch.randn(50), torch.randn(50)
    expected = mean_pinball_loss(y, y_hat, alpha=tau)
    assert pinball(y_hat, y, tau).mean().item() == pytest.approx(expected, abs=1e-6)


def test_cosine_against_scikit_learn():
    A, B = torch.randn(6, 3), torch.randn(4, 3)
    A[2] = 0
    expected = torch.tensor(cosine_distances(A, B))
    torch.testing.assert_close(
        pairwise_cosine_distance(A, B), expected, check_dtype=False, atol=1e-5, rtol=1e-5
    )
