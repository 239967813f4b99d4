"""Wrong answers to the exercises of section 3.8."""

import torch


def forgets_first_bias(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, next_b
    return W, b


def adds_the_biases(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, b.mean() + next_b
    return W, b


def keeps_two_layers(layers):
    if len(layers) == 1:
        return layers[0]
    (W1, b1), (W2, b2) = layers[0], layers[-1]
    return (W1 @ W2, b1 @ W2 + b2) if len(layers) == 2 else (W1, b1)


def bends_in_between(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, torch.relu(b) @ next_W + next_b
    return W, b


def two_kinks(x, a, b, c):
    return torch.relu(x - a) / (b - a) - torch.relu(x - b) / (c - b)


def slopes_of_one(x, a, b, c):
    return torch.relu(x - a) - 2 * torch.relu(x - b) + torch.relu(x - c)


def symmetric(x, a, b, c):
    return torch.relu(1 - (x - b).abs() / (b - a))


def returns_to_a_slope(x, a, b, c):
    up, down = 1 / (b - a), 1 / (c - b)
    return up * torch.relu(x - a) - (up + down) * torch.relu(x - b) + up * torch.relu(x - c)


WRONG = {
    "3.8-1": [forgets_first_bias, adds_the_biases, keeps_two_layers, bends_in_between],
    "3.8-2": [two_kinks, slopes_of_one, symmetric, returns_to_a_slope],
}


def test_collapsed_layer_computes_the_same():
    from d2lzh_pytorch.exercises.ch03.sec08 import collapse

    generator = torch.Generator().manual_seed(0)
    layers = [
        (torch.randn(d, q, generator=generator), torch.randn(q, generator=generator))
        for d, q in ((3, 5), (5, 4), (4, 2))
    ]
    X = torch.randn(7, 3, generator=generator)
    expected = X
    for W, b in layers:
        expected = expected @ W + b
    W, b = collapse(layers)
    torch.testing.assert_close(X @ W + b, expected)


def test_hat_meets_its_points():
    from d2lzh_pytorch.exercises.ch03.sec08 import hat

    x = torch.tensor([0.0, 1.0, 1.5, 2.0, 4.0, 6.0, 9.0])
    expected = torch.tensor([0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0])
    torch.testing.assert_close(hat(x, 1.0, 2.0, 6.0), expected)
