"""Sections 5.1 and 5.3: a kernel learned by hand, and several channels."""

import sys

import torch
from torch import nn

sys.path.append("..")
import d2lzh_pytorch as d2l


class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(kernel_size))
        self.bias = nn.Parameter(torch.randn(1))

    def forward(self, x):
        return d2l.corr2d(x, self.weight) + self.bias


X = torch.ones(6, 8)
X[:, 2:6] = 0
Y = d2l.corr2d(X, torch.tensor([[1, -1]]))

conv = Conv2D(kernel_size=(1, 2))
for _ in range(60):
    ((conv(X) - Y) ** 2).sum().backward()
    with torch.no_grad():
        for p in conv.parameters():
            p -= 0.01 * p.grad
            p.grad.zero_()


def corr2d_multi_in(X, K):
    total = d2l.corr2d(X[0, :, :], K[0, :, :])
    for i in range(1, X.shape[0]):
        total += d2l.corr2d(X[i, :, :], K[i, :, :])
    return total


images = torch.tensor([[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
kernel = torch.tensor([[[0, 1], [2, 3]], [[1, 2], [3, 4]]])
channels = corr2d_multi_in(images, torch.stack([kernel, kernel + 1, kernel + 2])[0])
