"""Wrong answers to the exercises of section 2.7."""

import torch
from torch.nn.utils.rnn import pad_sequence


def _parts(samples):
    tokens, labels = zip(*samples, strict=True)
    return list(tokens), torch.tensor([len(each) for each in tokens]), torch.tensor(labels)


def time_first(samples):
    tokens, lengths, labels = _parts(samples)
    return pad_sequence(tokens), lengths, labels


def padded_in_front(samples):
    tokens, lengths, labels = _parts(samples)
    return pad_sequence(tokens, batch_first=True, padding_side="left"), lengths, labels


def lengths_by_counting_what_is_not_zero(samples):
    tokens, _, labels = _parts(samples)
    padded = pad_sequence(tokens, batch_first=True)
    return padded, (padded != 0).sum(dim=1), labels


def cut_to_the_shortest(samples):
    tokens, lengths, labels = _parts(samples)
    return torch.stack([each[: lengths.min()] for each in tokens]), lengths, labels


def padded_with_minus_one(samples):
    tokens, lengths, labels = _parts(samples)
    return pad_sequence(tokens, batch_first=True, padding_value=-1), lengths, labels


def in_order_of_length(samples):
    tokens, lengths, labels = _parts(sorted(samples, key=lambda sample: -len(sample[0])))
    return pad_sequence(tokens, batch_first=True), lengths, labels


def weights_not_normalised(labels):
    return 1 / labels.bincount()[labels].float()


def absent_classes_counted(labels):
    counts = labels.bincount()
    return 1 / (len(counts) * counts[labels]).float()


def all_the_same(labels):
    return torch.full((len(labels),), 1 / len(labels))


def weights_of_the_classes(labels):
    _, counts = labels.unique(return_counts=True)
    return 1 / (len(counts) * counts).float()


def in_proportion_to_the_count(labels):
    counts = labels.bincount()[labels].float()
    return counts / counts.sum()


def padded_to_the_longest_of_all(lengths, batches):
    return sum(max(lengths) - lengths[i] for indices in batches for i in indices)


def all_positions(lengths, batches):
    return sum(len(indices) * max(lengths[i] for i in indices) for indices in batches)


def indices_taken_for_lengths(lengths, batches):
    return sum(len(indices) * max(indices) - sum(indices) for indices in batches)


def only_the_last_batch(lengths, batches):
    chosen = [lengths[i] for i in batches[-1]]
    return len(chosen) * max(chosen) - sum(chosen)


WRONG = {
    "2.7-1": [
        time_first,
        padded_in_front,
        lengths_by_counting_what_is_not_zero,
        cut_to_the_shortest,
        padded_with_minus_one,
        in_order_of_length,
    ],
    "2.7-2": [
        weights_not_normalised,
        absent_classes_counted,
        all_the_same,
        weights_of_the_classes,
        in_proportion_to_the_count,
    ],
    "2.7-3": [
        padded_to_the_longest_of_all,
        all_positions,
        indices_taken_for_lengths,
        only_the_last_batch,
    ],
}


def test_balanced_weights_by_hand():
    from d2lzh_pytorch.exercises.ch02.sec07 import balanced_weights

    received = balanced_weights(torch.tensor([0, 0, 0, 1]))
    torch.testing.assert_close(received, torch.tensor([1 / 6, 1 / 6, 1 / 6, 1 / 2]))


def test_padding_by_hand():
    from d2lzh_pytorch.exercises.ch02.sec07 import padding

    assert padding([3, 5, 2, 4], [[0, 1], [2, 3]]) == 2 + 2
    assert padding([3, 5, 2, 4], [[2, 0], [3, 1]]) == 1 + 1
