"""``data list|get|verify``, and what doctor says about data, on a catalogue of two data sets."""

import hashlib
import http.server
import os
import threading
from functools import partial
from pathlib import Path

import pytest

from d2lzh_pytorch.__main__ import main
from d2lzh_pytorch.commands.data_state import check_data
from d2lzh_pytorch.commands.findings import OK, PROBLEM, WARNING
from d2lzh_pytorch.data import store
from d2lzh_pytorch.data.catalogue import CATALOGUE, DataFile, DataSet, Fingerprint

GOOD = b"one, two, three\n"
VERSION = Fingerprint(f"sha256:{hashlib.sha256(GOOD).hexdigest()}", len(GOOD))


def entry(name: str, **more) -> DataSet:
    return DataSet(
        name=name,
        title=f"The title of {name}",
        licence="CC0",
        source="https://example.org",
        sections=("1.1", "2.2"),
        files=more.pop("files", (DataFile("numbers.txt", (VERSION,)),)),
        folders=(name,),
        **more,
    )


@pytest.fixture
def places(monkeypatch, tmp_path) -> dict[str, Path]:
    """A catalogue and look-up places of our own: the shipped set is there, the others are not."""
    for name in list(CATALOGUE):
        monkeypatch.delitem(CATALOGUE, name)
    shipped = entry("shipped", ships=True)
    free = entry("free", files=(DataFile("any.csv"),), stand_in="shipped")
    for each in (shipped, free):
        monkeypatch.setitem(CATALOGUE, each.name, each)
    monkeypatch.setattr(store, "REPOSITORY_DATA", tmp_path / "repository")
    monkeypatch.setattr(store, "cache_dir", lambda: tmp_path / "cache")
    for name in [name for name in os.environ if name.startswith("D2LZH_")]:
        monkeypatch.delenv(name)
    put(tmp_path / "repository" / "shipped")
    return {name: tmp_path / name for name in ("repository", "cache", "server")}


@pytest.fixture
def downloadable(places, monkeypatch):
    """Add a data set that a server on this machine has."""
    put(places["server"])
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=places["server"])
    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "log_message", lambda *a: None)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        mirrors = (f"http://127.0.0.1:{server.server_port}/",)
        monkeypatch.setitem(CATALOGUE, "remote", entry("remote", mirrors=mirrors))
        yield places
        server.shutdown()


