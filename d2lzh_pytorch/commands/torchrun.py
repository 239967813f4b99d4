"""How the processes that ``torchrun`` starts speak with one voice.

Nothing of the package is imported here, so that arguments that make no sense are refused at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

PATIENCE = 5.0  # seconds that the first process may be slower than the others


def launched() -> bool:
    """Tell whether torchrun has started this process."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def is_first() -> bool:
    """Tell whether this process is the one that speaks: the first, or one started alone."""
    return not launched() or os.environ["RANK"] == "0"


@contextmanager
def one_voice() -> Iterator[None]:
    """Keep all processes but the first silent; errors that nobody expects are shown all the same.

    Where one exits because of its arguments, see :func:`let_the_first_speak`.
    """
    if is_first():
        yield
        return
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        try:
            yield
        except SystemExit:
            let_the_first_speak()
            raise


def let_the_first_speak() -> None:
    """Wait before this process ends with an error that the first one should meet, too.

    Once a process has failed, torchrun ends the others, whether they have said why or not.
    """
    if not is_first():
        time.sleep(PATIENCE)
