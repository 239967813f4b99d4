"""Wrong answers to the exercises of section 3.15."""

import pytest
import torch

from d2lzh_pytorch.exercises.ch03.sec15 import kaiming_bound, rescale


def standard_deviation(d_in, a):
    return (2 / ((1 + a**2) * d_in)) ** 0.5


def always_he(d_in, a):
    return (6 / d_in) ** 0.5


def always_the_default(d_in, a):
    return d_in**-0.5


def slope_not_squared(d_in, a):
    return (6 / ((1 + a) * d_in)) ** 0.5


def no_root(d_in, a):
    return 6 / ((1 + a**2) * d_in)


def _rescale(X, weights, size, carry=True):
    H, scaled = X, []
    for W in weights:
        scaled.append(W / size(H @ W))
        H = (H @ (scaled[-1] if carry else W)).relu()
    return scaled


def before_relu(X, weights):
    return _rescale(X, weights, lambda Z: Z.pow(2).mean().sqrt())


def standard_deviation_of_outputs(X, weights):
    return _rescale(X, weights, lambda Z: Z.relu().std())


def mean_of_outputs(X, weights):
    return _rescale(X, weights, lambda Z: Z.relu().mean())


def mean_square(X, weights):
    return _rescale(X, weights, lambda Z: Z.relu().pow(2).mean())


def unscaled_outputs_go_on(X, weights):
    return _rescale(X, weights, lambda Z: Z.relu().pow(2).mean().sqrt(), carry=False)


def he_by_formula(X, weights):
    return [W / W.std() * (2 / len(W)) ** 0.5 for W in weights]


def nothing(X, weights):
    return weights


WRONG = {
    "3.15-1": [
        standard_deviation,
        always_he,
        always_the_default,
        slope_not_squared,
        no_root,
    ],
    "3.15-2": [
        before_relu,
        standard_deviation_of_outputs,
        mean_of_outputs,
        mean_square,
        unscaled_outputs_go_on,
        he_by_formula,
        nothing,
    ],
}


@pytest.mark.parametrize("a", [0.0, 0.2, 5**0.5])
def test_bound_against_torch(a):
    W = torch.nn.init.kaiming_uniform_(torch.empty(1000, 300), a=a)
    assert W.abs().max().item() == pytest.approx(kaiming_bound(300, a), rel=1e-3)


def test_rescaled_outputs_have_size_one():
    H = torch.randn(50, 20)
    weights = [torch.randn(20, 20) * 0.01 for _ in range(5)]
    before = [W.clone() for W in weights]
    for W in rescale(H, weights):
        H = (H @ W).relu()
        assert H.pow(2).mean().sqrt().item() == pytest.approx(1, abs=1e-5)
    torch.testing.assert_close(weights, before)
