"""Section 3.2: linear regression with tensors alone."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

true_w, true_b = torch.tensor([2.0, -3.4]), 4.2
features = torch.randn(1000, 2)
labels = features @ true_w + true_b + torch.normal(0.0, 0.01, size=(1000,))

d2l.set_figsize()
d2l.plt.scatter(features[:, 1].numpy(), labels.numpy(), 1)

w = torch.normal(0.0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr, num_epochs, batch_size = 0.03, 3, 10
net, loss = d2l.linreg, d2l.squared_loss

losses = []
for _ in range(num_epochs):
    for X, y in d2l.data_iter(batch_size, features, labels):
        loss(net(X, w, b), y).sum().backward()
        d2l.sgd([w, b], lr, batch_size)
        w.grad.zero_()
        b.grad.zero_()
    losses.append(loss(net(features, w, b), labels).mean().item())
