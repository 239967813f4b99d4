"""Section 3.3: the nets and loops around torch.nn, against steps written out."""

import pytest
import torch
from torch import nn


@pytest.fixture
def points():
    x = torch.linspace(1, 8, 12).reshape(-1, 1)
    return x, 0.8 * x + 1.7 + 0.2 * torch.randn(12, 1)


def descend(x, y, rates, num_steps):
    """Gradient descent on the MSE from 0, with a rate for the weight and one for the bias."""
    x1 = torch.cat([x, torch.ones_like(x)], dim=1).double()
    theta = torch.zeros(2, 1, dtype=torch.float64)
    for _ in range(num_steps):
        slope = 2 * x1.T @ (x1 @ theta - y.double()) / len(x)
        theta = theta - torch.tensor(rates, dtype=torch.float64).reshape(2, 1) * slope
    return theta.flatten().tolist(), ((x1 @ theta - y.double()) ** 2).mean().item()


def test_column_reads_numbers(definitions):
    (column,) = definitions("3.3", "column")
    assert column("2.5 -1 3e2").tolist() == [[2.5], [-1.0], [300.0]]


def test_linear_net_is_a_linear_layer(definitions):
    (LinearNet,) = definitions("3.3", "LinearNet")
    net, X = LinearNet(3), torch.randn(5, 3)
    params = dict(net.named_parameters())
    assert {name: tuple(param.shape) for name, param in params.items()} == {
        "linear.weight": (1, 3),
        "linear.bias": (1,),
    }
    torch.testing.assert_close(net(X), X @ params["linear.weight"].T + params["linear.bias"])
    net(X).sum().backward()
    torch.testing.assert_close(params["linear.weight"].grad, X.sum(dim=0, keepdim=True))
    torch.testing.assert_close(params["linear.bias"].grad, torch.tensor([5.0]))


def test_zero_net_starts_at_zero(definitions):
    (zero_net,) = definitions("3.3", "zero_net")
    net = zero_net()
    assert not net(torch.randn(4, 1)).any()
    assert all(param.requires_grad and not param.any() for param in net.parameters())


@pytest.mark.parametrize("num_steps", [0, 1, 30])
@pytest.mark.parametrize("rates", [(0.01, 0.01), (0.01, 0.2)])
def test_train_takes_the_steps_of_gradient_descent(definitions, points, rates, num_steps):
    x, y = points
    zero_net, train = definitions("3.3", "zero_net", "train", loss=nn.MSELoss(), y=y)
    net = zero_net()
    groups = [{"params": net.weight}, {"params": net.bias, "lr": rates[1]}]
    mse = train(net, torch.optim.SGD(groups, lr=rates[0]), x, num_steps)
    theta, expected = descend(x, y, rates, num_steps)
    assert [net.weight.item(), net.bias.item()] == pytest.approx(theta, abs=1e-5)
    assert mse == pytest.approx(expected, rel=1e-5)


def test_only_the_right_learning_rate_fits_the_losses(definitions, points):
    x, y = points
    x1 = torch.cat([x, torch.ones_like(x)], dim=1).double()
    best = torch.linalg.lstsq(x1, y.double()).solution
    steps = torch.arange(10, 201, 10)
    losses = [descend(x, y, (0.003, 0.003), int(k))[1] for k in steps]
    printed = torch.tensor(losses, dtype=torch.float64).reshape(-1, 1)
    (fitted,) = definitions(
        "3.3",
        "fitted",
        floor=((x1 @ best - y) ** 2).mean().item(),
        eigenvalues=torch.linalg.eigvalsh(2 * x1.T @ x1 / len(x1)),
        steps=steps,
        printed=printed,
    )
    torch.testing.assert_close(fitted(0.003), printed)
    for wrong in (0.03, 0.006, 0.0015, 0.0003):
        assert (fitted(wrong) - printed).abs().max() > 1e-3


def test_the_scheduler_acts_after_its_number_of_epochs(definitions, points):
    x, y = points
    z = (x - x.mean()) / x.std(correction=0)
    z1 = torch.cat([z, torch.ones_like(z)], dim=1)
    floor = nn.functional.mse_loss(z1 @ torch.linalg.lstsq(z1, y).solution, y).item()
    given = {"z": z, "y": y, "loss": nn.MSELoss(), "floor": floor}
    (excess_losses,) = definitions("3.3", "excess_losses", **given)
    runs = {}
    for step_size in (60, 20):
        torch.manual_seed(3)
        runs[step_size] = excess_losses(step_size)
        assert len(runs[step_size]) == 60
        assert -1e-6 < min(runs[step_size]) < floor / 2
    assert runs[60][:20] == runs[20][:20]
    assert runs[60][20] != runs[20][20]
    assert sum(runs[20][40:]) < sum(runs[60][40:]) / 2
