"""Wrong answers to the exercises of section 3.1."""

import pytest
import torch


def through_the_origin(x, y):
    return ((x * y).sum() / (x * x).sum()).item(), 0.0


def x_from_y(x, y):
    x_centred, y_centred = x - x.mean(), y - y.mean()
    w = (x_centred * y_centred).sum() / (y_centred**2).sum()
    return w.item(), (y.mean() - w * x.mean()).item()


def normal_equations_in_float32(x, y):
    X1 = torch.stack([x, torch.ones_like(x)], dim=1)
    w, b = torch.linalg.solve(X1.T @ X1, X1.T @ y).tolist()
    return w, b


def bias_first(x, y):
    x_centred, y_centred = x - x.mean(), y - y.mean()
    w = (x_centred * y_centred).sum() / (x_centred**2).sum()
    return (y.mean() - w * x.mean()).item(), w.item()


def without_weights(X, y, c):
    return torch.linalg.lstsq(X, y).solution


def weights_squared(X, y, c):
    return torch.linalg.lstsq(c.reshape(-1, 1) * X, c.reshape(-1, 1) * y).solution


def weights_on_the_labels_only(X, y, c):
    return torch.linalg.lstsq(X, c.reshape(-1, 1) * y).solution


def one_dimension_lost(X, y, c):
    scale = c.sqrt().reshape(-1, 1)
    return torch.linalg.lstsq(scale * X, scale * y).solution.flatten()


WRONG = {
    "3.1-1": [through_the_origin, x_from_y, normal_equations_in_float32, bias_first],
    "3.1-2": [
        without_weights,
        weights_squared,
        weights_on_the_labels_only,
        one_dimension_lost,
    ],
}


def test_line_through_three_points_by_hand():
    from d2lzh_pytorch.exercises.ch03.sec01 import fit_line

    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 0.0, 3.0])
    assert fit_line(x, y) == pytest.approx((1.5, -0.5))


def test_whole_weights_are_repetitions():
    from d2lzh_pytorch.exercises.ch03.sec01 import weighted_least_squares

    rng = torch.Generator().manual_seed(3)
    X, y = torch.randn(6, 2, generator=rng), torch.randn(6, 1, generator=rng)
    c = torch.tensor([1, 2, 3, 1, 0, 2])
    repeated = X.repeat_interleave(c, dim=0), y.repeat_interleave(c, dim=0)
    torch.testing.assert_close(
        weighted_least_squares(X, y, c.float()), torch.linalg.lstsq(*repeated).solution
    )
