"""Wrong answers to the exercises of section 7.1."""

import math

import torch


def by_the_determinant(H):
    determinant = torch.linalg.det(H)
    if determinant.abs() < 1e-6:
        return "unknown"
    if determinant < 0:
        return "saddle"
    return "minimum" if H[0, 0] > 0 else "maximum"


def by_the_diagonal(H):
    diagonal = H.diagonal()
    if (diagonal > 0).any() and (diagonal < 0).any():
        return "saddle"
    if (diagonal > 0).all():
        return "minimum"
    return "maximum" if (diagonal < 0).all() else "unknown"


def zero_counts_as_positive(H):
    eigenvalues = torch.linalg.eigvalsh(H)
    if (eigenvalues >= -1e-6).all():
        return "minimum"
    return "maximum" if (eigenvalues < 0).all() else "saddle"


def a_zero_decides_nothing(H):
    eigenvalues = torch.linalg.eigvalsh(H)
    if (eigenvalues.abs() <= 1e-6).any():
        return "unknown"
    if (eigenvalues > 0).all():
        return "minimum"
    return "maximum" if (eigenvalues < 0).all() else "saddle"


def rounded_down(lr, c, start, goal):
    return math.floor(math.log(goal / start) / math.log(1 + lr * c))


def always_one_more(lr, c, start, goal):
    return math.floor(math.log(goal / start) / math.log(1 + lr * c)) + 1


def as_if_it_grew_like_e(lr, c, start, goal):
    return math.ceil(math.log(goal / start) / (lr * c))


def with_the_whole_factor(lr, c, start, goal):
    return math.ceil(math.log(goal / start) / math.log(1 + 2 * lr * c))


WRONG = {
    "7.1-1": [
        by_the_determinant,
        by_the_diagonal,
        zero_counts_as_positive,
        a_zero_decides_nothing,
    ],
    "7.1-2": [rounded_down, always_one_more, as_if_it_grew_like_e, with_the_whole_factor],
}


def test_escape_steps_is_what_descent_needs():
    from d2lzh_pytorch.exercises.ch07.sec01 import escape_steps

    y, steps = 1e-6, 0
    while y < 1:
        y -= 0.1 * -2 * y
        steps += 1
    assert escape_steps(0.1, 2.0, 1e-6, 1.0) == steps


def test_classify_knows_the_functions_of_the_section():
    from torch.autograd.functional import hessian

    from d2lzh_pytorch.exercises.ch07.sec01 import classify

    def kind(f):
        return classify(hessian(f, torch.zeros(2)))

    assert kind(lambda v: v[0] ** 2 - v[1] ** 2) == "saddle"
    assert kind(lambda v: v[0] ** 2 + v[1] ** 3) == "unknown"
    assert kind(lambda v: v[0] ** 2 + v[1] ** 2) == "minimum"
