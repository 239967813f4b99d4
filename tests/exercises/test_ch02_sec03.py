"""Wrong answers to the exercises of section 2.3, which the check must refuse."""

import torch


def adds_to_what_was_there(f, x):
    x.requires_grad_()
    f(x).backward()
    return x.grad


def forward_difference(f, x):
    x, h = x.detach(), 0.01
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        moved = x.clone()
        moved.view(-1)[i] += h
        gradient.view(-1)[i] = (f(moved) - f(x)) / h
    return gradient


def steps_along_the_gradient(f, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    with torch.no_grad():
        x -= leaf.grad
    return leaf.grad


def gradient_of_the_sum(f, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward()
    return leaf.grad


def transposed(f, x):
    return torch.autograd.functional.jacobian(f, x).T


def accumulated_rows(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    rows = []
    for value in y:
        value.backward(retain_graph=True)
        rows.append(leaf.grad.clone())
    return torch.stack(rows)


def diagonal_only(f, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward()
    return torch.diag(leaf.grad)


WRONG = {
    "2.3-1": [
        adds_to_what_was_there,
        forward_difference,
        steps_along_the_gradient,
    ],
    "2.3-2": [gradient_of_the_sum, transposed, accumulated_rows, diagonal_only],
}
