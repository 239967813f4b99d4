"""Wrong answers to the exercises of section 3.4."""

import torch
import torch.nn.functional as F


def logarithm_of_the_probabilities(scores, P):
    return -(P * torch.softmax(scores, dim=1).log()).sum(dim=1)


def without_minus(scores, P):
    return (P * F.log_softmax(scores, dim=1)).sum(dim=1)


def over_the_examples(scores, P):
    return -(P * F.log_softmax(scores, dim=0)).sum(dim=1)


def mean_of_the_batch(scores, P):
    return F.cross_entropy(scores, P)


def mean_over_the_classes(scores, P):
    return -(P * F.log_softmax(scores, dim=1)).mean(dim=1)


def only_the_likeliest_label(scores, P):
    return F.cross_entropy(scores, P.argmax(dim=1), reduction="none")


def exchanged(scores, P):
    return -(torch.softmax(scores, dim=1) * P.log()).sum(dim=1)


def only_the_diagonal(o):
    p = torch.softmax(o, dim=0)
    return (p * (1 - p)).diag()


def plus_the_outer_product(o):
    p = torch.softmax(o, dim=0)
    return p.diag() + p.outer(p)


def without_the_diagonal_matrix(o):
    p = torch.softmax(o, dim=0)
    return -p.outer(p)


def vector_instead_of_diagonal_matrix(o):
    p = torch.softmax(o, dim=0)
    return p - p.outer(p)


def exponentials_that_overflow(o):
    p = o.exp() / o.exp().sum()
    return p.diag() - p.outer(p)


WRONG = {
    "3.4-1": [
        logarithm_of_the_probabilities,
        without_minus,
        over_the_examples,
        mean_of_the_batch,
        mean_over_the_classes,
        only_the_likeliest_label,
        exchanged,
    ],
    "3.4-2": [
        only_the_diagonal,
        plus_the_outer_product,
        without_the_diagonal_matrix,
        vector_instead_of_diagonal_matrix,
        exponentials_that_overflow,
    ],
}


def test_soft_cross_entropy_is_torchs():
    from d2lzh_pytorch.exercises.ch03.sec04 import soft_cross_entropy

    scores, P = torch.randn(7, 4), torch.softmax(torch.randn(7, 4), dim=1)
    expected = F.cross_entropy(scores, P, reduction="none")
    torch.testing.assert_close(soft_cross_entropy(scores, P), expected)


def test_softmax_jacobian_is_that_of_autograd():
    from d2lzh_pytorch.exercises.ch03.sec04 import softmax_jacobian

    o = torch.randn(6)
    expected = torch.autograd.functional.jacobian(lambda o: torch.softmax(o, dim=0), o)
    torch.testing.assert_close(softmax_jacobian(o), expected)
