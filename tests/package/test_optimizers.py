import pytest
import torch
from torch.testing import assert_close

from d2lzh_pytorch.training.optimizers import sgd


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_several_steps_equal_torch_on_the_mean_loss(dtype):
    X, y = torch.randn(12, 3, dtype=dtype), torch.randn(12, 1, dtype=dtype)
    start = [torch.randn(3, 1, dtype=dtype), torch.zeros(1, dtype=dtype)]
    ours = [p.clone().requires_grad_() for p in start]
    theirs = [p.clone().requires_grad_() for p in start]
    optimizer = torch.optim.SGD(theirs, lr=0.1)
    for rows in torch.arange(12).split(5):  # 5, 5 and a shorter batch of 2
        for p in ours:
            p.grad = None
        ((X[rows] @ ours[0] + ours[1] - y[rows]) ** 2).sum().backward()
        sgd(ours, 0.1, len(rows))

        optimizer.zero_grad()
        ((X[rows] @ theirs[0] + theirs[1] - y[rows]) ** 2).mean().backward()
        optimizer.step()
        assert_close(ours, theirs)
    assert not torch.equal(ours[0], start[0])


def test_works_in_place_and_records_nothing():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    w.grad = torch.tensor([4.0, -8.0])
    address = w.data_ptr()
    sgd([w], lr=0.5, batch_size=2)
    assert_close(w.detach(), torch.tensor([0.0, 4.0]))
    assert w.data_ptr() == address
    assert w.is_leaf
    assert w.requires_grad
    assert_close(w.grad, torch.tensor([4.0, -8.0]))  # clearing it is the caller's task


def test_takes_the_parameters_of_a_module():
    layer = torch.nn.Linear(3, 1)
    before = layer.weight.detach().clone()
    layer(torch.ones(2, 3)).sum().backward()
    sgd(layer.parameters(), lr=1.0, batch_size=2)
    assert_close(layer.weight.detach(), before - 1)


def test_non_contiguous_parameter():
    w = torch.zeros(3, 2).T.requires_grad_()
    w.grad = torch.arange(6.0).view(2, 3)
    sgd([w], lr=1.0, batch_size=1)
    assert_close(w.detach(), -torch.arange(6.0).view(2, 3), check_stride=False)
