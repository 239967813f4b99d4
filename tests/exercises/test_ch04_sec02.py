"""Wrong answers to the exercises of section 4.2."""

import torch
from torch import nn
from torch.nn import functional as F

from d2lzh_pytorch.exercises.ch04.sec02 import tied_gradient


def only_the_children(net):
    for module in net.children():
        if isinstance(module, nn.Linear):
            nn.init.eye_(module.weight)
            nn.init.constant_(module.bias, 0.01) if module.bias is not None else None
    return net


def by_name(net):
    for name, param in net.named_parameters():
        if name.endswith("weight") and param.ndim == 2:
            nn.init.eye_(param)
        elif name.endswith("bias"):
            nn.init.constant_(param, 0.01)
    return net


def forgets_missing_biases(net):
    for module in net.modules():
        if isinstance(module, nn.Linear):
            nn.init.eye_(module.weight)
            nn.init.constant_(module.bias, 0.01)
    return net


def leaves_biases(net):
    for module in net.modules():
        if isinstance(module, nn.Linear):
            nn.init.eye_(module.weight)
    return net


def _gradient(W, X, loss):
    weight = W.detach().clone().requires_grad_()
    return torch.autograd.grad(loss(weight, X), weight)[0]


def detaches_the_decoder(W, X):
    return _gradient(W, X, lambda w, X: F.mse_loss(X @ w.T @ w.detach(), X))


def detaches_the_encoder(W, X):
    return _gradient(W, X, lambda w, X: F.mse_loss(X @ w.detach().T @ w, X))


def sums(W, X):
    return _gradient(W, X, lambda w, X: F.mse_loss(X @ w.T @ w, X, reduction="sum"))


def mean_over_examples(W, X):
    return _gradient(W, X, lambda w, X: ((X @ w.T @ w - X) ** 2).sum(dim=1).mean())


WRONG = {
    "4.2-1": [only_the_children, by_name, forgets_missing_biases, leaves_biases],
    "4.2-2": [detaches_the_decoder, detaches_the_encoder, sums, mean_over_examples],
}


def test_the_gradients_of_both_places_add_up():
    W, X = torch.randn(3, 5), torch.randn(7, 5)
    both = detaches_the_decoder(W, X) + detaches_the_encoder(W, X)
    torch.testing.assert_close(tied_gradient(W, X), both)
