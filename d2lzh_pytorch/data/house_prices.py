"""House prices: a table of mixed types with missing values."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from d2lzh_pytorch.data import store
from d2lzh_pytorch.data.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


def load_house_prices(
    root: str | os.PathLike[str] | None = None,
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Return the training and the test table of Kaggle's house prices.

    Kaggle's ``train.csv`` and ``test.csv`` where the reader has put them (``data/kaggle_house``,
    or ``kaggle_house`` in the folder ``D2LZH_DATA``). Else an invented sample of the same form,
    which ships with the course: the same columns, types, categories and gaps. A line says so.

    Parameters
    ----------
    root
        A folder to look for Kaggle's two files in first.

    Returns
    -------
    train : DataFrame
        1460 rows, 81 columns, ``SalePrice`` the last.
    test : DataFrame
        1459 rows, 80 columns.

    Raises
    ------
    DataError
        If a file is damaged, or is not of this form.

    Notes
    -----
    ``NA`` and empty fields are missing values and nothing else is. By itself pandas (from version
    2 on) would also take the ``None`` of ``MasVnrType`` for one, which is a category ("no
    veneer").

    Introduced in section 2.6.
    """
    paths = _find("house-prices", root)
    if paths is None:
        print(
            "Kaggle's house prices not found, an invented sample of the same form stands in. "
            "For the original: put Kaggle's train.csv and test.csv into data/kaggle_house"
        )
        entry = store.data_set("house-prices-sample")
        paths = [store.require(entry, file) for file in entry.files]
    train, test = (_read(path) for path in paths)
    if train.columns[-1] != "SalePrice" or list(train.columns[:-1]) != list(test.columns):
        raise DataError(
            f"{paths[0]} must have the columns of {paths[1]} and then SalePrice; it has "
            f"{len(train.columns)} columns ending in {train.columns[-1]!r}, the other "
            f"{len(test.columns)}. Put Kaggle's two files there, unchanged."
        )
    return train, test


def _find(name: str, root: str | os.PathLike[str] | None) -> list[Path] | None:
    """Return the paths of all files of a data set, or None if one is missing."""
    entry = store.data_set(name)
    found = [store.find(entry, file, root) for file in entry.files]
    paths = [path for path in found if path is not None]
    return paths if len(paths) == len(found) else None


def _read(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_csv(path, keep_default_na=False, na_values=["NA", ""])
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is no table in CSV form: {error}") from error
