"""Wrong answers to the exercises of section 3.7."""

import torch
import torch.nn.functional as F


def counts_tensors(net):
    return sum(1 for _ in net.parameters())


def counts_frozen_too(net):
    return sum(param.numel() for param in net.parameters())


def only_weights(net):
    return sum(p.numel() for name, p in net.named_parameters() if name.endswith("weight"))


def _gradient(W, loss_of):
    weight = W.detach().clone().requires_grad_()
    return torch.autograd.grad(loss_of(weight), weight)[0]


def summed_loss(W, b, X, y):
    return _gradient(W, lambda weight: F.cross_entropy(X @ weight + b, y, reduction="sum"))


def softmax_twice(W, b, X, y):
    return _gradient(W, lambda weight: F.cross_entropy((X @ weight + b).softmax(dim=1), y))


def forgets_bias(W, b, X, y):
    return _gradient(W, lambda weight: F.cross_entropy(X @ weight, y))


def changes_the_input(W, b, X, y):
    gradient = _gradient(W, lambda weight: F.cross_entropy(X @ weight + b, y))
    W -= 0.1 * gradient
    return gradient


WRONG = {
    "3.7-1": [counts_tensors, counts_frozen_too, only_weights],
    "3.7-2": [summed_loss, softmax_twice, forgets_bias, changes_the_input],
}


def test_gradient_is_probability_minus_label():
    from d2lzh_pytorch.exercises.ch03.sec07 import mean_loss_gradient

    generator = torch.Generator().manual_seed(0)
    X, W = torch.randn(7, 4, generator=generator), torch.randn(4, 3, generator=generator)
    b, y = torch.randn(3, generator=generator), torch.randint(3, (7,), generator=generator)
    expected = X.T @ ((X @ W + b).softmax(dim=1) - F.one_hot(y, 3)) / 7
    torch.testing.assert_close(mean_loss_gradient(W, b, X, y), expected)
