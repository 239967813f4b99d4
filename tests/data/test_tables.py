import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from data_server import fingerprint
from torch.testing import assert_close

from d2lzh_pytorch.data.airfoil import get_data_ch7
from d2lzh_pytorch.data.catalogue import CATALOGUE, DataFile
from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.house_prices import load_house_prices
from d2lzh_pytorch.data.store import REPOSITORY_DATA

SAMPLE = REPOSITORY_DATA / "house_prices"


@pytest.fixture(autouse=True)
def bare_repository(no_repository: Path) -> None:
    """Leave only the house-price sample, whatever a maintainer has put into data/."""
    shutil.copytree(SAMPLE, no_repository / "house_prices")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("urllib.request.urlopen", refuse)


def test_sample_has_the_form_of_the_original(capsys: pytest.CaptureFixture[str]) -> None:
    train, test = load_house_prices()
    (line,) = capsys.readouterr().out.splitlines()
    assert "invented sample" in line
    assert "data/kaggle_house" in line
    assert train.shape == (1460, 81)
    assert test.shape == (1459, 80)
    assert train["Id"].tolist() == list(range(1, 1461))
    assert test["Id"].tolist() == list(range(1461, 2920))
    features = pd.concat([train.iloc[:, 1:-1], test.iloc[:, 1:]])
    assert features.select_dtypes("number").shape[1] == 36
    # As wide as the original, where all its categories occur.
    numeric = features.select_dtypes("number").columns
    features[numeric] = features[numeric].fillna(0)
    assert pd.get_dummies(features, dummy_na=True).shape == (2919, 331)


def test_sample_has_gaps_and_a_skewed_price() -> None:
    train, test = load_house_prices()
    assert train["LotFrontage"].isna().sum() == 259
    assert test["KitchenQual"].isna().sum() == 1
    assert train["SalePrice"].notna().all()
    assert (train["SalePrice"] > 0).all()
    assert train["SalePrice"].skew() > 1
    assert abs(np.log(train["SalePrice"]).skew()) < 0.5
    assert train.loc[train["PoolArea"] == 0, "PoolQC"].isna().all()
    assert train.loc[train["PoolArea"] > 0, "PoolQC"].notna().all()


def test_none_is_a_category() -> None:
    train, _ = load_house_prices()
    assert (train["MasVnrType"] == "None").sum() > 500


@pytest.mark.parametrize("folder", ["kaggle_house", "house-prices-advanced-regression-techniques"])
def test_the_readers_files_come_first(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: str,
) -> None:
    for name, rows in (("train.csv", 3), ("test.csv", 2)):
        (tmp_path / folder).mkdir(exist_ok=True)
        lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()[: rows + 1]
        (tmp_path / folder / name).write_text("\r\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    for tables in (load_house_prices(), load_house_prices(tmp_path / folder)):
        assert [len(table) for table in tables] == [3, 2]
    assert capsys.readouterr().out == ""


def test_one_file_is_not_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copyfile(SAMPLE / "train.csv", tmp_path / "train.csv")
    train, _ = load_house_prices(tmp_path)
    assert len(train) == 1460
    assert "invented sample" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("train", "test", "expected"),
    [
        (b"", b"Id\n1\n", "no table"),
        (b"\xff\xfe\x00", b"Id\n1\n", "no table"),
        (b'Id,SalePrice\n1,"2\n', b"Id\n1\n", "no table"),
        (b"Id,SalePrice\n1,2,3\n1,2,3,4\n", b"Id\n1\n", "no table"),
        (b"Id\n1\n", b"Id\n1\n", "and then SalePrice"),
        (b"Id,Street,SalePrice\n1,Pave,2\n", b"Id\n1\n", "has 3 columns"),
    ],
)
def test_broken_tables(tmp_path: Path, train: bytes, test: bytes, expected: str) -> None:
    (tmp_path / "train.csv").write_bytes(train)
    (tmp_path / "test.csv").write_bytes(test)
    with pytest.raises(DataError, match=expected) as caught:
        load_house_prices(tmp_path)
    assert str(tmp_path / "train.csv") in str(caught.value)


def test_diabetes_stands_in_for_the_airfoil(capsys: pytest.CaptureFixture[str]) -> None:
    features, labels = get_data_ch7()
    (line,) = capsys.readouterr().out.splitlines()
    assert "diabetes" in line
    assert "python -m d2lzh_pytorch data get airfoil" in line
    assert features.shape == (442, 10)
    assert labels.shape == (442,)
    assert features.dtype == labels.dtype == torch.float32
    for tensor in (features, labels):
        assert_close(tensor.mean(0), torch.zeros(tensor.shape[1:]), rtol=0, atol=1e-6)
        assert_close(tensor.std(0, correction=0), torch.ones(tensor.shape[1:]))
    inputs = torch.cat([features, torch.ones(442, 1)], dim=1).double()
    errors = inputs @ torch.linalg.lstsq(inputs, labels.double()).solution - labels
    assert float(errors.square().mean() / 2) == pytest.approx(0.2411, abs=1e-4)


def make_airfoil(folder: Path) -> np.ndarray:
    table = np.random.RandomState(0).rand(1503, 6) * 100
    np.savetxt(folder / "airfoil_self_noise.dat", table, fmt="%.6f", delimiter="\t")
    return table


def test_airfoil_where_the_reader_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = make_airfoil(tmp_path)
    content = (tmp_path / "airfoil_self_noise.dat").read_bytes()
    file = DataFile("airfoil_self_noise.dat", (fingerprint(content, "sha1"),))
    monkeypatch.setitem(
        CATALOGUE, "airfoil", dataclasses.replace(CATALOGUE["airfoil"], files=(file,))
    )
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    features, labels = get_data_ch7()
    assert capsys.readouterr().out == ""
    expected = torch.tensor((table - table.mean(0)) / table.std(0))[:1500].float()
    assert_close(features, expected[:, :5])
    assert_close(labels, expected[:, 5])


def test_another_airfoil_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_airfoil(tmp_path)
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    with pytest.raises(DataError, match="data get airfoil"):
        get_data_ch7()
