"""Section 4.4: the layers that the notebook writes against torch's."""

import pytest
import torch
from torch import nn


def test_centered_layer(definitions):
    (CenteredLayer,) = definitions("4.4", "CenteredLayer")
    result = CenteredLayer()(torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert result.tolist() == [-2, -1, 0, 1, 2]


def test_linear_forward_gradient_and_step(definitions):
    (MyLinear,) = definitions("4.4", "MyLinear")
    mine, theirs, X = MyLinear(5, 3), nn.Linear(5, 3), torch.randn(7, 5)
    with torch.no_grad():
        theirs.weight.copy_(mine.w.T)
        theirs.bias.copy_(mine.b)
    for layer in (mine, theirs):
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
        layer(X).square().mean().backward()
        optimizer.step()
    torch.testing.assert_close((mine.w.grad.T, mine.b.grad), (theirs.weight.grad, theirs.bias.grad))
    torch.testing.assert_close((mine.w.T, mine.b), (theirs.weight, theirs.bias))
    torch.testing.assert_close(mine(X), theirs(X))


def test_perceptron_names_and_shapes(definitions):
    (Perceptron,) = definitions("4.4", "Perceptron")
    shapes = {name: tuple(p.shape) for name, p in Perceptron(3, 4, 1).named_parameters()}
    assert shapes == {
        "layer1.w": (3, 4),
        "layer1.b": (4,),
        "layer2.w": (4, 1),
        "layer2.b": (1,),
    }


def test_parameter_list_and_dict(definitions):
    MyListDense, MyDictDense = definitions("4.4", "MyListDense", "MyDictDense")
    assert len(list(MyListDense(nn.ParameterList).parameters())) == 4
    assert not list(MyListDense(list).parameters())
    net, X = MyDictDense(), torch.ones(1, 4)
    assert [net(X, choice).shape[1] for choice in net.weights] == [4, 1, 2]
    torch.testing.assert_close(net(X), X @ net.weights["linear1"])


@pytest.mark.parametrize("momentum", [0.1, 0.5, 1.0])
def test_running_center_remembers_as_batch_norm(definitions, momentum):
    (RunningCenter,) = definitions("4.4", "RunningCenter")
    layer = RunningCenter(3, momentum=momentum)
    library = nn.BatchNorm1d(3, momentum=momentum)
    for _ in range(5):
        batch = torch.randn(8, 3, requires_grad=True) + 2
        torch.testing.assert_close(layer(batch).mean(dim=0), torch.zeros(3))
        library(batch)
    torch.testing.assert_close(layer.mean, library.running_mean)
    assert not layer.mean.requires_grad
    x = torch.randn(1, 3)
    torch.testing.assert_close(layer.eval()(x), x - layer.mean)


def test_only_the_buffer_is_kept_and_not_trained(definitions):
    (RunningCenter,) = definitions("4.4", "RunningCenter")
    kept = {
        kind: (
            len(list(RunningCenter(2, kind).parameters())),
            list(RunningCenter(2, kind).state_dict()),
        )
        for kind in ("plain", "parameter", "buffer")
    }
    assert kept == {"plain": (0, []), "parameter": (1, ["mean"]), "buffer": (0, ["mean"])}
