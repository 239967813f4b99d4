"""Wrong answers to the exercises of section 2.2, which the check must refuse."""

import torch


def every_pair(y_hat, y):
    return y_hat[:, y]


def largest_probability(y_hat, y):
    return y_hat.max(dim=1).values


def left_as_a_column(y_hat, y):
    return y_hat.gather(1, y.view(-1, 1))


def squared(A, B):
    return ((A.unsqueeze(1) - B.unsqueeze(0)) ** 2).sum(dim=2)


def transposed(A, B):
    return torch.cdist(B, A)


def row_by_row(A, B):
    return ((A[: len(B)] - B[: len(A)]) ** 2).sum(dim=1).sqrt()


def over_all_columns(X, mask):
    return (X * mask).mean(dim=1)


def empty_row_is_nan(X, mask):
    return torch.where(mask, X, 0.0).sum(dim=1) / mask.sum(dim=1)


def nan_times_zero(X, mask):
    return (X * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)


def over_the_whole_matrix(X, mask):
    return X[mask].mean()


WRONG = {
    "2.2-1": [every_pair, largest_probability, left_as_a_column],
    "2.2-2": [squared, transposed, row_by_row],
    "2.2-3": [over_all_columns, empty_row_is_nan, nan_times_zero, over_the_whole_matrix],
}
