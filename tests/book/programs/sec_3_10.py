"""Section 3.10: the same net with the library."""

import sys

import torch
from torch import nn
from torch.nn import init

sys.path.append("..")
import d2lzh_pytorch as d2l

net = nn.Sequential(d2l.FlattenLayer(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
for params in net.parameters():
    init.normal_(params, mean=0, std=0.01)

batch_size = 256
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
loss = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
num_epochs = 1
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, None, None, optimizer)
