"""Section 2.2: the squared distances as the notebook writes them, against torch."""

import pytest
import torch


@pytest.mark.parametrize(("n", "c", "d"), [(7, 4, 64), (1, 10, 3), (5, 1, 1), (3, 3, 2)])
def test_squared_distances_are_those_of_cdist(definitions, n, c, d):
    (squared_distances,) = definitions("2.2", "squared_distances")
    X, C = torch.randn(n, d), torch.randn(c, d)
    D = squared_distances(X, C)
    assert D.shape == (n, c)
    torch.testing.assert_close(D, torch.cdist(X, C) ** 2)


def test_values_by_hand(definitions):
    (squared_distances,) = definitions("2.2", "squared_distances")
    X = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    C = torch.tensor([[3.0, 4.0], [0.0, 1.0], [0.0, 0.0]])
    assert squared_distances(X, C).tolist() == [[25.0, 1.0, 0.0], [0.0, 18.0, 25.0]]


def test_gradient_is_that_of_the_differences(definitions):
    (squared_distances,) = definitions("2.2", "squared_distances")
    X = torch.randn(6, 5, dtype=torch.float64, requires_grad=True)
    C = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(6, 4, dtype=torch.float64)
    ours = torch.autograd.grad((weight * squared_distances(X, C)).sum(), (X, C))
    differences = ((X.unsqueeze(1) - C) ** 2).sum(dim=2)
    theirs = torch.autograd.grad((weight * differences).sum(), (X, C))
    torch.testing.assert_close(ours, theirs)
