"""The IDX format, in which MNIST and its successors are published."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import torch
from torch import Tensor

from d2lzh_pytorch.data.errors import DataError

UINT8 = 0x08  # the type byte; the format has others, which no data set of this course uses
LIMIT = 1 << 30  # bytes
CHUNK = 1 << 20  # bytes


def read_idx(path: Path, num_dims: int) -> Tensor:
    """Read an IDX file of bytes, compressed with gzip or not.

    The format: two zero bytes, a type byte, the number of dimensions, each dimension as a
    big-endian uint32, then the values with the last dimension running fastest.

    Parameters
    ----------
    path
        The file.
    num_dims
        Number of dimensions it must have: 3 for images, 1 for labels.

    Returns
    -------
    Tensor
        uint8, of the shape that the file states.

    Raises
    ------
    DataError
        If the file is not such a file, is cut off, goes on after its end, fails gzip's checksum,
        or states a shape of more than 1 GiB. No more memory is used than the file fills.
    """
    try:
        with path.open("rb") as raw:
            if raw.peek(2)[:2] == b"\x1f\x8b":
                with gzip.open(raw) as stream:
                    return _parse(cast(BinaryIO, stream), num_dims)
            return _parse(raw, num_dims)
    except (_FormatError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is no IDX file as expected: {error}") from error


class _FormatError(ValueError):
    """The contents break the rules of the format."""


def _parse(stream: BinaryIO, num_dims: int) -> Tensor:
    magic = stream.read(4)
    if magic != bytes((0, 0, UINT8, num_dims)):
        raise _FormatError(
            f"it must start with 0000{UINT8:02x}{num_dims:02x} (hexadecimal), "
            f"found {magic.hex() or 'nothing'}"
        )
    header = stream.read(4 * num_dims)
    if len(header) < 4 * num_dims:
        raise _FormatError("it ends within the header")
    shape = struct.unpack(f">{num_dims}I", header)
    size = math.prod(shape)
    if size > LIMIT:
        raise _FormatError(f"shape {shape} would be {size:,} bytes, more than {LIMIT:,}")
    values = bytearray()
    while len(values) < size and (chunk := stream.read(min(CHUNK, size - len(values)))):
        values += chunk
    if len(values) < size:
        raise _FormatError(f"shape {shape} needs {size:,} values, found {len(values):,}")
    if stream.read(1):  # reaching the end is also what makes gzip compare its checksum
        raise _FormatError(f"it goes on after the {size:,} values of shape {shape}")
    if size == 0:  # torch.frombuffer takes no empty buffer
        return torch.empty(shape, dtype=torch.uint8)
    return torch.frombuffer(values, dtype=torch.uint8).reshape(shape)
