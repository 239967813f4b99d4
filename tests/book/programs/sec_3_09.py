"""Section 3.9: a hidden layer by hand; a learning rate of 100 undoes the double mean."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

batch_size = 256
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
W1 = torch.normal(0.0, 0.01, size=(784, 256), requires_grad=True)
b1 = torch.zeros(256, requires_grad=True)
W2 = torch.normal(0.0, 0.01, size=(256, 10), requires_grad=True)
b2 = torch.zeros(10, requires_grad=True)
params = [W1, b1, W2, b2]


def relu(X):
    return torch.max(input=X, other=torch.tensor(0.0))


def net(X):
    return relu(X.view((-1, 784)) @ W1 + b1) @ W2 + b2


loss = torch.nn.CrossEntropyLoss()
num_epochs, lr = 1, 100.0
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, params, lr)
