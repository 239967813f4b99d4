import pytest
import torch
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.training.optimizers import grad_clipping


def net_with_gradients():
    torch.manual_seed(0)
    net = nn.Linear(8, 4)
    (10 * net(torch.randn(16, 8)).square().mean()).backward()
    return net


def norm_of(net):
    return torch.cat([param.grad.flatten() for param in net.parameters()]).norm()


@pytest.mark.parametrize("kind", [list, tuple, iter], ids=["list", "tuple", "generator"])
def test_clips_whatever_holds_the_parameters(kind):
    net = net_with_gradients()
    before = norm_of(net)
    returned = grad_clipping(kind(net.parameters()), 0.01, "cpu")
    assert_close(returned, before)
    assert_close(norm_of(net), torch.tensor(0.01))


@pytest.mark.parametrize("theta", [1e-2, 1.0, 1e3])
def test_same_as_torch(theta):
    ours, theirs = net_with_gradients(), net_with_gradients()
    norm = grad_clipping(ours.parameters(), theta, "cpu")
    assert_close(norm, nn.utils.clip_grad_norm_(theirs.parameters(), theta))
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_close(a.grad, b.grad)


def test_small_gradients_stay_to_the_bit():
    net = net_with_gradients()
    before = [param.grad.clone() for param in net.parameters()]
    grad_clipping(net.parameters(), 1e6, "cpu")
    assert all(torch.equal(p.grad, b) for p, b in zip(net.parameters(), before, strict=True))


def test_in_place_and_without_gradients():
    w, idle = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    w.grad = torch.tensor([3.0, 4.0])
    grad = w.grad
    assert grad_clipping([w, idle], 1.0, "cpu").item() == 5
    assert w.grad is grad
    assert_close(w.grad, torch.tensor([0.6, 0.8]))
    assert idle.grad is None


def test_zero_gradient_stays_zero():
    w = torch.ones(2, requires_grad=True)
    w.grad = torch.zeros(2)
    grad_clipping([w], 1.0, "cpu")
    assert w.grad.tolist() == [0, 0]


def test_theta_must_be_positive():
    with pytest.raises(ValueError, match="theta must be positive, not 0"):
        grad_clipping([], 0, "cpu")
