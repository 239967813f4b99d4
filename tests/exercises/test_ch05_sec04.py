"""Wrong answers to the exercises of section 5.4."""

import pytest
import torch
import torch.nn.functional as F


def zeros_around(X, k, p, s):
    windows = F.pad(X, (p, p, p, p)).unfold(0, k, s).unfold(1, k, s)
    return windows.amax(dim=(2, 3))


def stride_of_one(X, k, p, s):
    return F.max_pool2d(X[None], k, 1, p)[0]


def stride_of_the_window(X, k, p, s):
    return F.max_pool2d(X[None], k, k, p)[0]


def no_padding(X, k, p, s):
    return F.max_pool2d(X[None], k, s)[0] if k <= min(X.shape) else X


def average(X, k, p, s):
    return F.avg_pool2d(X[None], k, s, p)[0]


def last_window_cut_off(X, k, p, s):
    return F.max_pool2d(X[None], k, s, p, ceil_mode=True)[0]


def shared_among_equals(X, k, G):
    x = X.clone().requires_grad_()
    h, w = X.shape
    Y = x.reshape(h // k, k, w // k, k).amax(dim=(1, 3))
    return torch.autograd.grad(Y, x, G)[0]


def all_equals_in_full(X, k, G):
    window = torch.ones(k, k)
    return (torch.kron(F.max_pool2d(X[None], k)[0], window) == X) * torch.kron(G, window)


def spread_over_the_window(X, k, G):
    return torch.kron(G, torch.ones(k, k)) / k**2


def given_to_everyone(X, k, G):
    return torch.kron(G, torch.ones(k, k))


def times_the_maximum(X, k, G):
    x = X.clone().requires_grad_()
    Y = F.max_pool2d(x[None], k)[0]
    return torch.autograd.grad(Y, x, G * Y.detach())[0]


def plain_average(X, k):
    return F.avg_pool2d(X[None], k)[0]


def plain_maximum(X, k):
    return F.max_pool2d(X[None], k)[0]


def nan_where_all_is_zero(X, k):
    return F.avg_pool2d(X.square()[None], k)[0] / F.avg_pool2d(X[None], k)[0]


def softmax_weights(X, k):
    windows = X.unfold(0, k, k).unfold(1, k, k).flatten(start_dim=2)
    return (windows * windows.softmax(dim=2)).sum(dim=2)


def root_mean_square(X, k):
    return F.avg_pool2d(X.square()[None], k)[0].sqrt()


WRONG = {
    "5.4-1": [
        zeros_around,
        stride_of_one,
        stride_of_the_window,
        no_padding,
        average,
        last_window_cut_off,
    ],
    "5.4-2": [
        shared_among_equals,
        all_equals_in_full,
        spread_over_the_window,
        given_to_everyone,
        times_the_maximum,
    ],
    "5.4-3": [
        plain_average,
        plain_maximum,
        nan_where_all_is_zero,
        softmax_weights,
        root_mean_square,
    ],
}


@pytest.mark.parametrize(("k", "p", "s"), [(2, 0, 2), (3, 1, 2), (3, 0, 1), (4, 2, 3), (2, 1, 1)])
def test_max_pool_is_that_of_torch(k, p, s):
    from d2lzh_pytorch.exercises.ch05.sec04 import max_pool

    X = torch.randn(9, 7) - 5
    torch.testing.assert_close(max_pool(X, k, p, s), F.max_pool2d(X[None], k, s, p)[0])


@pytest.mark.parametrize("X", [torch.randn(6, 6), torch.zeros(6, 6)], ids=["random", "ties"])
def test_gradient_is_that_of_torch(X):
    from d2lzh_pytorch.exercises.ch05.sec04 import max_pool_gradient

    G = torch.randn(3, 3)
    x = X.clone().requires_grad_()
    expected = torch.autograd.grad(F.max_pool2d(x[None], 2)[0], x, G)[0]
    torch.testing.assert_close(max_pool_gradient(X, 2, G), expected)


def test_expectation_is_the_mean_of_many_draws():
    from d2lzh_pytorch.exercises.ch05.sec04 import expected_pool

    window = torch.tensor([[1.0, 2.0], [5.0, 0.0]])
    draws = window.flatten()[torch.multinomial(window.flatten(), 100_000, replacement=True)]
    assert abs(draws.mean() - expected_pool(window, 2).item()) < 0.03
