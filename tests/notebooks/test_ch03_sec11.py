"""Section 3.11: K-fold splits and polynomial fits as the notebook writes them."""

import numpy as np
import pytest
import torch
from sklearn.model_selection import KFold


@pytest.mark.parametrize(("n", "k"), [(23, 5), (30, 5), (10, 10), (7, 2)])
def test_k_fold_splits_as_scikit_learn_does(definitions, n, k):
    (k_fold,) = definitions("3.11", "k_fold")
    splits = list(k_fold(n, k))
    for (train, valid), (their_train, their_valid) in zip(
        splits, KFold(k).split(range(n)), strict=True
    ):
        assert train.tolist() == their_train.tolist()
        assert valid.tolist() == their_valid.tolist()


@pytest.mark.parametrize("degree", [0, 1, 3, 6])
def test_fit_equals_numpy_polyfit(definitions, degree):
    fit, predict, mse = definitions("3.11", "fit", "predict", "mse")
    x = torch.linspace(-1, 1, 20, dtype=torch.float64)
    y = torch.randn(20, dtype=torch.float64)
    w = fit(x, y, degree)
    expected = np.polyfit(x.numpy(), y.numpy(), degree)
    torch.testing.assert_close(w.flatten().flip(0), torch.from_numpy(expected.copy()))
    residual = torch.from_numpy(np.polyval(expected, x.numpy()))
    torch.testing.assert_close(predict(w, x), residual)
    torch.testing.assert_close(mse(w, x, y), ((residual - y) ** 2).mean())


def test_fits_many_data_sets_at_once(definitions):
    fit, mse = definitions("3.11", "fit", "mse")
    X = torch.randn(4, 15, dtype=torch.float64)
    Y = torch.randn(4, 15, dtype=torch.float64)
    together = mse(fit(X, Y, 2), X, Y)
    one_by_one = torch.stack([mse(fit(x, y, 2), x, y) for x, y in zip(X, Y, strict=True)])
    torch.testing.assert_close(together, one_by_one)


def test_cross_validation_never_sees_the_fold_it_is_judged_on(definitions):
    fit, mse, cross_validation = definitions("3.11", "fit", "mse", "cross_validation")
    x = torch.randn(12, dtype=torch.float64)
    y = torch.randn(12, dtype=torch.float64)
    errors = cross_validation(x, y, 2, 3)
    torch.testing.assert_close(errors[0], mse(fit(x[4:], y[4:], 2), x[:4], y[:4]))
    torch.testing.assert_close(errors[2], mse(fit(x[:8], y[:8], 2), x[8:], y[8:]))
