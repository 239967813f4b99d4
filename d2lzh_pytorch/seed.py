"""Repeatable randomness."""

import random

import numpy as np
import torch


def set_seed(seed: int) -> None:
    """Seed Python, NumPy and PyTorch (all devices).

    Two runs on the same machine with the same versions and the same number of threads then
    draw the same numbers. Results on other hardware can still differ by rounding.

    Parameters
    ----------
    seed
        A whole number from 0 to 2**32 - 1.

    Raises
    ------
    ValueError
        If the seed is outside that range.

    Notes
    -----
    Introduced in section 2.2.
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed must be from 0 to 2**32 - 1, got {seed}.")
    random.seed(seed)
    np.random.seed(seed)  # scikit-learn draws from this one
    torch.manual_seed(seed)
