"""Checking a file against its fingerprints."""

import hashlib
from pathlib import Path

from d2lzh_pytorch.data.catalogue import DataFile

# What was found out about a file, by path, size and time of change: each is read only once.
_known: dict[tuple[Path, int, int], str | None] = {}


def find_problem(path: Path, file: DataFile) -> str | None:
    """Say what is wrong with a file that lies at `path`, as :func:`examine` does.

    The answer is remembered until the file's size or time of change is another one.
    """
    try:
        stat = path.stat()
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    key = (path, stat.st_size, stat.st_mtime_ns)
    if key not in _known:
        _known[key] = examine(path, file)
    return _known[key]


def examine(path: Path, file: DataFile) -> str | None:
    """Say what is wrong with a file that lies at `path`; None if it is good.

    The size is compared first, the checksum only if the size fits.

    Parameters
    ----------
    path
        Where it lies.
    file
        What it should be.
    """
    if not file.versions:
        return None
    try:
        size = path.stat().st_size
        found = _describe(size, None)
        for version in file.versions:
            if version.size in (None, size):
                algorithm, _, _ = version.digest.partition(":")
                with path.open("rb") as stream:
                    digest = f"{algorithm}:{hashlib.file_digest(stream, algorithm).hexdigest()}"
                if digest == version.digest:
                    return None
                found = _describe(size, digest)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    expected = " or ".join(_describe(version.size, version.digest) for version in file.versions)
    return f"expected {expected}; found {found}"


def _describe(size: int | None, digest: str | None) -> str:
    parts = [
        f"{size:,} bytes" if size is not None else "a file",
        f"with {digest}" if digest else "",
    ]
    return " ".join(part for part in parts if part)
