import dataclasses
import hashlib
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from data_server import CONTENT, FILE, Server, make_entry

from d2lzh_pytorch.data import integrity, store
from d2lzh_pytorch.data.catalogue import CATALOGUE, DataFile
from d2lzh_pytorch.data.errors import DataError

pytestmark = pytest.mark.usefixtures("no_repository")

DAMAGED = {
    "truncated": CONTENT[:-1],
    "longer": CONTENT + b"\0",
    "empty": b"",
    "changed": CONTENT[:-1] + b"?",
    "foreign": b"<!DOCTYPE html>",
}


def put(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE.name
    path.write_bytes(content)
    return path


def test_order(tmp_path: Path, no_repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = dataclasses.replace(make_entry(), system=(str(tmp_path / "system"),))
    root = tmp_path / "root"
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path / "env"))
    assert store.find(entry, FILE, root) is None
    places = [
        store.cache_dir() / "thing",
        tmp_path / "system",
        no_repository / "thing",
        tmp_path / "env" / "thing",
        root / "thing",
        root,
    ]
    for place in places:  # each one comes before those that are there already
        path = put(place)
        assert store.find(entry, FILE, root) == path


def test_home_sign_in_root() -> None:
    path = put(Path.home() / "somewhere")
    assert store.find(make_entry(), FILE, "~/somewhere") == path


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_file_is_passed_over_with_a_warning(tmp_path: Path, content: bytes) -> None:
    bad = put(tmp_path / "root", content)
    good = put(store.cache_dir() / "thing")
    with pytest.warns(UserWarning, match="is damaged: expected") as record:
        assert store.find(make_entry(), FILE, tmp_path / "root") == good
    assert str(bad) in str(record[0].message)
    assert str(good) in str(record[0].message)
    assert bad.read_bytes() == content


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_error_where_no_copy_is_good(tmp_path: Path, content: bytes) -> None:
    bad = put(store.cache_dir() / "thing", content)
    with pytest.raises(DataError) as caught:
        store.require(make_entry("http://127.0.0.1:9/"), FILE)
    message = str(caught.value)
    assert str(bad) in message
    assert f"expected 256,000 bytes with {FILE.versions[0].digest}" in message
    assert f"found {len(content):,} bytes" in message
    assert "python -m d2lzh_pytorch data get thing" in message
    if len(content) == len(CONTENT):
        assert hashlib.sha256(content).hexdigest() in message
    assert bad.read_bytes() == content


def test_good_copy_gives_no_warning(tmp_path: Path) -> None:
    put(tmp_path)
    put(store.cache_dir() / "thing", b"damaged, but later in the order")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert store.find(make_entry(), FILE, tmp_path) == tmp_path / FILE.name


def test_any_content_where_no_version_is_known(tmp_path: Path) -> None:
    put(tmp_path, b"whatever")
    assert store.find(make_entry(), DataFile(FILE.name), tmp_path) == tmp_path / FILE.name


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = put(tmp_path)

    def refuse(*arguments: object, **options: object) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match="cannot be read") as caught:
        store.find(make_entry(), FILE, tmp_path)
    assert str(bad) in str(caught.value)


def test_a_file_is_hashed_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    digest = hashlib.file_digest

    def count(*arguments: Any) -> Any:
        calls.append(arguments)
        return digest(*arguments)

    monkeypatch.setattr(integrity.hashlib, "file_digest", count)
    path = put(tmp_path)
    for _ in range(3):
        assert store.find(make_entry(), FILE, tmp_path) == path
    assert len(calls) == 1
    path.write_bytes(DAMAGED["changed"])
    os.utime(path, ns=(0, 1))
    with pytest.raises(DataError):
        store.find(make_entry(), FILE, tmp_path)
    assert len(calls) == 2


def test_a_file_of_another_size_is_not_hashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity.hashlib, "file_digest", None)
    put(tmp_path, DAMAGED["truncated"])
    with pytest.raises(DataError, match="found 255,999 bytes"):
        store.find(make_entry(), FILE, tmp_path)


def test_missing_file_is_downloaded_into_the_cache(server: Server) -> None:
    path = store.require(make_entry(server.url("good")), FILE)
    assert path == store.cache_dir() / "thing" / FILE.name
    assert path.read_bytes() == CONTENT
    assert store.require(make_entry("http://127.0.0.1:9/"), FILE) == path


def test_download_goes_to_the_folder_of_the_environment(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path / "mine"))
    path = store.require(make_entry(server.url("good")), FILE)
    assert path == tmp_path / "mine" / "thing" / FILE.name


def test_offline(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D2LZH_OFFLINE", "1")
    with pytest.raises(DataError, match="forbids the network"):
        store.require(make_entry(server.url("good")), FILE)
    assert server.ranges == []


def test_missing_file_without_address(
    tmp_path: Path, no_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def advice() -> str:
        with pytest.raises(DataError, match=r"not on this machine.*https://example.org") as caught:
            store.require(make_entry(), FILE)
        return str(caught.value)

    assert str(store.cache_dir() / "thing") in advice()
    no_repository.mkdir()
    assert str(no_repository / "thing") in advice()
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path / "mine"))
    assert str(tmp_path / "mine" / "thing") in advice()


def test_get_repairs(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = make_entry(server.url("good"))
    monkeypatch.setitem(CATALOGUE, "thing", entry)
    bad = put(store.cache_dir() / "thing", b"broken")
    with pytest.raises(DataError):
        store.require(entry, FILE)
    assert store.get_data("thing") == [bad]
    assert store.require(entry, FILE).read_bytes() == CONTENT
    assert bad.with_name(bad.name + ".damaged").read_bytes() == b"broken"


def test_get_takes_what_is_there(
    server: Server, no_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CATALOGUE, "thing", make_entry(server.url("good")))
    path = put(no_repository / "thing")
    assert store.get_data("thing") == [path]
    assert server.ranges == []


def test_unknown_name() -> None:
    with pytest.raises(DataError, match=r"no data set 'mnist'; there are fashion-mnist, poems"):
        store.get_data("mnist")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", ".cache/d2lzh_pytorch"),
        ("darwin", "Library/Caches/d2lzh_pytorch"),
        ("win32", "AppData/Local/d2lzh_pytorch"),
    ],
)
def test_cache_folder(platform: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA")
    monkeypatch.setattr(store.sys, "platform", platform)
    assert store.cache_dir() == Path.home() / expected


def test_cache_folder_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert store.cache_dir() == tmp_path / "xdg" / "d2lzh_pytorch"
