import errno
import os
from pathlib import Path
from typing import Any

import pytest
from data_server import CONTENT, FILE, Server, fingerprint

from d2lzh_pytorch.data import download as module
from d2lzh_pytorch.data.catalogue import DataFile, Fingerprint
from d2lzh_pytorch.data.download import download
from d2lzh_pytorch.data.errors import DataError


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / FILE.name


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def assert_arrived(target: Path) -> None:
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_downloads_into_new_folders(server: Server, target: Path) -> None:
    assert download([server.url("good")], target, FILE) == target
    assert_arrived(target)


@pytest.mark.parametrize("behaviour", ["breaks", "nolength"])
def test_goes_on_where_the_connection_broke_off(
    server: Server, target: Path, behaviour: str
) -> None:
    download([server.url(behaviour)], target, FILE)
    assert_arrived(target)
    assert server.ranges == [None, "bytes=100000-"]


def test_goes_on_in_the_next_call(server: Server, target: Path) -> None:
    server.breaks = 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ATTEMPTS", 1)
        with pytest.raises(DataError, match="broke off after 100,000 of 256,000 bytes"):
            download([server.url("breaks")], target, FILE)
    assert not target.exists()
    assert part_of(target).read_bytes() == CONTENT[:100_000]
    download([server.url("good")], target, FILE)
    assert_arrived(target)
    assert server.ranges == [None, "bytes=100000-"]


def test_goes_on_at_a_mirror(server: Server, target: Path) -> None:
    server.breaks = module.ATTEMPTS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ATTEMPTS", 1)
        download([server.url("breaks"), server.url("good")], target, FILE)
    assert_arrived(target)
    assert server.ranges == [None, "bytes=100000-"]


def test_gives_up_after_some_attempts(server: Server, target: Path) -> None:
    server.content = CONTENT * 10
    server.breaks = 100
    file = DataFile(FILE.name, (fingerprint(server.content),))
    with pytest.raises(DataError, match="broke off"):
        download([server.url("breaks")], target, file)
    assert len(server.ranges) == module.ATTEMPTS
    assert part_of(target).stat().st_size == 100_000 * module.ATTEMPTS


def test_server_without_ranges_starts_anew(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(CONTENT[:1000])
    download([server.url("norange")], target, FILE)
    assert_arrived(target)
    assert server.ranges == ["bytes=1000-"]


def test_part_of_another_file_is_discarded(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(b"something else")
    download([server.url("good")], target, FILE)
    assert_arrived(target)
    assert server.ranges == ["bytes=14-", None]


def test_part_that_is_too_long_is_discarded(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(CONTENT + b"more")
    download([server.url("good")], target, FILE)
    assert_arrived(target)


def test_verdict_on_a_part_is_not_remembered(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock as coarse as that of some file systems: both parts have the same time and size.
    stat = os.stat

    def coarse(*arguments: Any, **options: Any) -> os.stat_result:
        fields = list(stat(*arguments, **options))
        fields[7:10] = [0, 0, 0]
        return os.stat_result(fields)

    monkeypatch.setattr(os, "stat", coarse)
    download([server.url("wrong"), server.url("good")], target, FILE)
    assert_arrived(target)


def test_complete_part_needs_no_network(target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(CONTENT)
    download(["http://127.0.0.1:9/"], target, FILE)
    assert_arrived(target)


def test_answer_with_another_range_is_refused(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(CONTENT[:1000])
    with pytest.raises(DataError, match="another part of the file"):
        download([server.url("shifted")], target, FILE)
    assert part_of(target).read_bytes() == CONTENT[:1000]


@pytest.mark.parametrize("behaviour", ["missing", "broken", "refusing", "wrong"])
def test_next_mirror_is_tried(server: Server, target: Path, behaviour: str) -> None:
    download([server.url(behaviour), server.url("good")], target, FILE)
    assert_arrived(target)


def test_failure_names_each_address_and_reason(server: Server, target: Path) -> None:
    urls = [server.url("missing"), server.url("broken"), server.url("wrong"), "http://127.0.0.1:9/"]
    with pytest.raises(DataError) as caught:
        download(urls, target, FILE)
    message = str(caught.value)
    for expected in (*urls, "404", "500", "wrong bytes", FILE.versions[0].digest, "refused"):
        assert expected in message
    assert list(target.parent.iterdir()) == []


def test_endless_answer_is_cut_off(server: Server, target: Path) -> None:
    with pytest.raises(DataError, match="wrong bytes"):
        download([server.url("endless")], target, FILE)
    assert server.sent < 1 << 28
    assert list(target.parent.iterdir()) == []


def test_file_of_unknown_size(server: Server, target: Path) -> None:
    sha1 = fingerprint(CONTENT, "sha1").digest
    file = DataFile(FILE.name, (Fingerprint("sha1:" + "0" * 40, 1), Fingerprint(sha1)))
    download([server.url("good")], target, file)
    assert_arrived(target)


def test_offline_forbids_the_network(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("D2LZH_OFFLINE", "1")
    with pytest.raises(DataError, match="D2LZH_OFFLINE=1 forbids"):
        download([server.url("good")], target, FILE)
    assert server.ranges == []
    assert not target.parent.exists()


def test_good_file_is_left_alone(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(CONTENT)
    before = target.stat()
    download([server.url("wrong")], target, FILE)
    assert server.ranges == []
    assert target.stat() == before


def test_damaged_file_is_kept_beside_the_good_one(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(b"mine")
    with pytest.raises(DataError):
        download([server.url("wrong")], target, FILE)
    assert target.read_bytes() == b"mine"
    download([server.url("good")], target, FILE)
    assert target.read_bytes() == CONTENT
    assert target.with_name(target.name + ".damaged").read_bytes() == b"mine"


def test_good_file_that_appears_meanwhile_is_left_alone(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = module._fetch_whole

    def fetch_slowly(*arguments: Any) -> str | None:
        failure = fetch(*arguments)
        target.write_bytes(CONTENT)  # by another process
        return failure

    monkeypatch.setattr(module, "_fetch_whole", fetch_slowly)
    download([server.url("good")], target, FILE)
    assert_arrived(target)


@pytest.mark.parametrize("function", ["mkdir", "replace", "open"])
def test_folder_that_cannot_be_written(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    if function == "open":
        monkeypatch.setattr(Path, "open", refuse)
    else:
        monkeypatch.setattr(os, function, refuse)
    with pytest.raises(DataError, match=r"cannot be written \(Permission denied\).*D2LZH_DATA"):
        download([server.url("good")], target, FILE)
    monkeypatch.undo()
    assert not target.exists()


def test_full_disk(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def __enter__(self) -> "FullDisk":
            return self

        def __exit__(self, *arguments: object) -> None: ...

        def write(self, data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda *arguments: FullDisk())
    with pytest.raises(DataError, match="No space left on device"):
        download([server.url("good")], target, FILE)


def test_file_in_the_place_of_the_folder(server: Server, target: Path) -> None:
    target.parent.parent.mkdir()
    target.parent.write_bytes(b"")
    with pytest.raises(DataError, match="cannot be written"):
        download([server.url("good")], target, FILE)
