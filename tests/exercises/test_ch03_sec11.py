"""Wrong answers to the exercises of section 3.11."""

import torch

from d2lzh_pytorch.exercises.ch03.sec11 import early_stopping


def _errors(x, y, degree, train, valid):
    A = x.unsqueeze(-1) ** torch.arange(degree + 1)
    w = torch.linalg.lstsq(A[train], y[train].unsqueeze(-1)).solution
    return ((A[valid] @ w).squeeze(-1) - y[valid]).square().mean().item()


def _splits(n, k):
    folds = torch.arange(n).tensor_split(k)
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


def _smallest(values):
    return values.index(min(values))


def by_training_error(x, y, max_degree, k):
    everything = torch.arange(len(x))
    return _smallest([_errors(x, y, d, everything, everything) for d in range(max_degree + 1)])


def trains_on_the_validation_fold(x, y, max_degree, k):
    everything = torch.arange(len(x))
    return _smallest(
        [
            sum(_errors(x, y, d, everything, valid) for _, valid in _splits(len(x), k))
            for d in range(max_degree + 1)
        ]
    )


def only_the_first_fold(x, y, max_degree, k):
    train, valid = _splits(len(x), k)[0]
    return _smallest([_errors(x, y, d, train, valid) for d in range(max_degree + 1)])


def leaves_out_the_highest_degree(x, y, max_degree, k):
    splits = _splits(len(x), k)
    return _smallest([sum(_errors(x, y, d, *s) for s in splits) for d in range(max_degree)])


def exchanges_training_and_validation(x, y, max_degree, k):
    splits = [(valid, train) for train, valid in _splits(len(x), k)]
    return _smallest([sum(_errors(x, y, d, *s) for s in splits) for d in range(max_degree + 1)])


def _stop(losses, patience, is_worse):
    waited, best = 0, 0
    for epoch in range(1, len(losses)):
        if is_worse(losses, epoch, best):
            waited += 1
        else:
            waited, best = 0, epoch
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best


def compares_with_the_epoch_before(losses, patience):
    return _stop(losses, patience, lambda values, epoch, best: values[epoch] >= values[epoch - 1])


def a_tie_counts_as_better(losses, patience):
    return _stop(losses, patience, lambda values, epoch, best: values[epoch] > values[best])


def waits_one_epoch_longer(losses, patience):
    return early_stopping(losses, patience + 1)


def keeps_the_last_parameters(losses, patience):
    epoch, _ = early_stopping(losses, patience)
    return epoch, epoch


def never_stops(losses, patience):
    return len(losses) - 1, _smallest(losses)


def counts_all_epochs_without_progress(losses, patience):
    waited, best = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch:
            waited += 1
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best


WRONG = {
    "3.11-1": [
        by_training_error,
        trains_on_the_validation_fold,
        only_the_first_fold,
        leaves_out_the_highest_degree,
        exchanges_training_and_validation,
    ],
    "3.11-2": [
        compares_with_the_epoch_before,
        a_tie_counts_as_better,
        waits_one_epoch_longer,
        keeps_the_last_parameters,
        never_stops,
        counts_all_epochs_without_progress,
    ],
}


def test_stops_at_the_first_long_wait_even_if_better_came_later():
    assert early_stopping([3.0, 2.0, 2.5, 2.6, 1.0], 2) == (3, 1)
