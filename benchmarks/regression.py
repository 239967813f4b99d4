"""Train the regressions of chapter 3 with the settings of the book and store what comes out.

``python -m benchmarks.regression`` writes `benchmarks/results/regression.json`, from which
`make results` builds a table of RESULTS.md.
"""

import json
import sys
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

import d2lzh_pytorch as d2l
from benchmarks.results import FOLDER

SEEDS = (0, 1, 2)
FILE = FOLDER / "regression.json"

Value = tuple[str, str, str, float]  # section, title and quantity as in benchmarks.book, value


def linear_scratch() -> Iterator[Value]:
    """Section 3.2: two weights, 1,000 examples, three epochs of SGD by hand."""
    features, labels = d2l.synthetic_linear([2, -3.4], 4.2, 1000)
    w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(3):
        for X, y in d2l.data_iter(10, features, labels):
            w.grad, b.grad = None, None
            d2l.squared_loss(d2l.linreg(X, w, b), y).sum().backward()
            d2l.sgd([w, b], 0.03, len(X))
    loss = d2l.squared_loss(d2l.linreg(features, w, b), labels).mean().item()
    yield "3.2", "linear regression from scratch", "half the MSE", loss


def linear_concise() -> Iterator[Value]:
    """Section 3.3: the same with torch's own parts."""
    features, labels = d2l.synthetic_linear(torch.tensor([[2], [-3.4]]), 4.2, 1000)
    net = nn.Linear(2, 1)
    nn.init.normal_(net.weight, std=0.01)
    nn.init.zeros_(net.bias)
    loader = DataLoader(TensorDataset(features, labels), batch_size=10, shuffle=True)
    _train(net, loader, torch.optim.SGD(net.parameters(), lr=0.03), epochs=3)
    yield "3.3", "linear regression", "MSE", _mse(net, features, labels)


def cubic() -> Iterator[Value]:
    """Section 3.11: the polynomial of the right degree."""
    _, features, labels = d2l.synthetic_polynomial([1.2, -3.4, 5.6], 5.0, 200)
    labels = labels.unsqueeze(1)
    net = nn.Linear(3, 1)
    data = TensorDataset(features[:100], labels[:100])
    loader = DataLoader(data, batch_size=10, shuffle=True)
    _train(net, loader, torch.optim.SGD(net.parameters(), lr=0.01), epochs=100)
    name = "cubic model, 100 examples"
    yield "3.11", name, "training MSE", _mse(net, features[:100], labels[:100])
    yield "3.11", name, "validation MSE", _mse(net, features[100:], labels[100:])


def weight_decay() -> Iterator[Value]:
    """Section 3.12: 200 inputs and 20 examples, from normal initial weights."""
    features, labels = d2l.synthetic_linear(torch.full((200, 1), 0.01), 0.05, 20)
    for decay, name in ((0, "no weight decay"), (3, "weight decay 3")):
        net = nn.Linear(200, 1)
        nn.init.normal_(net.weight)
        nn.init.zeros_(net.bias)
        optimizer = torch.optim.SGD([net.bias], lr=0.003)
        optimizer.add_param_group({"params": [net.weight], "weight_decay": decay})
        loader = DataLoader(TensorDataset(features, labels), batch_size=1, shuffle=True)
        _train(net, loader, optimizer, epochs=100, factor=0.5)
        yield "3.12", f"200 inputs, {name}", "norm of w", net.weight.norm().item()


def _train(
    net: nn.Module,
    loader: "DataLoader[tuple[Tensor, ...]]",
    optimizer: torch.optim.Optimizer,
    epochs: int,
    factor: float = 1.0,
) -> None:
    """Minimise `factor` times the mean squared error; the book's 3.12 has a half, 3.3 has none."""
    loss = nn.MSELoss()
    for _ in range(epochs):
        for X, y in loader:
            optimizer.zero_grad()
            (factor * loss(net(X), y)).backward()
            optimizer.step()


def _mse(net: nn.Module, features: Tensor, labels: Tensor) -> float:
    with torch.no_grad():
        return nn.functional.mse_loss(net(features), labels).item()


def main() -> int:
    """Run everything with each seed and write the file."""
    runs = []
    for seed in SEEDS:
        for measure in (linear_scratch, linear_concise, cubic, weight_decay):
            d2l.set_seed(seed)
            for section, title, quantity, value in measure():
                keys = ("section", "title", "quantity", "seed", "value")
                runs.append(dict(zip(keys, (section, title, quantity, seed, value), strict=True)))
                print(f"{section} {title}, {quantity}, seed {seed}: {value:.4g}")
    FILE.write_text(json.dumps(runs, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
