"""Section 3.13: dropout by hand, in a function that is told when it trains."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

sizes = [(784, 256), (256, 256), (256, 10)]
params = [
    p
    for size in sizes
    for p in (
        torch.normal(0.0, 0.01, size=size, requires_grad=True),
        torch.zeros(size[1], requires_grad=True),
    )
]
calls = {True: 0, False: 0}


def dropout(X, drop_prob):
    keep_prob = 1 - drop_prob
    return (torch.rand(X.shape) < keep_prob).float() * X / keep_prob


def net(X, is_training=True):
    calls[is_training] += 1
    W1, b1, W2, b2, W3, b3 = params
    H1 = (X.view(-1, 784) @ W1 + b1).relu()
    if is_training:
        H1 = dropout(H1, 0.2)
    H2 = (H1 @ W2 + b2).relu()
    if is_training:
        H2 = dropout(H2, 0.5)
    return H2 @ W3 + b3


num_epochs, lr, batch_size = 1, 100.0, 256
loss = torch.nn.CrossEntropyLoss()
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, params, lr)
twice = [d2l.evaluate_accuracy(test_iter, net) for _ in range(2)]
