import gzip
import io
import math
import struct
import tracemalloc
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.idx import LIMIT, read_idx

# Each example overwrites the same file, so that it does not matter that tmp_path is shared.
shared_folder = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
shapes = st.lists(st.integers(0, 5), min_size=1, max_size=3).map(tuple)


def idx(shape: tuple[int, ...], values: bytes, type_byte: int = 8) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, type_byte, len(shape), *shape) + values


def zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def write(folder: Path, content: bytes) -> Path:
    path = folder / "file.gz"
    path.write_bytes(content)
    return path


@given(shape=shapes, compress=st.booleans(), data=st.data())
@shared_folder
def test_reads_what_was_written(
    tmp_path: Path, shape: tuple[int, ...], compress: bool, data: st.DataObject
) -> None:
    size = math.prod(shape)
    values = data.draw(st.binary(min_size=size, max_size=size))
    content = idx(shape, values)
    result = read_idx(write(tmp_path, zipped(content) if compress else content), len(shape))
    assert result.dtype == torch.uint8
    assert tuple(result.shape) == shape
    assert bytes(result.flatten().tolist()) == values


@given(shape=shapes.filter(math.prod), compress=st.booleans(), data=st.data())
@shared_folder
def test_cut_off_anywhere(
    tmp_path: Path, shape: tuple[int, ...], compress: bool, data: st.DataObject
) -> None:
    content = idx(shape, bytes(math.prod(shape)))
    content = zipped(content) if compress else content
    stop = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(DataError):
        read_idx(write(tmp_path, content[:stop]), len(shape))


@given(extra=st.binary(min_size=1, max_size=9), compress=st.booleans())
@shared_folder
def test_bytes_after_the_end(tmp_path: Path, extra: bytes, compress: bool) -> None:
    content = idx((2, 3), bytes(6)) + extra
    with pytest.raises(DataError, match=r"goes on after the 6 values of shape \(2, 3\)"):
        read_idx(write(tmp_path, zipped(content) if compress else content), 2)


@given(content=st.binary(max_size=200), compress=st.booleans())
@shared_folder
def test_any_other_bytes(tmp_path: Path, content: bytes, compress: bool) -> None:
    if content[:4] != bytes((0, 0, 8, 3)):
        with pytest.raises(DataError) as caught:
            read_idx(write(tmp_path, zipped(content) if compress else content), 3)
        assert "file.gz" in str(caught.value)


@given(data=st.data())
@shared_folder
def test_one_changed_byte_is_noticed(tmp_path: Path, data: st.DataObject) -> None:
    values = bytes(range(48))
    content = bytearray(zipped(idx((3, 4, 4), values)))
    where = data.draw(st.integers(10, len(content) - 1))  # after gzip's header, which is unchecked
    content[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DataError):
        read_idx(write(tmp_path, bytes(content)), 3)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "found nothing"),
        (b"<!DOCTYPE html>", "found 3c21444f"),
        (idx((2,), bytes(2)), "must start with 00000803"),
        (idx((1, 1, 1), bytes(4), type_byte=0x0D), "found 00000d03"),
        (bytes((0, 0, 8, 3)) + bytes(11), "ends within the header"),
        (idx((2, 2, 2), bytes(7)), r"shape \(2, 2, 2\) needs 8 values, found 7"),
        (b"\x1f\x8b", "ended before"),
        (zipped(idx((2, 2, 2), bytes(8)))[:-8] + bytes(8), "CRC check failed"),
    ],
)
def test_message(tmp_path: Path, content: bytes, expected: str) -> None:
    with pytest.raises(DataError, match=expected):
        read_idx(write(tmp_path, content), 3)


@pytest.mark.parametrize(
    "shape", [(LIMIT, 1, 1), (LIMIT // 4, 2, 2), (2**32 - 1,) * 3, (LIMIT + 1, 1, 1)]
)
def test_huge_shape_takes_no_memory(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = write(tmp_path, zipped(idx(shape, bytes(1000))))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"needs|more than"):
        read_idx(path, 3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 24


def test_what_unpacks_to_more_than_it_states_is_not_unpacked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb") as stream:
        stream.write(idx((1, 1, 1), b"\1"))
        for _ in range(64):
            stream.write(bytes(1 << 20))
    path = write(tmp_path, buffer.getvalue())
    tracemalloc.start()
    with pytest.raises(DataError, match="goes on"):
        read_idx(path, 3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 24


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_idx(tmp_path / "nothing", 1)
