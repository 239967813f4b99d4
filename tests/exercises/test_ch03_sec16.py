"""Wrong answers to the exercises of section 3.16."""

import pandas as pd
import pytest
import torch

from d2lzh_pytorch.exercises.ch03.sec16 import fill_numbers, k_fold_rows


def remainder_dropped(n, k, i):
    size = n // k
    valid = list(range(i * size, (i + 1) * size))
    return [row for row in range(size * k) if row not in valid], valid


def remainder_in_the_last_fold(n, k, i):
    size = n // k
    valid = list(range(i * size, n if i == k - 1 else (i + 1) * size))
    return [row for row in range(n) if row not in valid], valid


def every_kth_row(n, k, i):
    valid = list(range(i, n, k))
    return [row for row in range(n) if row % k != i], valid


def exchanged(n, k, i):
    train, valid = k_fold_rows(n, k, i)
    return valid, train


def shuffled(n, k, i):
    train, valid = k_fold_rows(n, k, i)
    return train[::-1], valid


def means(train, test):
    values = train.select_dtypes("number").mean()
    return train.fillna(values), test.fillna(values)


def median_of_both(train, test):
    values = pd.concat([train, test]).select_dtypes("number").median()
    return train.fillna(values), test.fillna(values)


def each_by_its_own(train, test):
    return tuple(t.fillna(t.select_dtypes("number").median()) for t in (train, test))


def zeros(train, test):
    return tuple(t.fillna(dict.fromkeys(train.select_dtypes("number"), 0)) for t in (train, test))


def texts_too(train, test):
    return tuple(each.fillna("missing") for each in fill_numbers(train, test))


def other_table_left_alone(train, test):
    return train.fillna(train.select_dtypes("number").median()), test


WRONG = {
    "3.16-1": [
        remainder_dropped,
        remainder_in_the_last_fold,
        every_kth_row,
        exchanged,
        shuffled,
    ],
    "3.16-2": [means, median_of_both, each_by_its_own, zeros, texts_too, other_table_left_alone],
}


@pytest.mark.parametrize(("n", "k"), [(10, 3), (1460, 5), (4, 4)])
def test_folds_cover_each_row_once(n, k):
    folds = [k_fold_rows(n, k, i) for i in range(k)]
    assert [row for _, valid in folds for row in valid] == list(range(n))
    assert all(sorted(train + valid) == list(range(n)) for train, valid in folds)
    assert [len(valid) for _, valid in folds] == [
        len(fold) for fold in torch.empty(n).tensor_split(k)
    ]


def test_medians_are_those_of_the_training_table():
    train = pd.DataFrame({"x": [1.0, 2.0, 9.0, None], "t": ["a", None, "b", "c"]})
    test = pd.DataFrame({"x": [None, 100.0], "t": [None, "z"]})
    filled, other = fill_numbers(train, test)
    assert filled["x"].tolist() == [1.0, 2.0, 9.0, 2.0]
    assert other["x"].tolist() == [2.0, 100.0]
    assert filled["t"].isna().tolist() == [False, True, False, False]
    assert train["x"].isna().any()
