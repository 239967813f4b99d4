"""Section 5.5: LeNet on a device, with a few batches and a larger learning rate."""

import itertools
import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
net = d2l.LeNet()
batch_size = 64
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size=batch_size)
train_iter = list(itertools.islice(train_iter, 60))
test_iter = list(itertools.islice(test_iter, 10))

lr, num_epochs = 0.005, 4
optimizer = torch.optim.Adam(net.parameters(), lr=lr)
d2l.train_ch5(net, train_iter, test_iter, batch_size, optimizer, device, num_epochs)