def put(folder: Path, content: bytes = GOOD, name: str = "numbers.txt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


# --- list ---------------------------------------------------------------------------------------


def test_list(places, capsys):
    assert main(["data", "list"]) == 0
    shipped, free = capsys.readouterr().out.strip().split("\n\n")
    assert shipped.splitlines() == [
        "shipped (0.0 MB; CC0)",
        "    The title of shipped",
        "    sections: 1.1, 2.2",
        f"    found in {places['repository'] / 'shipped'}",
    ]
    assert "free (size not known; CC0)" in free
    assert "missing: Get it from https://example.org" in free
    assert "until then the lessons use shipped" in free


def test_list_tells_damage(places, capsys):
    put(places["repository"] / "shipped", b"one")
    assert main(["data", "list"]) == 0
    assert "damaged: It belongs to the repository: run `git" in capsys.readouterr().out


# --- verify -------------------------------------------------------------------------------------


def test_verify(places, capsys):
    assert main(["data", "verify"]) == 0
    out = capsys.readouterr().out
    assert f"ok       shipped/numbers.txt  {places['repository']}" in out
    assert "missing  free/any.csv\n         Get it from https://example.org" in out


@pytest.mark.parametrize("content", [b"", GOOD[:-1], b"One, two, three\n", GOOD + b"\n"])
def test_verify_damaged(places, capsys, content):
    path = put(places["repository"] / "shipped", content)
    assert main(["data", "verify"]) == 1
    out = capsys.readouterr().out
    assert f"damaged  shipped/numbers.txt  {path}: " in out
    assert "run `git" in out


def test_verify_missing_although_it_ships(places):
    (places["repository"] / "shipped" / "numbers.txt").unlink()
    assert main(["data", "verify"]) == 1
    assert main(["data", "verify", "shipped"]) == 1


def test_verify_by_name(places, capsys):
    assert main(["data", "verify", "shipped"]) == 0
    assert "free" not in capsys.readouterr().out
    assert main(["data", "verify", "free"]) == 1  # it was asked for
    put(places["cache"] / "free", b"anything", name="any.csv")
    assert main(["data", "verify", "free"]) == 0
    assert "found    free/any.csv" in capsys.readouterr().out


def test_verify_names_a_damaged_copy_beside_a_good_one(places, capsys):
    broken = put(places["cache"] / "shipped", b"broken")
    assert main(["data", "verify"]) == 1
    out = capsys.readouterr().out
    assert f"damaged  shipped/numbers.txt  {broken}" in out
    assert "ok       shipped/numbers.txt" in out


# --- get ----------------------------------------------------------------------------------------


def test_get_downloads_into_the_cache(downloadable, capsys):
    assert main(["data", "get", "remote"]) == 0
    path = downloadable["cache"] / "remote" / "numbers.txt"
    assert path.read_bytes() == GOOD
    assert f"ok  {path}" in capsys.readouterr().out
    assert main(["data", "verify", "remote"]) == 0


def test_get_repairs_and_keeps_what_is_good(downloadable, capsys):
    path = put(downloadable["cache"] / "remote", b"broken")
    assert main(["data", "get", "remote"]) == 0
    assert path.read_bytes() == GOOD
    put(downloadable["server"], b"the server has changed its mind")
    assert main(["data", "get", "remote"]) == 0
    assert path.read_bytes() == GOOD


def test_get_refuses_wrong_bytes(downloadable, capsys):
    put(downloadable["server"], b"something else")
    assert main(["data", "get", "remote"]) == 1
    assert "numbers.txt could not be downloaded" in capsys.readouterr().err
    assert not (downloadable["cache"] / "remote" / "numbers.txt").exists()


def test_get_offline(downloadable, monkeypatch, capsys):
    monkeypatch.setenv("D2LZH_OFFLINE", "1")
    assert main(["data", "get", "remote"]) == 1
    assert "D2LZH_OFFLINE=1 forbids the network" in capsys.readouterr().err


def test_get_what_cannot_be_downloaded(places, capsys):
    assert main(["data", "get", "free"]) == 1
    assert "Get it from https://example.org" in capsys.readouterr().err
    assert main(["data", "get", "shipped"]) == 0


# --- usage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["get", "verify"])
def test_unknown_name(places, capsys, action):
    assert main(["data", action, "fashion"]) == 2
    assert "there are shipped, free" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["data"], ["data", "get"], ["nonsense"], ["data", "x"]])
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: python -m d2lzh_pytorch" in capsys.readouterr().err


def test_broken_installation_points_to_the_doctor(monkeypatch, capsys):
    def broken(entry):
        raise ModuleNotFoundError("No module named 'tqdm'")

    monkeypatch.setattr("d2lzh_pytorch.commands.data.look", broken)
    assert main(["data", "list"]) == 1
    assert "No module named 'tqdm'. What to do: python -m d2lzh_pytorch doctor" in (
        capsys.readouterr().err
    )


# --- doctor -------------------------------------------------------------------------------------


def test_doctor_finds_data_in_order(places):
    (found,) = check_data()
    assert found.level == OK
    assert found.text == "verified: shipped; not here, and replaced in the lessons: free"


def test_doctor_finds_damaged_data(places):
    path = put(places["repository"] / "shipped", b"broken")
    found, summary = check_data()
    assert found.level == PROBLEM
    assert f"{path} of shipped is damaged" in found.text
    assert "run `git" in found.repair
    assert "verified: nothing" in summary.text


def test_doctor_finds_missing_data(places):
    (places["repository"] / "shipped" / "numbers.txt").unlink()
    found, _ = check_data()
    assert found.level == PROBLEM
    assert "numbers.txt of shipped is missing" in found.text


def test_doctor_finds_a_damaged_copy(places):
    put(places["cache"] / "shipped", b"broken")
    found, _ = check_data()
    assert found.level == WARNING
    assert f"{places['repository'] / 'shipped' / 'numbers.txt'} is used instead" in found.text
    assert found.repair == "delete the damaged file"


def test_doctor_names_the_command_that_downloads(downloadable):
    put(downloadable["cache"] / "remote", b"broken")
    found, _ = check_data()
    assert "python -m d2lzh_pytorch data get remote" in found.repair
