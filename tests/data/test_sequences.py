"""The two samplers of section 6.3: the book's toy batches, and what holds for every text."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2lzh_pytorch.data.sequences import data_iter_consecutive, data_iter_random

both = pytest.mark.parametrize("data_iter", [data_iter_random, data_iter_consecutive])


def lists(batches):
    return [(X.tolist(), Y.tolist()) for X, Y in batches]


def test_consecutive_batches_of_the_book():
    first, second = lists(data_iter_consecutive(list(range(30)), 2, 6))
    assert first[0] == [[0, 1, 2, 3, 4, 5], [15, 16, 17, 18, 19, 20]]
    assert first[1] == [[1, 2, 3, 4, 5, 6], [16, 17, 18, 19, 20, 21]]
    assert second[0] == [[6, 7, 8, 9, 10, 11], [21, 22, 23, 24, 25, 26]]
    assert second[1] == [[7, 8, 9, 10, 11, 12], [22, 23, 24, 25, 26, 27]]


def test_random_batches_of_the_book():
    batches = lists(data_iter_random(list(range(30)), 2, 6))
    assert len(batches) == 2
    windows = [row for X, _ in batches for row in X]
    assert sorted(windows) == [list(range(start, start + 6)) for start in (0, 6, 12, 18)]
    for X, Y in batches:
        assert [[value + 1 for value in row] for row in X] == Y


def test_random_order_follows_the_seed_and_changes():
    def order():
        return [row[0] for X, _ in lists(data_iter_random(range(1000), 4, 5)) for row in X]

    torch.manual_seed(3)
    first, second = order(), order()
    torch.manual_seed(3)
    assert order() == first
    assert first != second
    assert first != sorted(first)


@both
@pytest.mark.parametrize("make", [list, torch.tensor, lambda x: torch.tensor(x).float()])
def test_batches_are_int64(data_iter, make):
    for X, Y in data_iter(make(list(range(30))), 2, 6):
        assert X.dtype == Y.dtype == torch.int64
        assert X.shape == Y.shape == (2, 6)


@both
def test_device(data_iter):
    for X, Y in data_iter(list(range(30)), 2, 6, torch.device("meta")):
        assert X.device.type == Y.device.type == "meta"
        break


sizes = st.integers(1, 5)


@given(length=st.integers(12, 200), batch_size=sizes, num_steps=sizes)
def test_windows_of_any_text(length, batch_size, num_steps):
    needed = batch_size * (num_steps + 1)
    corpus = list(range(max(length, needed)))
    count = (len(corpus) - 1) // num_steps // batch_size
    batches = lists(data_iter_random(corpus, batch_size, num_steps))
    assert len(batches) == count
    seen = [value for X, _ in batches for row in X for value in row]
    assert len(set(seen)) == len(seen) == count * batch_size * num_steps

    before = None
    batches = lists(data_iter_consecutive(corpus, batch_size, num_steps))
    assert len(batches) == (len(corpus) // batch_size - 1) // num_steps
    for X, Y in batches:
        assert [[value + 1 for value in row] for row in X] == Y
        if before is not None:
            assert [row[0] for row in X] == [row[-1] for row in before]  # each row goes on
        before = Y


@both
@pytest.mark.parametrize(
    ("batch_size", "num_steps", "wrong"),
    [(0, 6, "batch_size"), (2, 0, "num_steps"), (-1, 6, "batch_size"), (2, 1.5, "num_steps")],
)
def test_sizes_must_be_positive_integers(data_iter, batch_size, num_steps, wrong):
    with pytest.raises(ValueError, match=f"{wrong} must be a positive integer, not"):
        next(data_iter(list(range(30)), batch_size, num_steps))


@pytest.mark.parametrize(
    ("data_iter", "enough"), [(data_iter_random, 13), (data_iter_consecutive, 14)]
)
def test_a_text_too_short_is_refused(data_iter, enough):
    assert len(list(data_iter(range(enough), 2, 6))) == 1
    with pytest.raises(
        ValueError, match=rf"at least {enough} characters.*got shape \({enough - 1},\)"
    ):
        next(data_iter(range(enough - 1), 2, 6))


@both
def test_a_matrix_is_no_text(data_iter):
    with pytest.raises(ValueError, match=r"got shape \(30, 1\)"):
        next(data_iter(torch.zeros(30, 1), 2, 6))
