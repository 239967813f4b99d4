"""Checkpoints: all that a training run needs to go on as if it had never stopped."""

import pickle
from pathlib import Path
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.training.history import History


class CheckpointError(ValueError):
    """A file is no checkpoint, or not one of this run; the message says what to do."""


def save_checkpoint(
    path: Path,
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    history: History,
    settings: dict[str, Any],
    order: torch.Generator | None = None,
    job: str | None = None,
) -> None:
    """Write a checkpoint in one step: whoever reads `path` finds the old file or the new one.

    Parameters
    ----------
    path
        Where to, in a folder that exists.
    net, optimizer
        Their state is stored, and that of the random number generators beside it.
    history
        The epochs run so far.
    settings
        What the run was asked to do, in numbers, words and None.
    order
        The generator that draws the order of the examples, where it is not PyTorch's global one;
        its state is stored in the place of that one's.
    job
        The id that torchrun gave the job.

    Notes
    -----
    Introduced in section 4.5.
    """
    new = path.with_name(f".{path.name}.new")
    torch.save(
        {
            "net": net.state_dict(),
            "optimizer": optimizer.state_dict(),
            "history": vars(history),
            "settings": settings,
            "cpu_rng": torch.get_rng_state() if order is None else order.get_state(),
            "cuda_rng": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            "job": job,
        },
        new,
    )
    new.replace(path)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Return what :func:`save_checkpoint` wrote, with its tensors on the CPU.

    Files written before there was a ``job`` are read too.

    Raises
    ------
    CheckpointError
        If the file is no checkpoint of this command.
    """
    keys = {"net", "optimizer", "history", "settings", "cpu_rng", "cuda_rng"}
    try:
        checkpoint: Any = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise CheckpointError(
            f"{path} cannot be read as a checkpoint: {reason} Delete it to start anew."
        ) from None
    if not isinstance(checkpoint, dict) or not keys <= checkpoint.keys():
        raise CheckpointError(
            f"{path} was not written by `python -m d2lzh_pytorch train`; name another file."
        )
    return checkpoint


def restore(
    checkpoint: dict[str, Any], net: nn.Module, optimizer: torch.optim.Optimizer
) -> History:
    """Put a checkpoint's state into the net, the optimizer and the random number generators.

    Parameters
    ----------
    checkpoint
        From :func:`read_checkpoint`.
    net, optimizer
        Made as for the run that wrote it.

    Returns
    -------
    History
        The epochs run so far.
    """
    net.load_state_dict(checkpoint["net"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    torch.set_rng_state(checkpoint["cpu_rng"])
    if torch.cuda.is_available() and len(checkpoint["cuda_rng"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(checkpoint["cuda_rng"])
    return History(**checkpoint["history"])
