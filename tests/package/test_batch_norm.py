"""Batch normalisation against nn.BatchNorm1d and nn.BatchNorm2d, over several steps."""

import copy
import io

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from d2lzh_pytorch.layers import BatchNorm, batch_norm

LIBRARY = {2: nn.BatchNorm1d, 4: nn.BatchNorm2d}
shapes = pytest.mark.parametrize(
    "shape", [(8, 3), (2, 3), (6, 3, 5, 4), (2, 3, 1, 1), (1, 3, 2, 2)]
)
every_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


def twins(shape, dtype=torch.float32):
    """Our layer and the library's, with the same scale and shift."""
    mine, theirs = BatchNorm(shape[1], len(shape)), LIBRARY[len(shape)](shape[1])
    with torch.no_grad():
        theirs.weight.uniform_(0.5, 2)
        theirs.bias.uniform_(-1, 1)
        mine.gamma.copy_(theirs.weight.view_as(mine.gamma))
        mine.beta.copy_(theirs.bias.view_as(mine.beta))
    return mine.to(dtype), theirs.to(dtype)


def assert_twins(mine, theirs, X):
    """Compare output, every gradient and the running statistics on the batch `X`."""
    inputs = [X.detach().clone().requires_grad_() for _ in range(2)]
    weights = torch.linspace(-1, 2, X.numel(), dtype=X.dtype).view(X.shape)
    outputs = [layer(each) for layer, each in zip((mine, theirs), inputs, strict=True)]
    assert_close(*outputs)
    mine_grads, their_grads = (
        torch.autograd.grad((output * weights).sum(), [each, *layer.parameters()])
        for output, each, layer in zip(outputs, inputs, (mine, theirs), strict=True)
    )
    for ours, library in zip(mine_grads, their_grads, strict=True):
        assert_close(ours, library.view_as(ours), atol=2e-5, rtol=2e-5)
    assert_close(mine.moving_mean.flatten(), theirs.running_mean)
    assert_close(mine.moving_var.flatten(), theirs.running_var)


@every_dtype
@shapes
def test_training_and_evaluation_over_several_steps(shape, dtype):
    mine, theirs = twins(shape, dtype)
    for step in range(6):
        assert_twins(mine, theirs, torch.randn(shape, dtype=dtype) * (step + 1) + 3)
    mine.eval()
    theirs.eval()
    before = mine.moving_mean.clone(), mine.moving_var.clone()
    for step in range(2):
        assert_twins(mine, theirs, torch.randn(shape, dtype=dtype) - step)
    assert_twins(mine, theirs, torch.randn(1, *shape[1:], dtype=dtype))  # a single example
    assert_close(before, (mine.moving_mean, mine.moving_var), rtol=0, atol=0)
    mine.train()
    theirs.train()
    assert_twins(mine, theirs, torch.randn(shape, dtype=dtype))


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 1.0])
def test_momentum_is_one_minus_the_librarys(momentum):
    theirs = nn.BatchNorm1d(3, momentum=1 - momentum)
    gamma, beta, mean, var = (
        torch.ones(1, 3),
        torch.zeros(1, 3),
        torch.zeros(1, 3),
        torch.ones(1, 3),
    )
    for _ in range(3):
        X = torch.randn(4, 3) * 2 + 1
        _, mean, var = batch_norm(True, X, gamma, beta, mean, var, 1e-5, momentum)
        theirs(X)
    assert_close(mean[0], theirs.running_mean)
    assert_close(var[0], theirs.running_var)


@pytest.mark.parametrize("shape", [(5, 2), (3, 2, 2, 3)])
@pytest.mark.parametrize("training", [True, False])
def test_gradcheck(shape, training):
    X = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    size = (1, 2) if len(shape) == 2 else (1, 2, 1, 1)
    gamma, beta, mean, var = (torch.rand(size, dtype=torch.float64) + 0.5 for _ in range(4))

    def normalised(X, gamma, beta):
        return batch_norm(training, X, gamma, beta, mean, var, 1e-5, 0.9)[0]

    inputs = [X, gamma.requires_grad_(), beta.requires_grad_()]
    assert torch.autograd.gradcheck(normalised, inputs)


def test_the_running_statistics_keep_no_graph():
    layer = BatchNorm(3, 2)
    for _ in range(2):
        layer(nn.Linear(4, 3)(torch.randn(5, 4))).sum().backward()
    assert layer.moving_mean.grad_fn is None
    assert not layer.moving_var.requires_grad
    copy.deepcopy(layer)


def test_the_running_statistics_are_buffers():
    layer = BatchNorm(3, 4)
    layer(torch.randn(4, 3, 2, 2))
    assert [name for name, _ in layer.named_buffers()] == ["moving_mean", "moving_var"]
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    fresh = BatchNorm(3, 4)
    fresh.load_state_dict(torch.load(file, weights_only=True))
    assert_close(fresh.state_dict(), layer.state_dict())
    assert layer.double().moving_var.dtype == torch.float64
    assert layer.to("meta").moving_mean.device.type == "meta"


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
def test_refuses_to_train_on_one_value_per_channel(shape):
    layer = BatchNorm(3, len(shape))
    with pytest.raises(ValueError, match="no variance"):
        layer(torch.randn(shape))
    assert_close(layer.moving_mean, torch.zeros_like(layer.moving_mean))
    with pytest.raises(ValueError, match="more than 1 value"):
        LIBRARY[len(shape)](3)(torch.randn(shape))


@pytest.mark.parametrize("training", [True, False])
def test_takes_non_contiguous_images(training):
    layer = BatchNorm(3, 4).train(training)
    images = torch.randn(2, 6, 5, 3).permute(0, 3, 2, 1)
    assert not images.is_contiguous()
    assert_close(layer(images), layer(images.contiguous()))


def test_a_constant_feature_becomes_the_shift():
    layer = BatchNorm(2, 2)
    nn.init.constant_(layer.beta, 3)
    assert_close(layer(torch.full((4, 2), 7.0)), torch.full((4, 2), 3.0))
