import pytest
import torch
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.training.losses import squared_loss


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_its_mean_is_half_of_mse_forward_and_gradient(dtype):
    y_hat, y = torch.randn(6, 1, dtype=dtype), torch.randn(6, 1, dtype=dtype)
    ours, theirs = y_hat.clone().requires_grad_(), y_hat.clone().requires_grad_()
    loss, twin = squared_loss(ours, y).mean(), nn.MSELoss()(theirs, y) / 2
    assert_close(loss, twin)
    loss.backward()
    twin.backward()
    assert_close(ours.grad, theirs.grad)


def test_one_value_per_example():
    y_hat, y = torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([[1.0], [4.0], [2.0]])
    assert_close(squared_loss(y_hat, y), torch.tensor([[0.0], [2.0], [4.5]]))


def test_labels_without_the_second_dimension_do_not_broadcast():
    y_hat, y = torch.randn(4, 1), torch.randn(4)
    assert squared_loss(y_hat, y).shape == (4, 1)
    assert_close(squared_loss(y_hat, y)[:, 0], (y_hat[:, 0] - y) ** 2 / 2)


def test_labels_may_be_a_column_of_a_table():
    table = torch.randn(5, 3)
    y = table[:, 1]
    assert not y.is_contiguous()
    assert_close(squared_loss(torch.zeros(5, 1), y), table[:, 1:2] ** 2 / 2)


def test_predictions_may_be_non_contiguous():
    y_hat = torch.randn(2, 5).T
    assert not y_hat.is_contiguous()
    assert_close(squared_loss(y_hat, torch.zeros(5, 2)), y_hat**2 / 2)


def test_gradcheck():
    inputs = [torch.randn(4, 1, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    assert torch.autograd.gradcheck(squared_loss, inputs)


def test_refuses_another_number_of_labels():
    with pytest.raises(RuntimeError, match="invalid for input of size 3"):
        squared_loss(torch.zeros(4, 1), torch.zeros(3))
