"""Section 7.2: descent as the notebook writes it, against torch and the book's numbers."""

import pytest
import torch


def test_end_points_of_the_book_in_one_dimension(definitions, capsys):
    (gd,) = definitions("7.2", "gd")
    for eta, end in ((0.2, 0.06046617599999997), (0.05, 3.4867844009999995)):
        path = gd(eta)
        assert path[0] == 10
        assert len(path) == 11
        assert path[-1] == end
        assert capsys.readouterr().out == f"epoch 10, x: {end}\n"
    assert gd(1.1)[-1] == 61.917364224000096


def test_end_point_of_the_book_in_two_dimensions(definitions, capsys):
    train_2d, gd_2d = definitions("7.2", "train_2d", "gd_2d")
    path = train_2d(gd_2d)
    assert capsys.readouterr().out == "epoch 20, x1 -0.057646, x2 -0.000073\n"
    x = torch.tensor([-5.0, -2.0], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    for expected in path:
        torch.testing.assert_close(x.detach(), torch.tensor(expected, dtype=torch.float32))
        optimizer.zero_grad()
        (x[0] ** 2 + 2 * x[1] ** 2).backward()
        optimizer.step()


def test_gradient_descent_leaves_its_start_alone(definitions):
    gradient_descent, loss = definitions("7.2", "gradient_descent", "loss")
    start = torch.randn(2, 3)
    before = start.clone()
    path = gradient_descent(loss, start, lr=0.3, num_steps=15)
    assert path.shape == (16, 2, 3)
    assert torch.equal(start, before)
    W = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([W], lr=0.3)
    for expected in path:
        torch.testing.assert_close(W.detach(), expected)
        optimizer.zero_grad()
        loss(W).backward()
        assert W.grad.sum(dim=1).abs().max() < 1e-6  # each row sums to 0
        optimizer.step()


def test_gradient_of_the_example_of_book_4(definitions):
    (g,) = definitions("7.2", "g")
    point = torch.ones(2, requires_grad=True)
    g(point).backward()
    assert point.grad.tolist() == [3, 3]


def test_sample_gradients_are_those_of_the_samples(definitions):
    curvature = torch.tensor([2.0, 4.0])
    (sample_gradients,) = definitions("7.2", "sample_gradients", curvature=curvature)
    points, x = torch.randn(7, 2), torch.randn(2, requires_grad=True)
    for point, gradient in zip(points, sample_gradients(x.detach(), points), strict=True):
        loss = (x[0] - point[0]) ** 2 + 2 * (x[1] - point[1]) ** 2
        torch.testing.assert_close(torch.autograd.grad(loss, x)[0], gradient)


def test_stochastic_step_uses_one_sample(definitions):
    points = torch.tensor([[3.0, -1.0]])
    (sgd_2d,) = definitions("7.2", "sgd_2d", points=points)
    assert sgd_2d(-5.0, -2.0, 7, 8) == pytest.approx((-5 + 0.2 * 8, -2 + 0.4 * 1, 7, 8))
