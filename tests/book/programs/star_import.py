# ruff: noqa: F403, F405 - the names come from the package.
"""The names of the package without a prefix."""

import sys

import torch

sys.path.append("..")
from d2lzh_pytorch import *

set_seed(0)
X, y = torch.randn(64, 3), torch.randint(3, (64,))
y = (X @ torch.randn(3, 3)).argmax(dim=1)
batches = list(data_iter(16, X, y))

net = torch.nn.Sequential(FlattenLayer(), torch.nn.Linear(3, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
train_ch3(net, batches, batches, torch.nn.CrossEntropyLoss(), 10, 16, optimizer=optimizer)
share = evaluate_accuracy(batches, net)

set_figsize((4, 3))
plt.figure()
plt.scatter(X[:, 0], X[:, 1], c=y)
Y = corr2d(torch.ones(3, 3), torch.ones(2, 2))
