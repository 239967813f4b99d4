"""Wrong answers to the exercises of section 2.5, which the check must refuse."""

import torch


def length_taken_for_a_constant(X, grad_output):
    return grad_output / X.norm(dim=1, keepdim=True)


def not_divided_by_the_length(X, grad_output):
    Y = X / X.norm(dim=1, keepdim=True)
    return grad_output - Y * (Y * grad_output).sum(dim=1, keepdim=True)


def without_grad_output(X, grad_output):
    leaf = X.clone().requires_grad_()
    (leaf / leaf.norm(dim=1, keepdim=True)).sum().backward()
    return leaf.grad


def length_of_the_whole_matrix(X, grad_output):
    Y = X / X.norm()
    return (grad_output - Y * (Y * grad_output).sum()) / X.norm()


def diagonal_only(f, x):
    return torch.diag(torch.autograd.functional.hessian(f, x).diagonal())


def summed_over_rows(f, x):
    leaf = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    return torch.autograd.grad(gradient.sum(), leaf)[0]


def outer_product_of_the_gradient(f, x):
    leaf = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(leaf), leaf)
    return torch.outer(gradient, gradient)


def halved(f, x):
    return torch.autograd.functional.hessian(f, x) / 2


WRONG = {
    "2.5-1": [
        length_taken_for_a_constant,
        not_divided_by_the_length,
        without_grad_output,
        length_of_the_whole_matrix,
    ],
    "2.5-2": [
        diagonal_only,
        summed_over_rows,
        outer_product_of_the_gradient,
        halved,
    ],
}
