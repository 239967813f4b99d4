import re
from pathlib import Path

import pytest

from d2lzh_pytorch.data.catalogue import CATALOGUE, DataSet
from d2lzh_pytorch.data.integrity import find_problem
from d2lzh_pytorch.data.store import REPOSITORY_DATA

ENTRIES = pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE.keys())
SHIPPED = [entry for entry in CATALOGUE.values() if entry.ships]
DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha1:[0-9a-f]{40}")


@ENTRIES
def test_entry_is_complete(entry: DataSet) -> None:
    assert CATALOGUE[entry.name] is entry
    assert entry.title
    assert entry.licence
    assert entry.source
    assert entry.files
    assert entry.folders
    assert all(re.fullmatch(r"\d+\.\d+", section) for section in entry.sections)
    assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in entry.mirrors)
    assert entry.ships or entry.stand_in


@ENTRIES
def test_digests_are_well_formed(entry: DataSet) -> None:
    for file in entry.files:
        assert Path(file.name).name == file.name
        for version in file.versions:
            assert DIGEST.fullmatch(version.digest)
            assert version.size is None or version.size > 0
        # What a program downloads or the repository holds must be checked.
        assert file.versions or not (entry.mirrors or entry.ships)


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.name)
def test_what_ships_is_there_with_its_licence(entry: DataSet) -> None:
    folder = REPOSITORY_DATA / entry.folders[0]
    for file in entry.files:
        assert find_problem(folder / file.name, file) is None
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(file.name in readme for file in entry.files)
    assert re.search(r"^- Source: .+", readme, re.MULTILINE)
    assert re.search(r"^- Licence: .+", readme, re.MULTILINE)
    if "see `LICENSE`" in readme:
        assert "Permission is hereby granted" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_nothing_ships_that_the_catalogue_does_not_know() -> None:
    known = {
        REPOSITORY_DATA / entry.folders[0] / file.name for entry in SHIPPED for file in entry.files
    }
    texts = {path.parent / name for path in known for name in ("README.md", "LICENSE")}
    folders = {path.parent for path in known}
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert known <= found <= known | texts
