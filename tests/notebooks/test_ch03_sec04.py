"""Section 3.4: softmax, cross-entropy and their gradients as the notebook writes them."""

import pytest
import torch
import torch.nn.functional as F


@pytest.fixture
def scores():
    """Ordinary scores, and rows on which exp overflows and probabilities vanish."""
    ordinary = torch.randn(6, 4)
    extreme = torch.tensor([[1000.0, 0.0, -1000.0, 3.0], [-500.0, -500.0, -499.0, -800.0]])
    return torch.cat([ordinary, extreme, torch.zeros(1, 4)])


def test_logsumexp(definitions, scores):
    (logsumexp,) = definitions("3.4", "logsumexp")
    torch.testing.assert_close(logsumexp(scores), scores.logsumexp(dim=1, keepdim=True))


def test_log_softmax_forward_and_gradient(definitions, scores):
    (log_softmax,) = definitions("3.4", "log_softmax")
    weights = torch.randn_like(scores)
    results = []
    for function in (log_softmax, lambda rows: F.log_softmax(rows, dim=1)):
        leaf = scores.clone().requires_grad_()
        value = function(leaf)
        (value * weights).sum().backward()
        results.append((value, leaf.grad))
    torch.testing.assert_close(*results)


def test_cross_entropy_forward_and_gradient(definitions, scores):
    (cross_entropy,) = definitions("3.4", "cross_entropy")
    y = torch.randint(4, (len(scores),))
    ours, theirs = scores.clone().requires_grad_(), scores.clone().requires_grad_()
    value = cross_entropy(ours, F.one_hot(y, 4))
    expected = F.cross_entropy(theirs, y, reduction="none")
    torch.testing.assert_close(value, expected)
    value.sum().backward()
    expected.sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_cross_entropy_takes_distributions(definitions, scores):
    (cross_entropy,) = definitions("3.4", "cross_entropy")
    P = torch.softmax(torch.randn_like(scores), dim=1)
    expected = F.cross_entropy(scores, P, reduction="none")
    torch.testing.assert_close(cross_entropy(scores, P), expected)


def test_gradients_are_those_of_autograd_and_make_the_step_of_torchs_sgd(definitions):
    (gradients,) = definitions("3.4", "gradients")
    X, y = torch.randn(9, 5), torch.randint(3, (9,))
    W, b = torch.randn(5, 3, requires_grad=True), torch.randn(1, 3, requires_grad=True)
    before = W.detach().clone(), b.detach().clone()
    W_grad, b_grad = gradients(*before, X, F.one_hot(y, 3).float())

    optimizer = torch.optim.SGD([W, b], lr=0.5)
    F.cross_entropy(X @ W + b, y).backward()
    torch.testing.assert_close((W_grad, b_grad), (W.grad, b.grad))
    optimizer.step()
    torch.testing.assert_close((before[0] - 0.5 * W_grad, before[1] - 0.5 * b_grad), (W, b))


def test_fit_walks_as_torch_does(definitions):
    X, y = torch.randn(12, 2), torch.arange(12) % 3
    (fit,) = definitions("3.4", "fit", Y=F.one_hot(y, 3).float())
    W, b = torch.zeros(2, 3, requires_grad=True), torch.zeros(1, 3, requires_grad=True)
    optimizer = torch.optim.SGD([W, b], lr=0.3)
    for _ in range(5):
        optimizer.zero_grad()
        F.cross_entropy(X @ W + b, y).backward()
        optimizer.step()
    torch.testing.assert_close(fit(X, 5, lr=0.3), (W, b))
