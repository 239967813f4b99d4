"""Mini-batches of a text: windows at random, or one after the other."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from d2lzh_pytorch.arguments import require_positive_ints

Indices = Sequence[int] | Tensor


def data_iter_random(
    corpus_indices: Indices,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield windows of a text in random order.

    The text is cut at multiples of `num_steps`; each window comes once, and what fills no batch
    is left out. Windows that follow each other in the text are as a rule in different batches, so
    every batch needs a fresh hidden state.

    Parameters
    ----------
    corpus_indices
        The text, a number for each character, shape ``(length,)``.
    batch_size
        Windows in a batch.
    num_steps
        Characters in a window.
    device
        Where the batches shall be; without it, where `corpus_indices` is (a list: on the CPU).

    Yields
    ------
    X, Y : Tensor
        int64, both ``(batch_size, num_steps)``; `Y` is the text one character further on.

    Raises
    ------
    ValueError
        If a size is no positive integer, or if the text is too short for one batch.

    Notes
    -----
    Introduced in section 6.3.
    """
    corpus = _as_corpus(corpus_indices, batch_size, num_steps, device)
    _require(corpus, batch_size * num_steps + 1, batch_size, num_steps)
    num_examples = (len(corpus) - 1) // num_steps
    inputs = corpus[: num_examples * num_steps].view(num_examples, num_steps)
    labels = corpus[1 : num_examples * num_steps + 1].view(num_examples, num_steps)
    order = torch.randperm(num_examples).to(corpus.device)
    for rows in order[: num_examples // batch_size * batch_size].split(batch_size):
        yield inputs[rows], labels[rows]


def data_iter_consecutive(
    corpus_indices: Indices,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield windows of a text so that each row goes on where it ended in the batch before.

    The text is cut into `batch_size` rows of equal length, which are read in parallel, so the
    hidden state of a batch may be handed to the next, detached. What fills no row or no window is
    left out.

    Parameters
    ----------
    corpus_indices, batch_size, num_steps, device
        As for :func:`data_iter_random`.

    Yields
    ------
    X, Y : Tensor
        int64, both ``(batch_size, num_steps)``; `Y` is the text one character further on.

    Raises
    ------
    ValueError
        If a size is no positive integer, or if the text is too short for one batch.

    Notes
    -----
    Introduced in section 6.3.
    """
    corpus = _as_corpus(corpus_indices, batch_size, num_steps, device)
    _require(corpus, batch_size * (num_steps + 1), batch_size, num_steps)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for start in range(0, (length - 1) // num_steps * num_steps, num_steps):
        end = start + num_steps
        yield rows[:, start:end], rows[:, start + 1 : end + 1]


def _as_corpus(
    corpus_indices: Indices,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None,
) -> Tensor:
    """Return the text as an int64 tensor where the batches shall be."""
    require_positive_ints(batch_size=batch_size, num_steps=num_steps)
    return torch.as_tensor(corpus_indices, dtype=torch.int64, device=device)


def _require(corpus: Tensor, needed: int, batch_size: int, num_steps: int) -> None:
    """Refuse a text that makes no batch."""
    if corpus.ndim != 1 or len(corpus) < needed:
        raise ValueError(
            f"a batch of {batch_size} x {num_steps} needs a text of at least {needed:,} "
            f"characters, shape (length,); got shape {tuple(corpus.shape)}. Take smaller batches."
        )
