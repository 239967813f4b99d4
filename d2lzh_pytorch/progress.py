"""Progress bars, and the limit that a smoke run puts on every loop."""

import itertools
import operator
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm.auto import tqdm

from d2lzh_pytorch import settings

T = TypeVar("T")


def limit(iterable: Iterable[T]) -> Iterable[T]:
    """Return `iterable`, or its first two items in a smoke run."""
    return itertools.islice(iterable, settings.SMOKE_LIMIT) if settings.smoke() else iterable


def progress(iterable: Iterable[T], desc: str | None = None) -> Iterator[T]:
    """Yield from `iterable` behind a progress bar that vanishes at the end.

    In a smoke run it stops after two items. ``TQDM_DISABLE=1`` in the environment switches
    every bar off.

    Parameters
    ----------
    iterable
        What to go through; its ``len()``, where it has one, sets the length of the bar.
    desc
        A word in front of the bar.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> sum(d2l.progress([1, 2]))
    3

    Notes
    -----
    Introduced in section 3.2.
    """
    total = operator.length_hint(iterable) or None  # a DataLoader may have a len() that raises
    disable = settings.quiet()  # the bar of notebooks does not heed the variable by itself
    yield from tqdm(limit(iterable), desc=desc, total=total, leave=False, disable=disable)
