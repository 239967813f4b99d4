"""Measuring time."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from d2lzh_pytorch.arguments import require_positive_ints
from d2lzh_pytorch.device import synchronize


class Benchmark:
    """Time a block of code and print how long it took.

    Work that was queued on a GPU is waited for on both sides, so that a GPU's
    asynchronous execution does not falsify the reading.

    Parameters
    ----------
    prefix
        What is timed; stands in front of the printed line.

    Attributes
    ----------
    seconds : float
        The time the block took, once it has ended.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> with d2l.Benchmark("sum") as timer:  # doctest: +ELLIPSIS
    ...     _ = sum(range(1000))
    sum time: 0.0... sec

    Notes
    -----
    Introduced in section 3.1; section 8.3 takes it further.
    """

    def __init__(self, prefix: str | None = None) -> None:
        self.prefix = "" if prefix is None else prefix + " "
        self.seconds = float("nan")

    def __enter__(self) -> Self:
        synchronize()
        self._start = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        synchronize()
        self.seconds = time.perf_counter() - self._start
        if error is None:
            print(f"{self.prefix}time: {self.seconds:.4f} sec")


def milliseconds(function: Callable[..., object], *args: object, repeat: int = 5) -> float:
    """Return how many milliseconds a call takes, the shortest one of several.

    Other work on the machine only ever adds time. A first call, which may have to allocate memory
    or to compile, does not count. Work that is queued on a GPU is waited for.

    Parameters
    ----------
    function, args
        What is called, and with what.
    repeat
        How many calls are timed.

    Raises
    ------
    ValueError
        If `repeat` is no positive integer.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> d2l.milliseconds(sum, range(1000)) > 0
    True

    Notes
    -----
    Introduced in section 5.3; it has its final form in section 8.1.
    """
    require_positive_ints(repeat=repeat)
    times = []
    for _ in range(repeat + 1):
        start = time.perf_counter()
        function(*args)
        synchronize()
        times.append(1000 * (time.perf_counter() - start))
    return min(times[1:])
