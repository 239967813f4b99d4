"""Section 4.7: the small module and the hooks as the notebook writes them."""

import pytest
import torch
from torch import nn


def test_mini_module_equals_torch(definitions):
    MiniMLP, MLP = definitions("4.7", "MiniMLP", "MLP")
    mini, net = MiniMLP(), MLP()
    named = dict(mini.named_parameters())
    assert list(named) == [name for name, _ in net.named_parameters()]
    net.load_state_dict({name: param.detach() for name, param in named.items()})

    X, y = torch.rand(6, 784), torch.arange(6)
    torch.testing.assert_close(mini(X), net(X))
    for each in (mini, net):
        optimizer = torch.optim.SGD([param for _, param in each.named_parameters()], lr=0.1)
        nn.functional.cross_entropy(each(X), y).backward()
        optimizer.step()
    for name, param in net.named_parameters():
        torch.testing.assert_close(named[name].grad, param.grad)
        torch.testing.assert_close(named[name], param)


def test_mini_module_runs_its_hooks(definitions):
    (MiniLinear,) = definitions("4.7", "MiniLinear")
    layer, seen = MiniLinear(3, 2), []
    layer.hooks.append(lambda module, X, output: seen.append((module, X.shape, output.shape)))
    layer(torch.ones(5, 3))
    layer.forward(torch.ones(5, 3))
    assert seen == [(layer, (5, 3), (5, 2))]


def test_capture_leaves_no_hook_even_on_error(definitions):
    (capture,) = definitions("4.7", "capture")
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    X = torch.randn(5, 3)
    outputs = capture(net, X, "0", "2")
    assert not outputs["0"].requires_grad
    torch.testing.assert_close(outputs["0"], net[0](X).detach())
    torch.testing.assert_close(outputs["2"], net(X).detach())
    with pytest.raises(RuntimeError):
        capture(net, torch.randn(5, 7), "0")
    assert not any(module._forward_hooks for module in net.modules())


def test_silenced_units_give_zero(definitions):
    (silence,) = definitions("4.7", "silence")
    layer = nn.Linear(3, 4)
    handle = layer.register_forward_hook(silence(3))
    assert not layer(torch.randn(5, 3))[:, :3].any()
    handle.remove()


def test_project_finds_the_plane_that_holds_the_points(definitions):
    (project,) = definitions("4.7", "project")
    points = torch.randn(50, 2).double() @ torch.randn(2, 256).double() + 3
    flat = project(points)
    torch.testing.assert_close(nn.functional.pdist(flat), nn.functional.pdist(points))
