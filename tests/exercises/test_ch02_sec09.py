"""Wrong answers to the exercises of section 2.9, the broken programs of the notebook among them."""

import torch
import torch.nn.functional as F


def _gradients(X, y, params, hidden, output):
    W1, b1, W2, b2 = (param.requires_grad_() for param in params)
    F.cross_entropy(output(hidden(X @ W1 + b1) @ W2 + b2), y).backward()
    return W1.grad, b1.grad, W2.grad, b2.grad


def both_mistakes_of_the_notebook(X, y, W1, b1, W2, b2):
    return _gradients(X, y, (W1, b1, W2, b2), lambda h: torch.tensor(h.relu().tolist()), torch.relu)


def graph_still_cut(X, y, W1, b1, W2, b2):
    return _gradients(X, y, (W1, b1, W2, b2), lambda h: h.relu().detach(), lambda scores: scores)


def scores_still_through_relu(X, y, W1, b1, W2, b2):
    return _gradients(X, y, (W1, b1, W2, b2), torch.relu, torch.relu)


def without_any_relu(X, y, W1, b1, W2, b2):
    return _gradients(X, y, (W1, b1, W2, b2), lambda h: h, lambda scores: scores)


def sum_of_the_losses(X, y, W1, b1, W2, b2):
    gradients = _gradients(X, y, (W1, b1, W2, b2), torch.relu, lambda scores: scores)
    return tuple(len(y) * gradient for gradient in gradients)


def _line(x, y, lr, num_steps, column=True, clear=True, half=False):
    w, b = torch.zeros(1, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(num_steps):
        loss = ((x @ w + b - (y.view(-1, 1) if column else y)) ** 2).mean()
        (loss / 2 if half else loss).backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            if clear:
                w.grad = b.grad = None
    return w.item(), b.item()


def line_with_both_mistakes_of_the_notebook(x, y, lr, num_steps):
    return _line(x, y, lr, num_steps, column=False, clear=False)


def every_label_against_every_prediction(x, y, lr, num_steps):
    return _line(x, y, lr, num_steps, column=False)


def gradients_pile_up(x, y, lr, num_steps):
    return _line(x, y, lr, num_steps, clear=False)


def half_the_loss(x, y, lr, num_steps):
    return _line(x, y, lr, num_steps, half=True)


def one_step_too_many(x, y, lr, num_steps):
    return _line(x, y, lr, num_steps + 1)


def nan_where_the_logarithm_is_unused(x):
    x.requires_grad_()
    torch.where(x > 0, x.log(), 0.0).sum().backward()
    return x.grad


def one_over_x_everywhere(x):
    x = x.clone().requires_grad_()
    x.abs().log().sum().backward()
    return x.grad


def floor_under_x(x):
    x = x.clone().requires_grad_()
    (x + 1e-3).clamp(min=1e-3).log().sum().backward()
    return x.grad


def only_the_positive_numbers(x):
    positive = x[x > 0].clone().requires_grad_()
    positive.log().sum().backward()
    return positive.grad


WRONG = {
    "2.9-1": [
        both_mistakes_of_the_notebook,
        graph_still_cut,
        scores_still_through_relu,
        without_any_relu,
        sum_of_the_losses,
    ],
    "2.9-2": [
        line_with_both_mistakes_of_the_notebook,
        every_label_against_every_prediction,
        gradients_pile_up,
        half_the_loss,
        one_step_too_many,
    ],
    "2.9-3": [
        nan_where_the_logarithm_is_unused,
        one_over_x_everywhere,
        floor_under_x,
        only_the_positive_numbers,
    ],
}


def test_loss_gradients_are_those_of_torchs_modules():
    from torch import nn

    from d2lzh_pytorch.exercises.ch02.sec09 import loss_gradients

    net = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    X, y = torch.randn(7, 4), torch.randint(3, (7,))
    nn.CrossEntropyLoss()(net(X), y).backward()
    W1, b1, W2, b2 = (param.detach().t().clone() for param in net.parameters())
    expected = tuple(param.grad.t() for param in net.parameters())
    torch.testing.assert_close(loss_gradients(X, y, W1, b1, W2, b2), expected)


def test_fit_line_finds_least_squares():
    from d2lzh_pytorch.exercises.ch02.sec09 import fit_line

    x = torch.linspace(-1, 1, 9).view(-1, 1)
    y = (3 * x - 0.5).flatten()
    w, b = fit_line(x, y, 0.3, 200)
    assert abs(w - 3) < 1e-4
    assert abs(b + 0.5) < 1e-4


def test_log_gradient_by_hand():
    from d2lzh_pytorch.exercises.ch02.sec09 import log_gradient

    received = log_gradient(torch.tensor([4.0, 0.0, -1.0, 0.5]))
    torch.testing.assert_close(received, torch.tensor([0.25, 0.0, 0.0, 2.0]))
