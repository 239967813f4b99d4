"""What section 3.14 builds, against autograd."""

import pytest
import torch
import torch.nn.functional as F


def _problem(n, d, h, q):
    X = torch.randn(n, d, dtype=torch.float64)
    y = torch.randint(q, (n,))
    W1, W2 = (torch.randn(a, b, dtype=torch.float64) for a, b in ((d, h), (h, q)))
    return X, y, F.one_hot(y, q).double(), W1.requires_grad_(), W2.requires_grad_()


def test_gates(definitions):
    Add, Multiply = definitions("3.14", "Add", "Multiply")
    multiply = Multiply()
    assert multiply.forward(3, 4) == 12
    assert multiply.backward(2) == (8, 6)
    assert Add().forward(3, 4) == 7
    assert Add().backward(2) == (2, 2)


@pytest.mark.parametrize("sizes", [(4, 3, 5, 2), (1, 1, 1, 2), (7, 2, 6, 3)])
def test_network_with_one_hidden_layer(definitions, sizes):
    forward, backward = definitions("3.14", "forward", "backward")
    X, y, Y, W1, W2 = _problem(*sizes)
    lam = 0.1
    J, middle = forward(X, Y, W1, W2, lam)
    penalty = lam / 2 * ((W1**2).sum() + (W2**2).sum())
    expected = F.cross_entropy((X @ W1).relu() @ W2, y) + penalty
    torch.testing.assert_close(J, expected)

    gradients = backward(X, Y, W1, W2, lam, *middle)
    names = dict(zip("ZHO", middle, strict=True)) | {"W1": W1, "W2": W2}
    for name, value in names.items():
        torch.testing.assert_close(
            gradients[name], torch.autograd.grad(J, value, retain_graph=True)[0]
        )


def test_one_step_of_sgd(definitions):
    forward, backward = definitions("3.14", "forward", "backward")
    X, y, Y, W1, W2 = _problem(5, 3, 4, 3)
    with torch.no_grad():
        gradients = backward(X, Y, W1, W2, 0.2, *forward(X, Y, W1, W2, 0.2)[1])
        expected = [W1 - 0.5 * gradients["W1"], W2 - 0.5 * gradients["W2"]]
    optimizer = torch.optim.SGD([W1, W2], lr=0.5, weight_decay=0.2)
    F.cross_entropy((X @ W1).relu() @ W2, y).backward()
    optimizer.step()
    torch.testing.assert_close([W1.detach(), W2.detach()], expected)


def test_numerical_gradient(definitions):
    (numerical_gradient,) = definitions("3.14", "numerical_gradient")
    W = torch.randn(2, 3, dtype=torch.float64)
    torch.testing.assert_close(numerical_gradient(lambda W: (W**3).sum(), W), 3 * W**2)


def test_saved_bytes_counts_each_storage_once(definitions):
    (saved_bytes,) = definitions("3.14", "saved_bytes")
    net = torch.nn.Sequential(
        torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.Linear(4, 3)
    )
    assert saved_bytes(net, torch.rand(10, 6)) == 4 * 10 * (6 + 5 + 4)
    with torch.no_grad():
        assert saved_bytes(net, torch.rand(10, 6)) == 0


def test_recorded_graph_ends_at_the_leaves(definitions):
    (recorded_graph,) = definitions("3.14", "recorded_graph")
    x = torch.ones(2, requires_grad=True)
    depth, edges = recorded_graph((x * x + x).sum().grad_fn)
    assert len(depth) == 4
    assert len(edges) == 4
    assert max(depth.values()) == 3
