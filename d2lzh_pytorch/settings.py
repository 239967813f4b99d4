"""What the environment asks for, read at the moment of use.

=================  ==========================================================
``D2LZH_SMOKE``    ``1``: run only a few batches and rounds (how CI runs notebooks)
``D2LZH_OFFLINE``  ``1``: never use the network
``TQDM_DISABLE``   ``1``: show no progress bar
``D2LZH_DATA``     a folder to look for data in, before all other places
``D2LZH_DEVICE``   the device :func:`~d2lzh_pytorch.get_device` returns, e.g. ``mps``
=================  ==========================================================
"""

import os
from pathlib import Path

SMOKE_LIMIT = 2


def smoke() -> bool:
    """Tell whether this is a smoke run, which does everything but only a little of it."""
    return _is_set("D2LZH_SMOKE")


def offline() -> bool:
    """Tell whether the network is forbidden."""
    return _is_set("D2LZH_OFFLINE")


def quiet() -> bool:
    """Tell whether progress bars are switched off."""
    return _is_set("TQDM_DISABLE")


def data_dir() -> Path | None:
    """Return the data folder named by ``D2LZH_DATA``, or None."""
    folder = os.environ.get("D2LZH_DATA")
    return Path(folder).expanduser() if folder else None


def device_name() -> str | None:
    """Return the device named by ``D2LZH_DEVICE``, or None."""
    return os.environ.get("D2LZH_DEVICE") or None


def _is_set(variable: str) -> bool:
    value = os.environ.get(variable, "").strip().lower()
    if value in ("", "0", "false", "no"):
        return False
    if value in ("1", "true", "yes"):
        return True
    raise ValueError(f"{variable} is {value!r}; set it to 1 or 0.")
