"""Wrong answers to the exercises of section 4.6."""

import torch
from torch import nn


def four_bytes_each(net, num_states):
    total = 0
    for param in net.parameters():
        total += param.numel() * 4 * (2 + num_states if param.requires_grad else 1)
    return total


def frozen_count_fully(net, num_states):
    return sum(p.numel() * p.element_size() for p in net.parameters()) * (2 + num_states)


def forgets_the_gradient(net, num_states):
    return sum(p.numel() * p.element_size() * (1 + num_states) for p in net.parameters())


def frozen_take_no_room(net, num_states):
    trained = [p for p in net.parameters() if p.requires_grad]
    return sum(p.numel() * p.element_size() for p in trained) * (2 + num_states)


def one_level_only(batch):
    if isinstance(batch, torch.Tensor):
        return batch.numel() * batch.element_size()
    return sum(item.numel() * item.element_size() for item in batch)


def counts_elements(batch):
    if isinstance(batch, torch.Tensor):
        return batch.numel()
    items = batch.values() if isinstance(batch, dict) else batch
    return sum(counts_elements(item) for item in items) if not isinstance(batch, str) else 0


def forgets_dictionaries(batch):
    if isinstance(batch, torch.Tensor):
        return batch.numel() * batch.element_size()
    if isinstance(batch, list | tuple):
        return sum(forgets_dictionaries(item) for item in batch)
    return 0


WRONG = {
    "4.6-1": [four_bytes_each, frozen_count_fully, forgets_the_gradient, frozen_take_no_room],
    "4.6-2": [one_level_only, counts_elements, forgets_dictionaries],
}


def test_against_a_hand_count():
    from d2lzh_pytorch.exercises.ch04.sec06 import batch_bytes, training_bytes

    assert training_bytes(nn.Linear(3, 2), 2) == 8 * 4 * 4
    assert batch_bytes([torch.zeros(2), (torch.zeros(3, dtype=torch.int64), "x")]) == 8 + 24
