"""Section 5.2: sizes, padding and coverage against torch, and the shapes of the books."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close


@pytest.mark.parametrize("p", [0, 1, 3])
def test_padding_is_that_of_torch(definitions, p):
    (pad2d,) = definitions("5.2", "pad2d")
    X = torch.randn(4, 6, requires_grad=True)
    mine, theirs = pad2d(X, p), F.pad(X, (p, p, p, p))
    assert_close(mine, theirs)
    G = torch.randn(theirs.shape)
    assert_close(torch.autograd.grad(mine, X, G), torch.autograd.grad(theirs, X, G))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"kernel_size": 3, "padding": 1}, (8, 8)),
        ({"kernel_size": (5, 3), "padding": (2, 1)}, (8, 8)),
        ({"kernel_size": 3, "padding": 1, "stride": 2}, (4, 4)),
        ({"kernel_size": (3, 5), "padding": (0, 1), "stride": (3, 4)}, (2, 2)),
    ],
)
def test_shapes_of_the_book(definitions, settings, expected):
    (shape_after,) = definitions("5.2", "shape_after")
    assert shape_after(nn.Conv2d(1, 1, **settings), 8, 8) == expected


@pytest.mark.parametrize(
    ("n", "k", "p", "s", "expected"),
    [
        (4, 2, 0, 1, 3),
        (7, 3, 1, 1, 7),
        (4, 3, 1, 1, 4),
        (4, 3, 1, 3, 2),
        (600, 9, 0, 3, 198),
        (500, 9, 0, 3, 164),
        (224, 7, 3, 2, 112),
    ],
)
def test_sizes_of_the_other_books(definitions, n, k, p, s, expected):
    output_size, starts = definitions("5.2", "output_size", "starts")
    assert output_size(n, k, p, s) == len(starts(n, k, p, s)) == expected


def test_size_is_that_of_torch(definitions):
    output_size, starts = definitions("5.2", "output_size", "starts")
    for n in range(1, 10):
        for k, p, s in ((1, 0, 1), (2, 1, 2), (3, 0, 2), (3, 1, 3), (5, 2, 4)):
            if k <= n + 2 * p:
                expected = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), None, s, p)
                assert output_size(n, k, p, s) == len(starts(n, k, p, s)) == expected.shape[-1]


def test_coverage_counts_the_windows(definitions):
    coverage, starts = definitions("5.2", "coverage", "starts")
    for n, k, p, s in ((6, 3, 0, 1), (6, 3, 1, 1), (8, 3, 0, 2), (9, 4, 2, 3)):
        hits = [
            sum(start <= cell + p < start + k for start in starts(n, k, p, s)) for cell in range(n)
        ]
        hits = torch.tensor(hits, dtype=torch.int32)
        assert torch.equal(coverage(n, k, p, s), torch.outer(hits, hits))


def test_influence_reaches_as_far_as_the_formula_says(definitions):
    (influence,) = definitions("5.2", "influence")
    for layers, side, seen in (
        ([(3, 1, 1)] * 3, 7, 49),
        ([(3, 2, 1)] * 3, 15, 225),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], 15, 225),
        ([(3, 1, 2)] * 3, 13, 49),
    ):
        reached = influence(layers) > 0
        columns = reached.any(dim=0).nonzero()
        assert columns.max() - columns.min() + 1 == side
        assert reached.sum() == seen
