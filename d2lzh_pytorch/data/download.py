"""Fetching a file over HTTP, so that what arrives is either the right file or none."""

import contextlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm.auto import tqdm

from d2lzh_pytorch import settings
from d2lzh_pytorch.data.catalogue import DataFile
from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.integrity import examine

TIMEOUT = 30  # seconds without a byte
ATTEMPTS = 3  # at one address
CHUNK = 1 << 16  # bytes
LIMIT = 1 << 26  # bytes, for a file of unknown size


def download(urls: Sequence[str], target: Path, file: DataFile) -> Path:
    """Fetch `file` from the first address that has it, behind a progress bar.

    The bytes go to ``<target>.part``, which takes the name `target` only when its checksum is
    right. An interrupted download leaves the ``.part`` behind and goes on from there the next
    time, if the server can. A good file at `target` is left alone; a damaged one is kept as
    ``<target>.damaged``.

    Parameters
    ----------
    urls
        Addresses of the same file, tried in this order.
    target
        Where it shall lie; missing folders are made.
    file
        What is expected.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    DataError
        If the network is forbidden (``D2LZH_OFFLINE=1``), no address gave the right bytes, or
        the folder cannot be written.
    """
    if target.exists() and examine(target, file) is None:
        return target
    if settings.offline():
        raise DataError(
            f"{file.name} would have to be downloaded, but D2LZH_OFFLINE=1 forbids the network. "
            f"Unset it, or put the file at {target}."
        )
    part = target.with_name(target.name + ".part")
    with _disk(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in urls:
        failure = _fetch_whole(url, part, file)
        if failure is None:
            _put_in_place(part, target, file)
            return target
        failures.append(f"{url}: {failure}")
    raise DataError(
        f"{file.name} could not be downloaded. "
        + "; ".join(failures)
        + f". Check the network and try again, or put the file at {target}."
    )


def _fetch_whole(url: str, part: Path, file: DataFile) -> str | None:
    """Bring `part` to the full and right contents; return what failed, or None."""
    failure = "no attempt was made"
    for _ in range(ATTEMPTS):
        start = part.stat().st_size if part.exists() else 0
        if start == 0 or examine(part, file) is not None:
            try:
                _fetch(url, part, start, file)
            except urllib.error.HTTPError as error:
                if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return f"the server answered {error.code} {error.reason}"
                with _disk(part):
                    part.unlink(missing_ok=True)
                failure = "the server cannot go on from where the download stopped"
                continue
            except (OSError, http.client.HTTPException, ValueError) as error:
                failure = str(error) or type(error).__name__
                continue
        problem = examine(part, file)
        if problem is None:
            return None
        with _disk(part):
            part.unlink(missing_ok=True)
        failure = f"wrong bytes: {problem}"
        if start == 0:
            return failure
    return failure


def _fetch(url: str, part: Path, start: int, file: DataFile) -> None:
    """Append to `part` from byte `start` on, or write it anew if the server sends everything."""
    headers = {"User-Agent": "d2lzh_pytorch"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        if resumed and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise ConnectionError("the server sent another part of the file than asked for")
        length = response.headers.get("Content-Length")
        done = start if resumed else 0
        total = done + int(length) if length else None
        least = min(version.size or 0 for version in file.versions) if total is None else total
        most = max(version.size or LIMIT for version in file.versions)
        with _disk(part):
            output = part.open("ab" if resumed else "wb")
        bar = tqdm(
            desc=file.name, total=total, initial=done, unit="B", unit_scale=True, leave=False
        )
        with output, bar:
            while chunk := response.read(CHUNK):
                with _disk(part):
                    output.write(chunk)
                done += len(chunk)
                bar.update(len(chunk))
                if done > most:
                    return  # whatever it is, it is not the file
            with _disk(part):
                output.flush()
        if done < least:
            raise ConnectionError(f"the connection broke off after {done:,} of {least:,} bytes")


def _put_in_place(part: Path, target: Path, file: DataFile) -> None:
    """Rename the checked `part` to `target`; keep what lies there."""
    with _disk(target):
        if target.exists():
            if examine(target, file) is None:
                part.unlink(missing_ok=True)
                return
            target.replace(target.with_name(target.name + ".damaged"))
        part.replace(target)


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Turn errors of the file system into a message that says what to do."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}). Make room or allow writing "
            "there, or name another folder in the environment variable D2LZH_DATA."
        ) from error
