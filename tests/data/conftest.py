"""A machine without data of its own."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_server import Server

from d2lzh_pytorch.data import store


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the data, cache and settings of the machine that runs the tests."""
    for name in ("D2LZH_DATA", "D2LZH_OFFLINE", "D2LZH_SMOKE", "D2LZH_DEVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture
def no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the store an empty folder instead of the repository's data, and return it."""
    folder = tmp_path / "repository"
    monkeypatch.setattr(store, "REPOSITORY_DATA", folder)
    return folder


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        server.handle_error = lambda *arguments: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
