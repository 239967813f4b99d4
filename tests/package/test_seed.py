import random

import numpy as np
import pytest
import torch
from torch import nn

from d2lzh_pytorch.seed import set_seed


def draw():
    weights = nn.Linear(3, 2).weight.tolist()
    return random.random(), np.random.rand(3).tolist(), torch.randn(4).tolist(), weights


def test_the_same_seed_gives_the_same_numbers():
    set_seed(7)
    first = draw()
    assert draw() != first
    set_seed(7)
    assert draw() == first


def test_each_source_depends_on_the_seed():
    set_seed(1)
    one = draw()
    set_seed(2)
    two = draw()
    assert all(a != b for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_ends_of_the_range(seed):
    set_seed(seed)
    assert torch.initial_seed() == seed


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused_before_anything_is_seeded(seed):
    set_seed(3)
    with pytest.raises(ValueError, match=rf"from 0 to 2\*\*32 - 1, got {seed}"):
        set_seed(seed)
    assert torch.initial_seed() == 3
