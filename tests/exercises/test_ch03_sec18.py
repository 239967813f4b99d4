"""Wrong answers to the exercises of section 3.18."""

import torch
import torch.nn.functional as F

from d2lzh_pytorch.exercises.ch03.sec18 import silu_slope


def sigmoid_only(x):
    return torch.sigmoid(x)


def second_factor_forgotten(x):
    s = torch.sigmoid(x)
    return s + s * (1 - s)


def overflowing_sigmoid(x):
    return (1 + (-x).exp() + x * (-x).exp()) / (1 + (-x).exp()) ** 2


def slope_of_gelu(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(F.gelu(x).sum(), x)[0]


def step(x):
    return (x > 0).float()


def mean_over_batches(batches):
    shares = [(~(Z > 0).any(dim=0)).float().mean() for Z in batches]
    return torch.stack(shares).mean().item()


def dead_in_some_batch(batches):
    return torch.stack([~(Z > 0).any(dim=0) for Z in batches]).any(dim=0).float().mean().item()


def last_batch_only(batches):
    return (~(batches[-1] > 0).any(dim=0)).float().mean().item()


def share_of_zeros(batches):
    return (torch.cat(batches) <= 0).float().mean().item()


def zero_counts_as_alive(batches):
    return (~(torch.cat(batches) >= 0).any(dim=0)).float().mean().item()


def by_the_mean(batches):
    return (torch.cat(batches).mean(dim=0) <= 0).float().mean().item()


def number_of_units(batches):
    return (~(torch.cat(batches) > 0).any(dim=0)).sum().item()


WRONG = {
    "3.18-1": [
        sigmoid_only,
        second_factor_forgotten,
        overflowing_sigmoid,
        slope_of_gelu,
        step,
    ],
    "3.18-2": [
        mean_over_batches,
        dead_in_some_batch,
        last_batch_only,
        share_of_zeros,
        zero_counts_as_alive,
        by_the_mean,
        number_of_units,
    ],
}


def test_silu_slope_against_autograd():
    x = torch.linspace(-20, 20, 101, requires_grad=True)
    expected = torch.autograd.grad(F.silu(x).sum(), x)[0]
    torch.testing.assert_close(silu_slope(x.detach()), expected)
