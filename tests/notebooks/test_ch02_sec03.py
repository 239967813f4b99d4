"""Section 2.3: what the notebook builds, against torch."""

import pytest
import torch


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_numerical_gradient_is_that_of_autograd(definitions, shape):
    (numerical_gradient,) = definitions("2.3", "numerical_gradient")

    def function(x):
        return (x.sin() * x.exp()).sum()

    x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    function(x).backward()
    torch.testing.assert_close(numerical_gradient(function, x.detach()), x.grad)


@pytest.mark.parametrize("value", [0.01, 0.5, 1.0, 2.0, 12345.0])
def test_square_root_forward_and_gradient(definitions, value):
    (square_root,) = definitions("2.3", "square_root")
    ours, theirs = (torch.tensor(value).double().requires_grad_() for _ in range(2))
    root, expected = square_root(ours), theirs.sqrt()
    torch.testing.assert_close(root, expected)
    root.backward()
    expected.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_graph_depths_are_the_longest_ways_to_the_result(definitions):
    (graph_depths,) = definitions("2.3", "graph_depths")
    x = torch.ones(2, requires_grad=True)
    short = x.exp()
    result = (short.sin().cos() + short).sum()
    depths = {type(node).__name__: depth for node, depth in graph_depths(result.grad_fn).items()}
    assert depths == {
        "SumBackward0": 0,
        "AddBackward0": 1,
        "CosBackward0": 2,
        "SinBackward0": 3,
        "ExpBackward0": 4,
        "AccumulateGrad": 5,
    }
