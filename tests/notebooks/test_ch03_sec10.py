"""Section 3.10: the multilayer perceptron of the library, and how two models are compared."""

import pytest
import torch
from torch import nn


@pytest.mark.parametrize("num_hiddens", [1, 16, 256])
def test_mlp_computes_the_formula(definitions, num_hiddens):
    mlp, count_parameters = definitions("3.10", "mlp", "count_parameters")
    net, X = mlp(num_hiddens), torch.rand(5, 1, 28, 28)
    W1, b1, W2, b2 = (param.mT if param.ndim == 2 else param for param in net.parameters())
    torch.testing.assert_close(net(X), torch.relu(X.reshape(5, 784) @ W1 + b1) @ W2 + b2)
    assert count_parameters(net) == 785 * num_hiddens + 10 * (num_hiddens + 1)


def test_mlp_starts_as_the_notebook_says(definitions):
    (mlp,) = definitions("3.10", "mlp")
    hidden, output = (layer for layer in mlp(256) if isinstance(layer, nn.Linear))
    assert hidden.weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert output.weight.std().item() == pytest.approx(0.01, rel=0.1)
    assert not hidden.bias.any()
    assert not output.bias.any()


def test_compare_counts_the_four_cases(definitions):
    (compare,) = definitions("3.10", "compare")
    both, only_a, only_b, neither = 5, 3, 2, 4
    a = torch.tensor([True] * (both + only_a) + [False] * (only_b + neither))
    b = torch.tensor([True] * both + [False] * only_a + [True] * only_b + [False] * neither)
    assert compare(a, b) == [both, only_a, only_b, neither]
    assert compare(a[:both], b[:both]) == [both, 0, 0, 0]


def test_watch_leaves_the_net_as_it_was(definitions):
    batches = [(torch.rand(8, 1, 28, 28), torch.arange(8)) for _ in range(4)]
    given = {"train_iter": batches, "test_iter": batches[:1], "some_train": batches[1:]}
    watch, mlp = definitions("3.10", "watch", "mlp", loss=nn.CrossEntropyLoss(), **given)
    net = mlp(4)
    before = [param.clone() for param in net.parameters()]
    train_acc, test_acc = watch(net, lr=0.5, every=2)
    assert len(train_acc) == len(test_acc) == 2
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))
