"""Section 3.11: a polynomial of degree three, and a line that cannot follow it."""

import sys

import torch

sys.path.append("..")
import d2lzh_pytorch as d2l

x = torch.randn(200, 1)
powers = torch.cat((x, x**2, x**3), 1)
labels = powers @ torch.tensor([1.2, -3.4, 5.6]) + 5 + torch.normal(0.0, 0.01, size=(200,))
num_epochs, loss = 100, torch.nn.MSELoss()


def fit_and_plot(features):
    net = torch.nn.Linear(features.shape[-1], 1)
    train, test = (features[:100], labels[:100]), (features[100:], labels[100:])
    dataset = torch.utils.data.TensorDataset(*train)
    train_iter = torch.utils.data.DataLoader(dataset, 10, shuffle=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    train_ls, test_ls = [], []
    for _ in range(num_epochs):
        for X, y in train_iter:
            optimizer.zero_grad()
            loss(net(X), y.view(-1, 1)).backward()
            optimizer.step()
        train_ls.append(loss(net(train[0]), train[1].view(-1, 1)).item())
        test_ls.append(loss(net(test[0]), test[1].view(-1, 1)).item())
    d2l.semilogy(
        range(1, num_epochs + 1), train_ls, "epochs", "loss",
        range(1, num_epochs + 1), test_ls, ["train", "test"],
    )  # fmt: skip
    return net, test_ls


cubic, cubic_ls = fit_and_plot(powers)
line, line_ls = fit_and_plot(x)
