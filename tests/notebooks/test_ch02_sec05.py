"""Section 2.5: the notebook's own operations, against torch."""

import pytest
import torch
import torch.nn.functional as F
from torch.autograd import gradcheck, gradgradcheck


def _forward_and_gradient(function, x):
    leaf = x.clone().requires_grad_()
    value = function(leaf)
    weights = torch.linspace(-1, 2, x.numel(), dtype=x.dtype).view(x.shape)
    return value, torch.autograd.grad((value * weights).sum(), leaf)[0]


@pytest.mark.parametrize(("name", "twin"), [("Softplus", F.softplus), ("Sigmoid", torch.sigmoid)])
def test_forward_and_gradient(definitions, name, twin):
    (operation,) = definitions("2.5", name)
    for x in (torch.randn(3, 4), torch.tensor([-80.0, -1.0, 0.0, 1.0, 100.0])):
        ours, theirs = (_forward_and_gradient(f, x) for f in (operation.apply, twin))
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("name", ["Softplus", "Sigmoid", "CubeRoot"])
def test_first_and_second_derivatives(definitions, name):
    (operation,) = definitions("2.5", name)
    x = torch.tensor([-2.0, -0.5, 0.7, 3.0], dtype=torch.float64, requires_grad=True)
    assert gradcheck(operation.apply, x)
    assert gradgradcheck(operation.apply, x)


def test_the_wrong_one_is_refused(definitions):
    (forgetful,) = definitions("2.5", "Forgetful")
    x = torch.randn(2, dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        gradcheck(forgetful.apply, x)


def test_cube_root(definitions):
    (cube_root,) = definitions("2.5", "CubeRoot")
    x = torch.tensor([-27.0, -1.0, 0.125, 8.0])
    y = cube_root.apply(x)
    assert y.dtype == x.dtype
    torch.testing.assert_close(y, torch.tensor([-3.0, -1.0, 0.5, 2.0]))


@pytest.mark.parametrize("needs", [(True, True, True), (True, False, True), (False, True, False)])
def test_scaled_multiply_add(definitions, needs):
    (operation,) = definitions("2.5", "ScaledMultiplyAdd")
    inputs = [torch.randn(2, 3, requires_grad=need) for need in needs]
    leaves = [tensor for tensor in inputs if tensor.requires_grad]
    w, x, b = inputs
    ours, theirs = operation.apply(w, x, b, 10), 10 * (w * x + b)
    torch.testing.assert_close(ours, theirs)
    expected = torch.autograd.grad(theirs.square().sum(), leaves)
    torch.testing.assert_close(torch.autograd.grad(ours.square().sum(), leaves), expected)


def test_straight_through_round(definitions):
    (operation,) = definitions("2.5", "StraightThroughRound")
    x = torch.tensor([-1.4, 0.2, 2.6])
    ours = _forward_and_gradient(operation.apply, x)
    theirs = _forward_and_gradient(lambda leaf: leaf + (leaf.round() - leaf).detach(), x)
    torch.testing.assert_close(ours, theirs)
