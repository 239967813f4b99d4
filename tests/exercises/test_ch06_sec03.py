"""Wrong answers to the exercises of section 6.3."""

from collections import Counter

import torch

from d2lzh_pytorch.data.sequences import data_iter_random


def label_of_the_last_forgotten(length, batch_size, num_steps, epochs):
    return length // num_steps // batch_size * epochs


def rounded_up(length, batch_size, num_steps, epochs):
    return -(-((length - 1) // num_steps) // batch_size) * epochs


def one_epoch(length, batch_size, num_steps, epochs):
    return (length - 1) // num_steps // batch_size


def consecutive(length, batch_size, num_steps, epochs):
    return (length // batch_size - 1) // num_steps * epochs


def _encode(vocab, text):
    index = {char: i for i, char in enumerate(vocab)}
    return [index.get(char, index.get("□", 0)) for char in text]


def in_order_of_appearance(train_text, valid_text, min_freq):
    frequent = [c for c, count in Counter(train_text).items() if count >= min_freq]
    return _encode(["□", *frequent], valid_text)


def vocabulary_from_both(train_text, valid_text, min_freq):
    counts = Counter(train_text + valid_text)
    return _encode(sorted({c for c in counts if counts[c] >= min_freq} | {"□"}), valid_text)


def more_than_min_freq(train_text, valid_text, min_freq):
    counts = Counter(train_text)
    return _encode(sorted({c for c in counts if counts[c] > min_freq} | {"□"}), valid_text)


def unknown_left_out(train_text, valid_text, min_freq):
    counts = Counter(train_text)
    vocab = sorted({c for c in counts if counts[c] >= min_freq} | {"□"})
    return [vocab.index(char) for char in valid_text if char in vocab]


def overlapping(corpus, num_steps, shift):
    corpus = corpus[shift:]
    X = corpus[:-1].unfold(0, num_steps, 1)
    return X, corpus[1:].unfold(0, num_steps, 1)


def label_not_counted(corpus, num_steps, shift):
    corpus = corpus[shift:]
    count = (len(corpus) - 2) // num_steps
    used = count * num_steps
    return corpus[:used].view(-1, num_steps), corpus[1 : used + 1].view(-1, num_steps)


def labels_are_the_next_window(corpus, num_steps, shift):
    corpus = corpus[shift:]
    used = (len(corpus) - num_steps) // num_steps * num_steps
    X = corpus[:used].view(-1, num_steps)
    return X, corpus[num_steps : used + num_steps].view(-1, num_steps)


def shift_ignored(corpus, num_steps, shift):
    used = (len(corpus) - 1) // num_steps * num_steps
    return corpus[:used].view(-1, num_steps), corpus[1 : used + 1].view(-1, num_steps)


WRONG = {
    "6.3-1": [label_of_the_last_forgotten, rounded_up, one_epoch, consecutive],
    "6.3-2": [in_order_of_appearance, vocabulary_from_both, more_than_min_freq, unknown_left_out],
    "6.3-3": [overlapping, label_not_counted, labels_are_the_next_window, shift_ignored],
}


def test_batches_are_those_of_the_sampler():
    from d2lzh_pytorch.exercises.ch06.sec03 import batches_needed

    for length, batch_size, num_steps in ((30, 2, 6), (31, 5, 6), (1000, 7, 11)):
        count = sum(1 for _ in data_iter_random(range(length), batch_size, num_steps))
        assert batches_needed(length, batch_size, num_steps, 3) == 3 * count


def test_windows_of_every_shift_cover_the_text():
    from d2lzh_pytorch.exercises.ch06.sec03 import shifted_windows

    starts = set()
    for shift in range(5):
        X, Y = shifted_windows(torch.arange(40), 5, shift)
        assert torch.equal(Y, X + 1)
        starts |= set(X[:, 0].tolist())
    assert starts == set(range(35))
