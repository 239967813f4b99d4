"""Section 1.1: the M-P neuron and the perceptron's rule as the notebook writes them."""

import pytest
import torch


@pytest.mark.parametrize(("theta", "expected"), [(5, 1), (6.5, 0), (7, 0)])
def test_neuron_fires_above_its_threshold(definitions, theta, expected):
    (mp_neuron,) = definitions("1.1", "mp_neuron")
    x, w = torch.tensor([5.0, 2.0]), torch.tensor([0.5, 2.0])
    assert mp_neuron(x, w, theta).item() == expected


def test_neuron_answers_a_table_row_by_row(definitions):
    (mp_neuron,) = definitions("1.1", "mp_neuron")
    X, w = torch.randn(20, 3), torch.randn(3)
    assert mp_neuron(X, w, 0.5).tolist() == [mp_neuron(x, w, 0.5).item() for x in X]


def test_one_step_is_a_gradient_step_on_the_perceptron_loss(definitions):
    (learn,) = definitions("1.1", "learn")
    for label in (0, 1):
        for x in torch.randn(10, 4):
            w = torch.randn(4, requires_grad=True)
            torch.relu(-(2 * label - 1) * (x @ w)).backward()
            stepped, _ = learn(x.unsqueeze(0), torch.tensor([label]), w.detach())
            torch.testing.assert_close(stepped, w.detach() - w.grad)


def test_mistakes_end_where_a_line_separates(definitions):
    learn, mp_neuron = definitions("1.1", "learn", "mp_neuron")
    X = torch.tensor([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])  # the last input is always on
    y = torch.tensor([0, 0, 0, 1])  # AND
    w = torch.zeros(3, dtype=torch.long)
    for _ in range(20):
        w, mistakes = learn(X, y, w)
    assert sum(mistakes) == 0
    assert mp_neuron(X, w, 0).tolist() == y.tolist()


def test_mistakes_are_counted_one_by_one(definitions):
    (learn,) = definitions("1.1", "learn")
    X, y = torch.tensor([[1], [1], [1]]), torch.tensor([1, 1, 0])
    w, mistakes = learn(X, y, torch.zeros(1, dtype=torch.long))
    assert mistakes == [1, 0, 1]
    assert w.tolist() == [0]
