"""Checking a file against its fingerprints."""

import hashlib
from pathlib import Path

from d2lzh_pytorch.data.catalogue import DataFile, Fingerprint

# What was found out about a file, by path, size and time of change: each is read only once.
_known: dict[tuple[Path, int, int], str | None] = {}


def find_problem(path: Path, file: DataFile) -> str | None:
    """Say what is wrong with a file that lies at `path`; None if it is good.

    The size is compared first, the checksum only if the size fits. The answer is remembered
    until the file changes.

    Parameters
    ----------
    path
        A file that exists.
    file
        What it should be.
    """
    try:
        stat = path.stat()
        key = (path, stat.st_size, stat.st_mtime_ns)
        if key not in _known:
            _known[key] = _compare(path, stat.st_size, file.versions)
        return _known[key]
    except OSError as error:
        return f"it cannot be read ({error.strerror})"


def _compare(path: Path, size: int, versions: tuple[Fingerprint, ...]) -> str | None:
    if not versions:
        return None
    expected = " or ".join(_describe(version.size, version.digest) for version in versions)
    found = _describe(size, None)
    for version in versions:
        if version.size in (None, size):
            algorithm, _, _ = version.digest.partition(":")
            with path.open("rb") as stream:
                digest = f"{algorithm}:{hashlib.file_digest(stream, algorithm).hexdigest()}"
            if digest == version.digest:
                return None
            found = _describe(size, digest)
    return f"expected {expected}; found {found}"


def _describe(size: int | None, digest: str | None) -> str:
    parts = [
        f"{size:,} bytes" if size is not None else "a file",
        f"with {digest}" if digest else "",
    ]
    return " ".join(part for part in parts if part)
