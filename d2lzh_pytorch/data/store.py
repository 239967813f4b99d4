"""Where the data lies on this machine.

A file is looked for in this order:

1. the folder that the caller names (``root=``), where a loader takes one;
2. the folder in the environment variable ``D2LZH_DATA``;
3. ``data/`` in the repository;
4. folders where a package of the operating system puts it;
5. the user's cache (:func:`cache_dir`);
6. the network, unless ``D2LZH_OFFLINE=1`` forbids it.

Every file is checked against the catalogue before it is used. A damaged or foreign file is passed
over with a warning if a good one follows in this order, so that a broken download somewhere never
stops a lesson; if none follows, it is an error, which names the command that repairs it. Nothing
is ever deleted.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from d2lzh_pytorch import settings
from d2lzh_pytorch.data.catalogue import CATALOGUE, DataFile, DataSet
from d2lzh_pytorch.data.download import download
from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.integrity import find_problem

REPOSITORY_DATA = Path(__file__).resolve().parents[2] / "data"


def cache_dir() -> Path:
    """Return the folder for downloads, where the operating system wants such things."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "d2lzh_pytorch"


def data_set(name: str) -> DataSet:
    """Return an entry of the catalogue.

    Raises
    ------
    DataError
        If there is none of this name.
    """
    if name not in CATALOGUE:
        raise DataError(f"There is no data set {name!r}; there are {', '.join(CATALOGUE)}.")
    return CATALOGUE[name]


def copies(
    entry: DataSet, file: DataFile, root: str | os.PathLike[str] | None = None
) -> Iterator[tuple[Path, str | None]]:
    """Yield each copy of `file` on this machine, in order, with what is wrong with it (or None).

    Parameters
    ----------
    entry, file
        What to look for.
    root
        A folder to look in first.
    """
    seen = set()
    for folder in _folders(entry, root):
        path = folder / file.name
        if path not in seen and path.is_file():
            seen.add(path)
            yield path, find_problem(path, file)


def find(entry: DataSet, file: DataFile, root: str | os.PathLike[str] | None = None) -> Path | None:
    """Return where a good copy of `file` lies, or None if there is no copy at all.

    Raises
    ------
    DataError
        If there are copies, but none is good.
    """
    damaged: list[str] = []
    for path, problem in copies(entry, file, root):
        if problem is None:
            for report in damaged:
                warnings.warn(
                    f"{report}. {path} is used instead; delete the damaged file.", stacklevel=2
                )
            return path
        damaged.append(f"{path} is damaged: {problem}")
    if damaged:
        raise DataError(f"{'. '.join(damaged)}. {remedy(entry)}")
    return None


def require(entry: DataSet, file: DataFile, root: str | os.PathLike[str] | None = None) -> Path:
    """Return where a good copy of `file` lies, after downloading it if there is none.

    Raises
    ------
    DataError
        If it is damaged, or missing and not to be had.
    """
    return find(entry, file, root) or _fetch(entry, file)


def get_data(name: str) -> list[Path]:
    """Make sure that all files of a data set lie on this machine; download what is not good.

    This is ``python -m d2lzh_pytorch data get NAME``. Downloads go into ``$D2LZH_DATA`` if that
    is set, else into the user's cache.

    Parameters
    ----------
    name
        A data set of the catalogue, such as ``"fashion-mnist"``.

    Returns
    -------
    list of Path
        The checked files, in the order of the catalogue.

    Raises
    ------
    DataError
        If a file cannot be had, with the reason and what to do by hand.

    Notes
    -----
    Introduced in section 3.5.
    """
    entry = data_set(name)
    paths = []
    for file in entry.files:
        good = (path for path, problem in copies(entry, file) if problem is None)
        paths.append(next(good, None) or _fetch(entry, file))
    return paths


def _folders(entry: DataSet, root: str | os.PathLike[str] | None) -> Iterator[Path]:
    if root is not None:
        base = Path(root).expanduser()
        yield base
        yield from (base / folder for folder in entry.folders)
    bases = [settings.data_dir(), REPOSITORY_DATA]
    yield from (base / folder for base in bases if base for folder in entry.folders)
    yield from map(Path, entry.system)
    yield from (cache_dir() / folder for folder in entry.folders)


def _fetch(entry: DataSet, file: DataFile) -> Path:
    folder = (settings.data_dir() or cache_dir()) / entry.folders[0]
    if not entry.mirrors:
        raise DataError(f"{file.name} of {entry.name} is not on this machine. {remedy(entry)}")
    return download([mirror + file.name for mirror in entry.mirrors], folder / file.name, file)


def remedy(entry: DataSet) -> str:
    """Say how to get a data set."""
    if entry.mirrors:
        return f"Run `python -m d2lzh_pytorch data get {entry.name}`."
    if entry.ships:
        return f"It belongs to the repository: run `git checkout data/{entry.folders[0]}` there."
    repository = REPOSITORY_DATA if REPOSITORY_DATA.is_dir() else cache_dir()
    folder = (settings.data_dir() or repository) / entry.folders[0]
    return f"Get it from {entry.source} and put it into {folder}."
