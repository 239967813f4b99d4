"""Section 5.11: a small residual net from the package's blocks; section 9.1 calls resnet18(10)."""

import itertools
import sys

import torch
from torch import nn

sys.path.append("..")
import d2lzh_pytorch as d2l

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
blk = d2l.Residual(3, 6, use_1x1conv=True, stride=2)
halved = blk(torch.rand((4, 3, 6, 6))).shape

net = nn.Sequential(
    nn.Conv2d(1, 8, kernel_size=7, stride=2, padding=3),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
)
net.add_module("resnet_block1", d2l.resnet_block(8, 8, 2, first_block=True))
net.add_module("resnet_block2", d2l.resnet_block(8, 16, 2))
net.add_module("global_avg_pool", d2l.GlobalAvgPool2d())
net.add_module("fc", nn.Sequential(d2l.FlattenLayer(), nn.Linear(16, 10)))

batch_size = 64
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size, resize=32)
train_iter = list(itertools.islice(train_iter, 40))
test_iter = list(itertools.islice(test_iter, 10))

lr, num_epochs = 0.005, 2
optimizer = torch.optim.Adam(net.parameters(), lr=lr)
d2l.train_ch5(net, train_iter, test_iter, batch_size, optimizer, device, num_epochs)

colour = d2l.resnet18(10).eval()(torch.rand(1, 3, 32, 32)).shape
