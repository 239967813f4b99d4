"""Section 3.7: softmax regression with the library."""

import sys
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import init

sys.path.append("..")
import d2lzh_pytorch as d2l

batch_size = 256
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
net = nn.Sequential(OrderedDict([("flatten", d2l.FlattenLayer()), ("linear", nn.Linear(784, 10))]))
init.normal_(net.linear.weight, mean=0, std=0.01)
init.constant_(net.linear.bias, val=0)

loss = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
num_epochs = 1
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, None, None, optimizer)
