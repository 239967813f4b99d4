"""Section 5.4: pooling as the notebook writes it, against PyTorch."""

import pytest
import torch
import torch.nn.functional as F


def _value_and_gradient(pool, X):
    x = X.clone().requires_grad_()
    Y = pool(x)
    G = torch.arange(1.0, Y.numel() + 1, dtype=Y.dtype).reshape(Y.shape)
    return Y.detach(), torch.autograd.grad(Y, x, G)[0]


def test_the_values_of_the_book(definitions):
    (pool2d,) = definitions("5.4", "pool2d")
    X = torch.arange(9.0).reshape(3, 3)
    assert pool2d(X, (2, 2)).tolist() == [[4, 5], [7, 8]]
    assert pool2d(X, (2, 2), "avg").tolist() == [[2, 3], [5, 6]]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 1), (2, 4), (5, 6)], ids=str)
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_pool2d_equals_torch(definitions, size, mode):
    (pool2d,) = definitions("5.4", "pool2d")
    theirs = {"max": F.max_pool2d, "avg": F.avg_pool2d}[mode]
    X = torch.randn(5, 6)
    torch.testing.assert_close(
        _value_and_gradient(lambda x: pool2d(x, size, mode), X),
        _value_and_gradient(lambda x: theirs(x[None], size, stride=1)[0], X),
    )


def test_unknown_mode_is_refused(definitions):
    (pool2d,) = definitions("5.4", "pool2d")
    with pytest.raises(KeyError, match="min"):
        pool2d(torch.zeros(3, 3), (2, 2), "min")


def test_helper_sees_wrong_values_and_wrong_gradients(definitions):
    (value_and_gradient,) = definitions("5.4", "value_and_gradient")
    X = torch.randn(3, 3)
    right = value_and_gradient(lambda x: 2 * x, X)
    torch.testing.assert_close(right, (2 * X, 8 * X))
    for wrong in (lambda x: 2 * x + 1, lambda x: 4 * x - 2 * x.detach()):
        with pytest.raises(AssertionError):
            torch.testing.assert_close(value_and_gradient(wrong, X), right)


@pytest.mark.parametrize("columns", [0, 1, 3])
def test_shift_moves_to_the_right(definitions, columns):
    (shift,) = definitions("5.4", "shift")
    X = torch.randn(2, 1, 4, 6)
    moved = shift(X, columns)
    assert moved.shape == X.shape
    torch.testing.assert_close(moved[..., columns:], X[..., : 6 - columns])
    assert not moved[..., :columns].any()


def test_edges_of_the_four_directions(definitions):
    sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 4
    kernels = torch.stack([sobel, -sobel, sobel.T, -sobel.T])[:, None]
    (edges,) = definitions("5.4", "edges", kernels=kernels)
    X = torch.zeros(1, 1, 28, 28)
    X[..., 14:] = 1  # brighter to the right, and darker at the border of the image
    inside = edges(X)[0, :, 1:-1, 1:-1]
    assert inside[0, :, 12:14].eq(1).all()
    assert not inside[1].any()
    assert not inside[2:].any()


def test_linear_layer_learns(definitions):
    (train_linear,) = definitions("5.4", "train_linear")
    Z = torch.randn(600, 5)
    y = Z[:, :3].argmax(dim=1)
    net = train_linear(Z, y, num_epochs=30, batch_size=32)
    assert net.weight.shape == (10, 5)
    assert (net(Z).argmax(dim=1) == y).float().mean() > 0.9
