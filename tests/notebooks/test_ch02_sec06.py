"""Section 2.6: what is learned from a table comes from the training rows, as in scikit-learn."""

import pandas as pd
import torch

import d2lzh_pytorch as d2l


def test_table_preparer_is_scikit_learns_on_house_prices(definitions, capsys):
    table_preparer, sklearn_preparer = definitions("2.6", "TablePreparer", "sklearn_preparer")
    train, test = (table.drop(columns="Id") for table in d2l.load_house_prices())
    train = train.drop(columns="SalePrice")
    ours, twin = table_preparer().fit(train), sklearn_preparer(train).fit(train)
    for table in (train, test):
        expected = torch.tensor(twin.transform(table), dtype=torch.float32)
        torch.testing.assert_close(ours.transform(table), expected)


def test_table_preparer_learns_from_the_first_table_alone(definitions):
    (table_preparer,) = definitions("2.6", "TablePreparer")
    train = pd.DataFrame({"x": [1.0, 3.0], "same": [2.0, 2.0], "word": ["b", None]})
    other = pd.DataFrame({"x": [5.0, None], "same": [2.0, 3.0], "word": ["c", None]})
    received = table_preparer().fit(train).transform(other)  # columns: x, same, b, missing
    expected = torch.tensor([[3.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    torch.testing.assert_close(received, expected)


def test_encoding_by_label_leaks(definitions):
    (encoded_score,) = definitions("2.6", "encoded_score")
    scores = torch.tensor([[encoded_score(s, leak) for s in range(30)] for leak in (True, False)])
    assert scores[0].mean() > 0.35
    assert scores[1].mean().abs() < 0.1
