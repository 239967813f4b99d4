"""Section 3.12: weight decay by hand, more weights than examples."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

features = torch.randn(120, 200)
labels = features @ torch.full((200, 1), 0.01) + 0.05 + torch.normal(0.0, 0.01, size=(120, 1))
train_features, test_features = features[:20], features[20:]
train_labels, test_labels = labels[:20], labels[20:]
batch_size, num_epochs, lr = 1, 100, 0.003
net, loss = d2l.linreg, d2l.squared_loss


def fit_and_plot(lambd):
    w = torch.randn((200, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    train_ls, test_ls = [], []
    for _ in range(num_epochs):
        for X, y in d2l.data_iter(batch_size, train_features, train_labels):
            penalised = loss(net(X, w, b), y) + lambd * (w**2).sum() / 2
            w.grad = b.grad = None
            penalised.sum().backward()
            d2l.sgd([w, b], lr, batch_size)
        train_ls.append(loss(net(train_features, w, b), train_labels).mean().item())
        test_ls.append(loss(net(test_features, w, b), test_labels).mean().item())
    epochs = range(1, num_epochs + 1)
    d2l.semilogy(epochs, train_ls, "epochs", "loss", epochs, test_ls, ["train", "test"])
    return w.norm().item(), test_ls[-1]


without_decay = fit_and_plot(lambd=0)
with_decay = fit_and_plot(lambd=3)
