"""Wrong answers to the exercises of section 2.10."""

import torch


def largest_value(x):
    return x.max()


def larger_on_a_tie(x):
    values, counts = torch.unique(x, return_counts=True)
    return values[counts == counts.max()][-1]


def count_instead_of_value(x):
    return torch.unique(x, return_counts=True)[1].max()


def columns_instead_of_rows(X, max_norm):
    return torch.renorm(X, p=2, dim=1, maxnorm=max_norm)


def all_rows_to_the_limit(X, max_norm):
    return X / X.norm(dim=1, keepdim=True).clamp(min=1e-12) * max_norm


def clamps_elements(X, max_norm):
    return X.clamp(-max_norm, max_norm)


def changes_its_input(X, max_norm):
    return X.renorm_(2, 0, max_norm)


WRONG = {
    "2.10-1": [largest_value, larger_on_a_tie, count_instead_of_value],
    "2.10-2": [
        columns_instead_of_rows,
        all_rows_to_the_limit,
        clamps_elements,
        changes_its_input,
    ],
}


def test_row_norms_are_limited():
    from d2lzh_pytorch.exercises.ch02.sec10 import limit_row_norms

    limited = limit_row_norms(torch.tensor([[3.0, 4.0], [0.3, 0.4]]), 1.0)
    torch.testing.assert_close(limited, torch.tensor([[0.6, 0.8], [0.3, 0.4]]))
