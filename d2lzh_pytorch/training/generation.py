"""Continuing a text with a language model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch

from d2lzh_pytorch.data.poems import UNKNOWN
from d2lzh_pytorch.layers import to_onehot
from d2lzh_pytorch.models.rnn import RNNModel
from d2lzh_pytorch.training.evaluation import evaluation_mode

State = Any
# Reads (batch, steps) from a state; returns scores (steps * batch, vocab) and the state after it.
Reader = Callable[[torch.Tensor, State], tuple[torch.Tensor, State]]

FREE = "_"  # in a form: any Chinese character


def predict_rnn(
    prefix: str,
    num_chars: int,
    rnn: Callable[..., Any],
    params: Sequence[torch.Tensor],
    init_rnn_state: Callable[..., State],
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    temperature: float | None = None,
    form: str | None = None,
) -> str:
    """Continue a text with a recurrent net written from scratch.

    Parameters
    ----------
    prefix
        How the text begins; the net reads it first.
    num_chars
        How many characters to add.
    rnn
        Called as ``rnn(inputs, state, params)`` with a list of one-hot matrices
        ``(batch, vocab_size)``; returns a list of scores ``(batch, vocab_size)`` and the state.
    params
        Handed to `rnn`.
    init_rnn_state
        Called as ``init_rnn_state(1, num_hiddens, device)``; returns the first state.
    num_hiddens, vocab_size
        Hidden units, and characters in the vocabulary.
    device
        Where the parameters are.
    idx_to_char, char_to_idx
        The vocabulary. ``"□"``, which stands for rare characters, is never written.
    temperature
        None takes the likeliest character each time. A positive number draws one at random, the
        scores divided by it first: below 1 bolder on the likely ones, above 1 more even.
    form
        A template for the text, prefix included, repeated as long as needed: ``_`` stands for any
        Chinese character, all else is written as it stands, as in ``"_____，_____。 "``.

    Returns
    -------
    str
        The prefix and `num_chars` further characters.

    Raises
    ------
    ValueError
        If the prefix is empty or holds a character that is not in the vocabulary, if `num_chars`
        is negative, if `temperature` is not positive, or if `form` cannot be followed.

    Notes
    -----
    Introduced in section 6.4.
    """
    read = scratch_reader(rnn, params, vocab_size)
    state = init_rnn_state(1, num_hiddens, device)
    choose = chooser(idx_to_char, char_to_idx, temperature, form, device)
    with torch.no_grad():
        return _continue(prefix, num_chars, read, state, choose, device, idx_to_char, char_to_idx)


def predict_rnn_pytorch(
    prefix: str,
    num_chars: int,
    model: RNNModel,
    vocab_size: int,
    device: torch.device | str,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    temperature: float | None = None,
    form: str | None = None,
) -> str:
    """Continue a text with a module such as :class:`RNNModel`, put into evaluation mode meanwhile.

    Parameters
    ----------
    model
        Called as ``model(X, state)`` with `X` of shape ``(1, 1)`` and first with None for the
        state; returns scores ``(1, vocab_size)`` and the state.
    prefix, num_chars, vocab_size, device, idx_to_char, char_to_idx, temperature, form
        As for :func:`predict_rnn`.

    Returns
    -------
    str
        The prefix and `num_chars` further characters.

    Raises
    ------
    ValueError
        As :func:`predict_rnn` does, and for a bidirectional layer, which reads what is not yet
        written.

    Notes
    -----
    Introduced in section 6.5.
    """
    if getattr(getattr(model, "rnn", None), "bidirectional", False):
        raise ValueError("a bidirectional layer reads what comes after; it cannot write on.")
    choose = chooser(idx_to_char, char_to_idx, temperature, form, device)
    with evaluation_mode(model):
        return _continue(prefix, num_chars, model, None, choose, device, idx_to_char, char_to_idx)


def scratch_reader(
    rnn: Callable[..., Any], params: Sequence[torch.Tensor], vocab_size: int
) -> Reader:
    """Return a net written from scratch in the form that a module has."""

    def read(X: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        return torch.cat(outputs), state

    return read


def chooser(
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    temperature: float | None,
    form: str | None,
    device: torch.device | str,
) -> Callable[[torch.Tensor, int], int]:
    """Return a function that picks a character, given scores ``(vocab,)`` and its place."""
    if temperature is not None and temperature <= 0:
        raise ValueError(f"temperature must be positive, or None, not {temperature}.")
    barred = torch.tensor([char == UNKNOWN for char in idx_to_char], device=device)
    unfit = torch.tensor([not is_chinese(char) for char in idx_to_char], device=device)
    if form is not None:
        _check_form(form, char_to_idx, bool(unfit.all()))

    def choose(scores: torch.Tensor, place: int) -> int:
        wanted = form[place % len(form)] if form else None
        if wanted is not None and wanted != FREE:
            return char_to_idx[wanted]
        scores = scores.masked_fill(barred if wanted is None else unfit, -torch.inf)
        if temperature is None:
            return int(scores.argmax())
        return int(torch.multinomial((scores / temperature).softmax(dim=0), 1))

    return choose


def is_chinese(char: str) -> bool:
    """Tell whether a character is a Chinese one, rather than punctuation or Latin."""
    return "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff"


def _check_form(form: str, char_to_idx: Mapping[str, int], no_chinese: bool) -> None:
    strange = [char for char in dict.fromkeys(form) if char != FREE and char not in char_to_idx]
    if not form or strange or (FREE in form and no_chinese):
        raise ValueError(
            f"the form {form!r} cannot be followed: it must hold '{FREE}', for a Chinese "
            f"character, and characters of the vocabulary, but {strange or 'there are none'}."
        )


def _numbers(prefix: str, char_to_idx: Mapping[str, int]) -> Iterator[int]:
    for char in prefix:
        if char not in char_to_idx:
            raise ValueError(
                f"{char!r} in the prefix {prefix!r} is not in the vocabulary; choose another."
            )
        yield char_to_idx[char]


def _continue(
    prefix: str,
    num_chars: int,
    read: Reader,
    state: State,
    choose: Callable[[torch.Tensor, int], int],
    device: torch.device | str,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
) -> str:
    """Read the prefix, then write a character at a time and read it."""
    if not prefix or num_chars < 0:
        raise ValueError("the prefix must hold a character, and num_chars must not be negative.")
    written = list(_numbers(prefix, char_to_idx))
    X = torch.tensor([written], device=device)
    for place in range(len(prefix), len(prefix) + num_chars):
        scores, state = read(X, state)
        written.append(choose(scores[-1], place))
        X = torch.tensor([written[-1:]], device=device)
    return "".join(idx_to_char[index] for index in written)
