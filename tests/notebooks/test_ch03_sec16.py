"""Section 3.16 on files of exactly Kaggle's form, in the place where a reader puts them."""

import math

import pandas as pd
import pytest
import torch
from torch import nn

import d2lzh_pytorch as d2l
from tools import make_house_prices
from tools.lessons import select
from tools.notebook import read


@pytest.fixture
def kaggle(tmp_path, monkeypatch):
    """A folder with other houses than the sample's as Kaggle's two files; D2LZH_DATA names it."""
    folder = tmp_path / "kaggle_house"
    folder.mkdir()
    monkeypatch.setattr(make_house_prices, "SEED", make_house_prices.SEED + 1)
    make_house_prices.make_house_prices(folder)
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    return folder


@pytest.fixture
def tables(kaggle):
    train, test = d2l.load_house_prices()
    prices = torch.tensor(train["SalePrice"].to_numpy(dtype="float32")).reshape(-1, 1)
    return train.drop(columns=["Id", "SalePrice"]), test.drop(columns="Id"), prices


def test_whole_notebook_on_kaggles_files(kaggle, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(d2l.plt, "show", lambda: None)
    (lesson,) = select(["3.16"])
    namespace = {"__name__": "section_3.16"}
    for cell in read(lesson.path).cells:
        if cell.cell_type == "code" and "nbval-skip" not in cell.metadata.get("tags", []):
            exec(compile(cell.source, "3.16", "exec"), namespace)

    written = pd.read_csv(kaggle / "train.csv", keep_default_na=False)
    assert namespace["prices"].flatten().tolist() == written["SalePrice"].tolist()
    output = capsys.readouterr().out
    assert "invented" not in output
    assert "(1460, 81) (1459, 80)" in output
    assert "(2919, 331)" in output

    submission = pd.read_csv(tmp_path / "submission.csv")
    assert list(submission.columns) == ["Id", "SalePrice"]
    assert submission["Id"].tolist() == list(range(1461, 2920))
    assert submission["SalePrice"].between(1_000, 10_000_000).all()


def test_training_on_kaggles_files(definitions, tables):
    k_fold, make_net, loss = definitions("3.16", "k_fold", "log_linear", "log_mse")
    table, _, prices = tables
    settings = {"num_epochs": 8, "lr": 0.01, "weight_decay": 0.003}
    histories = k_fold(2, table, prices, make_net, loss, **settings)
    assert histories.shape == (2, 8, 2)
    assert (histories[:, -1] < 0.22).all()
    assert (histories[:, -1] > 0.08).all()


def test_features_by_hand(definitions):
    fit_table, to_features = definitions("3.16", "fit_table", "to_features")
    train = pd.DataFrame({"a": [1.0, 3.0, None], "t": ["x", None, "y"], "same": [5, 5, 5]})
    fitted = fit_table(train)
    scale = 1 / math.sqrt(2)  # the standard deviation of 1 and 3 is the root of 2
    expected = [[-scale, 0, 1, 0, 0], [scale, 0, 0, 0, 1], [0, 0, 0, 1, 0]]
    torch.testing.assert_close(to_features(train, fitted), torch.tensor(expected))

    test = pd.DataFrame({"a": [None, 2.0], "t": ["new", "y"], "same": [6, 5]})
    expected = [[0.0, 1, 0, 0, 0], [0, 0, 0, 1, 0]]
    torch.testing.assert_close(to_features(test, fitted), torch.tensor(expected))


def test_text_columns_of_either_pandas(definitions, tables):
    """The text columns are of type object in pandas 2 and str in pandas 3."""
    fit_table, to_features = definitions("3.16", "fit_table", "to_features")
    train, test, _ = tables
    texts = train.columns.difference(train.select_dtypes("number").columns)
    old_train, old_test = (table.astype(dict.fromkeys(texts, object)) for table in (train, test))
    old = to_features(old_test, fit_table(old_train))
    new = to_features(test, fit_table(train))
    assert new.dtype == torch.float32
    assert new.isfinite().all()
    torch.testing.assert_close(new, old)


def test_statistics_come_from_the_training_rows(definitions, tables):
    (get_k_fold_data,) = definitions("3.16", "get_k_fold_data")
    table, _, prices = tables
    before, valid = get_k_fold_data(5, 2, table, prices)
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    rows = order.tensor_split(5)[2].tolist()
    torch.testing.assert_close(prices[rows], valid[1])

    changed = table.copy()
    areas = changed.columns.get_loc("LotArea")
    changed.iloc[rows, areas] = 10_000_000
    changed.iloc[rows, changed.columns.get_loc("Street")] = "Gold"
    after, changed_valid = get_k_fold_data(5, 2, changed, prices)
    torch.testing.assert_close(after, before)
    assert changed_valid[0].shape == valid[0].shape
    assert not torch.equal(changed_valid[0], valid[0])
    numbers = table.select_dtypes("number").shape[1]
    torch.testing.assert_close(
        before[0][:, :numbers].mean(dim=0), torch.zeros(numbers), atol=1e-4, rtol=0
    )


@pytest.mark.parametrize(("n", "k"), [(20, 5), (23, 4)])
def test_folds_hold_each_row_once(definitions, n, k):
    (get_k_fold_data,) = definitions("3.16", "get_k_fold_data")
    table = pd.DataFrame({"a": range(n), "t": ["x", *"y" * (n - 1)]})
    labels = torch.arange(n).reshape(-1, 1)
    folds = [get_k_fold_data(k, i, table, labels) for i in range(k)]
    seen = torch.cat([valid[1] for _, valid in folds]).flatten()
    assert sorted(seen.tolist()) == list(range(n))
    for train, valid in folds:
        assert len(train[0]) == len(train[1])
        assert sorted([*train[1].flatten().tolist(), *valid[1].flatten().tolist()]) == [*range(n)]


def test_log_rmse_by_hand(definitions):
    (log_rmse,) = definitions("3.16", "log_rmse")
    predicted, prices = torch.tensor([[200.0], [50.0]]), torch.tensor([[100.0], [100.0]])
    assert log_rmse(nn.Identity(), predicted, prices) == pytest.approx(math.log(2))
    # a prediction below 1 counts as 1
    below = torch.tensor([[-5.0]])
    assert log_rmse(nn.Identity(), below, prices[:1]) == pytest.approx(math.log(100))


def test_submission_keeps_the_ids(definitions, tmp_path):
    (write_submission,) = definitions("3.16", "write_submission")
    ids = pd.Series([1463, 1461, 1462], index=[7, 8, 9])
    write_submission(nn.Identity(), torch.tensor([[3.0], [1.0], [2.0]]), ids, tmp_path / "s.csv")
    text = (tmp_path / "s.csv").read_text()
    assert text.split() == ["Id,SalePrice", "1463,3.0", "1461,1.0", "1462,2.0"]
