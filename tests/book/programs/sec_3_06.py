"""Section 3.6: softmax regression with tensors alone."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

batch_size = 256
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
num_inputs, num_outputs = 784, 10
W = torch.normal(0.0, 0.01, size=(num_inputs, num_outputs), requires_grad=True)
b = torch.zeros(num_outputs, requires_grad=True)


def net(X):
    exponentials = (X.view(-1, num_inputs) @ W + b).exp()
    return exponentials / exponentials.sum(dim=1, keepdim=True)


def cross_entropy(y_hat, y):
    return -y_hat.gather(1, y.view(-1, 1)).log()


untrained = d2l.evaluate_accuracy(test_iter, net)
num_epochs, lr = 1, 0.1
d2l.train_ch3(net, train_iter, test_iter, cross_entropy, num_epochs, batch_size, [W, b], lr)

X, y = next(iter(test_iter))
truth = d2l.get_fashion_mnist_labels(y.numpy())
guess = d2l.get_fashion_mnist_labels(net(X).argmax(dim=1).numpy())
titles = [f"{true}\n{pred}" for true, pred in zip(truth, guess, strict=True)]
d2l.show_fashion_mnist(X[0:9], titles[0:9])
