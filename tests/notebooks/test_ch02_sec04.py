"""Section 2.4: what the notebook builds, against torch."""

import itertools
import math
import struct

import pytest
import torch

STORAGE = torch.arange(240.0)
VIEWS = [
    STORAGE.view(4, 5, 12).permute(2, 0, 1),
    STORAGE[7::3],
    STORAGE.view(12, 20)[2::3, 1::4],
    STORAGE.view(12, 20).diagonal(),
    STORAGE.unfold(0, 5, 2),
    STORAGE[3].expand(2, 3),
    STORAGE[11],
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: str(view.stride()))
def test_position(definitions, view):
    (position,) = definitions("2.4", "position")
    for index in itertools.product(*map(range, view.shape)):
        assert view[index].item() == position(view, index)


@pytest.mark.parametrize("value", [0.0, -0.0, 1.0, -2.5, 0.1, 3e38, 1e-45, math.inf, -math.inf])
def test_bits(definitions, value):
    (bits,) = definitions("2.4", "bits")
    expected = f"{struct.unpack('>I', struct.pack('>f', value))[0]:032b}"
    sign, exponent, fraction = bits(value).split()
    assert (len(sign), len(exponent), len(fraction)) == (1, 8, 23)
    assert sign + exponent + fraction == expected


def test_add_by_loop_forward_and_gradient(definitions):
    (add_by_loop,) = definitions("2.4", "add_by_loop")
    x, y = (torch.randn(6, requires_grad=True) for _ in range(2))
    weights = torch.randn(6)
    torch.testing.assert_close(add_by_loop(x, y), x + y)
    grads = torch.autograd.grad((add_by_loop(x, y) * weights).sum(), (x, y))
    torch.testing.assert_close(grads, (weights, weights))
