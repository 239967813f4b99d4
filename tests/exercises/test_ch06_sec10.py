"""Wrong answers to the exercises of section 6.10."""

import torch
from torch import nn


def flipped_whole(X, lengths):
    return X.flip(0)


def flipped_the_rows(X, lengths):
    return X.flip(1)


def longest_only(X, lengths):
    reverse = X.clone()
    longest = int(lengths.max())
    reverse[:longest] = X[:longest].flip(0)
    return reverse


def padding_set_to_zero(X, lengths):
    reverse = torch.zeros_like(X)
    for row, length in enumerate(lengths.tolist()):
        reverse[:length, row] = X[:length, row].flip(0)
    return reverse


def states_of_the_gap(forward, backward, start, stop):
    return torch.cat([forward[start], backward[stop - 1]], dim=1)


def negative_index(forward, backward, start, stop):
    right = backward[stop] if stop < len(backward) else torch.zeros_like(backward[0])
    return torch.cat([forward[start - 1], right], dim=1)


def right_from_forward(forward, backward, start, stop):
    left = forward[start - 1] if start > 0 else torch.zeros_like(forward[0])
    right = forward[stop] if stop < len(forward) else torch.zeros_like(forward[0])
    return torch.cat([left, right], dim=1)


def one_step_gap(forward, backward, start, stop):
    left = forward[start - 1] if start > 0 else torch.zeros_like(forward[0])
    inside = start + 1 < len(backward)
    right = backward[start + 1] if inside else torch.zeros_like(backward[0])
    return torch.cat([left, right], dim=1)


def all_forward_first(outputs):
    h = outputs[0].shape[2] // 2
    return torch.stack([Y[-1, :, :h] for Y in outputs] + [Y[0, :, h:] for Y in outputs])


def last_step_of_both(outputs):
    h = outputs[0].shape[2] // 2
    return torch.stack([half for Y in outputs for half in (Y[-1, :, :h], Y[-1, :, h:])])


def top_layer_first(outputs):
    h = outputs[0].shape[2] // 2
    return torch.stack([half for Y in outputs[::-1] for half in (Y[-1, :, :h], Y[0, :, h:])])


WRONG = {
    "6.10-1": [flipped_whole, flipped_the_rows, longest_only, padding_set_to_zero],
    "6.10-2": [states_of_the_gap, negative_index, right_from_forward, one_step_gap],
    "6.10-3": [all_forward_first, last_step_of_both, top_layer_first],
}


def test_reversed_rows_make_the_backward_direction_of_packed_ones():
    from d2lzh_pytorch.exercises.ch06.sec10 import reverse_padded

    layer = nn.GRU(3, 4, bidirectional=True)
    backward = nn.GRU(3, 4)
    named = layer.state_dict()
    backward.load_state_dict({name: named[f"{name}_reverse"] for name in backward.state_dict()})
    X, lengths = torch.randn(5, 3, 3), torch.tensor([5, 3, 1])
    packed = nn.utils.rnn.pack_padded_sequence(X, lengths)
    Y, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0])
    ours = reverse_padded(backward(reverse_padded(X, lengths))[0], lengths)
    for row, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(ours[:length, row], Y[:length, row, 4:])


def test_states_around_a_gap_have_not_read_it():
    from d2lzh_pytorch.exercises.ch06.sec10 import around_gap

    layer = nn.RNN(2, 3, bidirectional=True)
    X = torch.randn(6, 1, 2)
    changed = X.clone()
    changed[2:4] += 1
    states = [around_gap(*layer(each)[0].split(3, dim=2), 2, 4) for each in (X, changed)]
    torch.testing.assert_close(*states, rtol=0, atol=0)


def test_h_n_is_that_torch_returns():
    from d2lzh_pytorch.exercises.ch06.sec10 import h_n_from_outputs

    lower, upper = nn.GRU(3, 4, bidirectional=True), nn.GRU(8, 4, bidirectional=True)
    both = nn.GRU(3, 4, num_layers=2, bidirectional=True)
    state = lower.state_dict()
    state |= {name.replace("_l0", "_l1"): w for name, w in upper.state_dict().items()}
    both.load_state_dict(state)
    X = torch.randn(5, 2, 3)
    first = lower(X)[0]
    second = upper(first)[0]
    torch.testing.assert_close(h_n_from_outputs([first, second]), both(X)[1])
