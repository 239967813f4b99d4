"""Wrong answers to the exercises of section 2.6."""

import torch


def _scaled(train, valid, mean, std):
    std = torch.where(std > 0, std, 1.0)
    return tuple((torch.where(X.isnan(), mean, X) - mean) / std for X in (train, valid))


def learned_from_both(train, valid):
    both = torch.cat([train, valid])
    mean = both.nanmean(dim=0)
    return _scaled(train, valid, mean, torch.where(both.isnan(), mean, both).std(0, correction=0))


def each_by_itself(train, valid):
    return tuple(
        _scaled(X, X, X.nanmean(0), torch.where(X.isnan(), X.nanmean(0), X).std(0, correction=0))[0]
        for X in (train, valid)
    )


def filled_with_zero_before(train, valid):
    train, valid = train.nan_to_num(), valid.nan_to_num()
    return _scaled(train, valid, train.mean(0), train.std(0, correction=0))


def divided_by_n_minus_one(train, valid):
    mean = train.nanmean(dim=0)
    return _scaled(train, valid, mean, torch.where(train.isnan(), mean, train).std(0))


def divided_by_zero(train, valid):
    mean = train.nanmean(dim=0)
    filled = [torch.where(X.isnan(), mean, X) for X in (train, valid)]
    return tuple((X - mean) / filled[0].std(0, correction=0) for X in filled)


def holes_left(train, valid):
    mean = train.nanmean(dim=0)
    std = torch.where(train.isnan(), mean, train).std(0, correction=0)
    std = torch.where(std > 0, std, 1.0)
    return (train - mean) / std, (valid - mean) / std


def _encode(categories, values):
    return torch.tensor([[float(value == each) for each in categories] for value in values])


def categories_of_the_values(train, values):
    return _encode([*sorted({word for word in values if word is not None}), None], values)


def categories_in_order_of_appearance(train, values):
    return _encode([*dict.fromkeys(word for word in train if word is not None), None], values)


def no_column_for_what_is_missing(train, values):
    return _encode(sorted({word for word in train if word is not None}), values)


def missing_first(train, values):
    return _encode([None, *sorted({word for word in train if word is not None})], values)


def unknown_taken_for_missing(train, values):
    known = sorted({word for word in train if word is not None})
    return _encode([*known, None], [value if value in known else None for value in values])


def numbers_of_the_categories(train, values):
    known = [*sorted({word for word in train if word is not None}), None]
    return torch.tensor([float(known.index(v)) if v in known else -1.0 for v in values])


def label_of_the_same_day(close):
    change = close[1:] - close[:-1]
    return change[:-1], (change[:-1] > 0).float()


def label_of_yesterday(close):
    change = close[1:] - close[:-1]
    return change[1:], (change[:-1] > 0).float()


def unchanged_counts_as_up(close):
    change = close[1:] - close[:-1]
    return change[:-1], (change[1:] >= 0).float()


def prices_for_changes(close):
    return close[1:-1], (close[2:] > close[1:-1]).float()


def labels_as_booleans(close):
    change = close[1:] - close[:-1]
    return change[:-1], change[1:] > 0


WRONG = {
    "2.6-1": [
        learned_from_both,
        each_by_itself,
        filled_with_zero_before,
        divided_by_n_minus_one,
        divided_by_zero,
        holes_left,
    ],
    "2.6-2": [
        categories_of_the_values,
        categories_in_order_of_appearance,
        no_column_for_what_is_missing,
        missing_first,
        unknown_taken_for_missing,
        numbers_of_the_categories,
    ],
    "2.6-3": [
        label_of_the_same_day,
        label_of_yesterday,
        unchanged_counts_as_up,
        prices_for_changes,
        labels_as_booleans,
    ],
}


def test_standardize_is_scikit_learns():
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from d2lzh_pytorch.exercises.ch02.sec06 import standardize

    train, valid = torch.randn(20, 3), torch.randn(6, 3)
    train[3, 1] = valid[0, 2] = torch.nan
    twin = make_pipeline(SimpleImputer(), StandardScaler()).fit(train.numpy())
    expected = tuple(torch.tensor(twin.transform(X.numpy())).float() for X in (train, valid))
    torch.testing.assert_close(standardize(train, valid), expected)


def test_next_day_by_hand():
    from d2lzh_pytorch.exercises.ch02.sec06 import next_day

    change, up = next_day(torch.tensor([10.0, 12.0, 11.0, 15.0]))
    assert change.tolist() == [2.0, -1.0]
    assert up.tolist() == [0.0, 1.0]
