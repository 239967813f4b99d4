"""Wrong answers to the exercises of section 3.6."""

import torch


def only_first_choice(scores, y, k):
    return (scores.argmax(dim=1) == y).float().mean().item()


def lowest_scores(scores, y, k):
    best = scores.argsort(dim=1)[:, :k]
    return (best == y.unsqueeze(1)).any(dim=1).float().mean().item()


def counts_instead_of_share(scores, y, k):
    return (scores.topk(k, dim=1).indices == y.unsqueeze(1)).any(dim=1).sum().item()


def recall(matrix):
    return matrix.diagonal() / matrix.sum(dim=1).clamp(min=1)


def nan_for_empty_column(matrix):
    return matrix.diagonal() / matrix.sum(dim=0)


def one_number(matrix):
    return matrix.diagonal().sum() / matrix.sum().clamp(min=1)


def whole_column_share(matrix):
    return matrix / matrix.sum(dim=0).clamp(min=1)


WRONG = {
    "3.6-1": [only_first_choice, lowest_scores, counts_instead_of_share],
    "3.6-2": [recall, nan_for_empty_column, one_number, whole_column_share],
}


def test_reference_against_a_hand_count():
    from d2lzh_pytorch.exercises.ch03.sec06 import precision, top_k_accuracy

    scores = torch.tensor([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    assert top_k_accuracy(scores, torch.tensor([1, 0]), 2) == 0.5
    assert precision(torch.tensor([[3, 1], [1, 3]])).tolist() == [0.75, 0.75]
