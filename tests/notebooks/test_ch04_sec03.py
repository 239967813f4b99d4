"""Section 4.3: the lazy layer that the notebook writes against torch's."""

import pytest
import torch
from torch import nn


def test_lazy_linear_forward_gradient_and_step(definitions):
    """The optimizer is built before the shapes are known, as with torch's own."""
    (MyLazyLinear,) = definitions("4.3", "MyLazyLinear")
    X, y = torch.randn(6, 5), torch.tensor([0, 1, 2, 0, 1, 2])
    results = []
    for layer in (MyLazyLinear, nn.LazyLinear):
        torch.manual_seed(0)
        net = nn.Sequential(layer(4), nn.ReLU(), layer(3))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        scores = net(X)
        before = [p.detach().clone() for p in net.parameters()]
        nn.functional.cross_entropy(scores, y).backward()
        optimizer.step()
        after = [p.detach() for p in net.parameters()]
        assert not any(torch.equal(*pair) for pair in zip(before, after, strict=True))
        results.append((scores, before, [p.grad for p in net.parameters()], after))
    torch.testing.assert_close(*results)


@pytest.mark.parametrize("shape", [(3,), (2, 7), (4, 5, 6)])
def test_lazy_linear_looks_at_the_last_dimension(definitions, shape):
    (MyLazyLinear,) = definitions("4.3", "MyLazyLinear")
    layer = MyLazyLinear(2)
    assert layer(torch.ones(shape)).shape == (*shape[:-1], 2)
    assert layer.weight.shape == (2, shape[-1])


def test_a_layer_made_late_is_not_trained(definitions):
    LateLinear, step_and_compare = definitions(
        "4.3",
        "LateLinear",
        "step_and_compare",
        X=torch.rand(4, 1, 3, 3),
        y=torch.tensor([0, 1, 2, 0]),
    )
    net = nn.Sequential(nn.Flatten(), LateLinear(5), nn.ReLU(), nn.Linear(5, 3))
    assert step_and_compare(net) == ["3.weight", "3.bias"]


def test_shapes_are_none_until_known(definitions):
    shapes, lazy_mlp = definitions("4.3", "shapes", "lazy_mlp")
    net = lazy_mlp()
    assert shapes(net) == [None] * 4
    net(torch.zeros(1, 1, 3, 4))
    assert shapes(net) == [(256, 12), (256,), (10, 256), (10,)]
