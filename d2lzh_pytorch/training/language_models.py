"""Training loops for recurrent language models, and how well a model predicts a text."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from d2lzh_pytorch.arguments import require_positive_ints
from d2lzh_pytorch.data.sequences import Indices, data_iter_consecutive, data_iter_random
from d2lzh_pytorch.models.rnn import RNNModel
from d2lzh_pytorch.progress import limit, progress
from d2lzh_pytorch.training.evaluation import evaluation_mode
from d2lzh_pytorch.training.generation import (
    Reader,
    State,
    predict_rnn,
    predict_rnn_pytorch,
    scratch_reader,
)
from d2lzh_pytorch.training.history import PerplexityHistory
from d2lzh_pytorch.training.optimizers import grad_clipping, sgd

CHUNK = 256  # characters of a validation text that are read at once

Start = Callable[[int], State]  # the first state of a batch of so many rows
Update = Callable[[torch.Tensor], None]


def train_and_predict_rnn(
    rnn: Callable[..., Any],
    get_params: Callable[[], Sequence[torch.Tensor]],
    init_rnn_state: Callable[..., State],
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str,
    corpus_indices: Indices,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    is_random_iter: bool,
    num_epochs: int,
    num_steps: int,
    lr: float,
    clipping_theta: float,
    batch_size: int,
    pred_period: int,
    pred_len: int,
    prefixes: Sequence[str],
    valid_indices: Indices | None = None,
    temperature: float | None = None,
    form: str | None = None,
) -> PerplexityHistory:
    """Train a recurrent net written from scratch, by plain SGD with clipped gradients.

    Every `pred_period` epochs, and after the last, the perplexity is printed, and a continuation
    of each prefix. The loss is the mean over characters.

    Parameters
    ----------
    rnn, init_rnn_state, num_hiddens, vocab_size, device, idx_to_char, char_to_idx
        As for :func:`predict_rnn`; ``init_rnn_state(batch_size, num_hiddens, device)`` too.
    get_params
        Returns the parameters, on `device`; they are changed in place.
    corpus_indices
        The training text, a number for each character.
    is_random_iter
        Take windows in random order, each from a fresh state; otherwise one after the other, the
        state carried on within an epoch.
    num_epochs
        Passes over the text; at most two in a smoke run, of two batches each.
    num_steps
        Characters in a window, through which gradients flow back.
    lr, clipping_theta
        Learning rate, and the greatest norm of the gradient.
    batch_size
        Windows in a batch.
    pred_period, pred_len, prefixes
        How often to report, how many characters to add, and to which beginnings.
    valid_indices
        A text to validate on after each epoch, as one sequence.
    temperature, form
        How the continuations are chosen, as for :func:`predict_rnn`.

    Returns
    -------
    PerplexityHistory
        The perplexities of both texts, ready to plot.

    Raises
    ------
    ValueError
        If a number is not positive, if the text is too short for a batch, or if a prefix cannot
        be continued.

    Notes
    -----
    Introduced in section 6.4.
    """
    params = list(get_params())

    def update(loss: torch.Tensor) -> None:
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr, 1)  # the loss is a mean already

    def write(prefix: str) -> str:
        return predict_rnn(
            prefix, pred_len, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
            idx_to_char, char_to_idx, temperature, form,
        )  # fmt: skip

    def start(rows: int) -> State:
        return init_rnn_state(rows, num_hiddens, device)

    read = scratch_reader(rnn, params, vocab_size)
    corpus = torch.as_tensor(corpus_indices, dtype=torch.int64, device=device)
    data_iter = data_iter_random if is_random_iter else data_iter_consecutive
    batches = partial(data_iter, corpus, batch_size, num_steps)
    validate = _validation(read, valid_indices, device, start)
    train_epoch = partial(_train_epoch, read, update, batches, start, device, is_random_iter)
    return _run(train_epoch, validate, write, num_epochs, pred_period, prefixes)


def train_and_predict_rnn_pytorch(
    model: RNNModel,
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str,
    corpus_indices: Indices,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    num_epochs: int,
    num_steps: int,
    lr: float,
    clipping_theta: float,
    batch_size: int,
    pred_period: int,
    pred_len: int,
    prefixes: Sequence[str],
    valid_indices: Indices | None = None,
    temperature: float | None = None,
    form: str | None = None,
) -> PerplexityHistory:
    """Train a module by Adam with clipped gradients, on consecutive windows.

    The state is carried on within an epoch and starts anew with the next. Every `pred_period`
    epochs, and after the last, the perplexity is printed, and a continuation of each prefix.

    Parameters
    ----------
    model
        Called as ``model(X, state)``, see :class:`RNNModel`; it is moved to `device`.
    num_hiddens
        As the book passes it; the model knows its own.
    vocab_size, device, corpus_indices, idx_to_char, char_to_idx, num_epochs, num_steps
        As for :func:`train_and_predict_rnn`.
    lr
        Learning rate of Adam.
    clipping_theta, batch_size, pred_period, pred_len, prefixes, valid_indices, temperature, form
        As for :func:`train_and_predict_rnn`.

    Returns
    -------
    PerplexityHistory
        The perplexities of both texts, ready to plot.

    Raises
    ------
    ValueError
        As :func:`train_and_predict_rnn` does; and for a bidirectional model, unless there is no
        prefix to continue.

    Notes
    -----
    Introduced in section 6.5.
    """
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def update(loss: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(model.parameters(), clipping_theta, device)
        optimizer.step()

    def write(prefix: str) -> str:
        return predict_rnn_pytorch(
            prefix, pred_len, model, vocab_size, device, idx_to_char, char_to_idx,
            temperature, form,
        )  # fmt: skip

    corpus = torch.as_tensor(corpus_indices, dtype=torch.int64, device=device)
    batches = partial(data_iter_consecutive, corpus, batch_size, num_steps)
    validate = _validation(model, valid_indices, device)

    def train_epoch() -> float:
        model.train()
        return _train_epoch(model, update, batches, _zeros, device, fresh=False)

    return _run(train_epoch, validate, write, num_epochs, pred_period, prefixes)


def evaluate_perplexity(
    model: Reader,
    corpus_indices: Indices,
    device: torch.device | str | None = None,
    state: State = None,
) -> float:
    """Return the perplexity of a text: the exponential of the mean loss per character.

    The text is read once from beginning to end, the state carried on throughout; each character
    but the first is predicted from all before it. A module is put into evaluation mode meanwhile.

    Parameters
    ----------
    model
        Called as ``model(X, state)`` with `X` of shape ``(1, steps)``; returns scores
        ``(steps, vocab_size)`` and the state.
    corpus_indices
        The text, a number for each character, at least two.
    device
        Where the model is; without it, the text stays where it is.
    state
        The first state; None means zeros to a module of PyTorch.

    Returns
    -------
    float
        At least 1; the size of the vocabulary for a model that finds all characters alike;
        infinite where the exponential overflows.

    Raises
    ------
    ValueError
        If there are fewer than two characters.

    Notes
    -----
    Introduced in section 6.4.
    """
    corpus = torch.as_tensor(corpus_indices, dtype=torch.int64, device=device)
    if corpus.ndim != 1 or len(corpus) < 2:
        raise ValueError(
            f"a text needs two characters at least, shape (length,); got {tuple(corpus.shape)}."
        )
    loss = torch.zeros((), device=corpus.device)
    count = 0
    with evaluation_mode(model):  # type: ignore[arg-type]  # a model returns its state, too
        for X, y in limit(zip(corpus[:-1].split(CHUNK), corpus[1:].split(CHUNK), strict=True)):
            scores, state = model(X[None], state)
            loss += F.cross_entropy(scores, y, reduction="sum")
            count += len(y)
    return _exp(loss.item() / count)


def _run(
    train_epoch: Callable[[], float],
    validate: Callable[[], float | None],
    write: Callable[[str], str],
    num_epochs: int,
    pred_period: int,
    prefixes: Sequence[str],
) -> PerplexityHistory:
    """Go through the epochs and report each period; a bar goes over the epochs of a period."""
    require_positive_ints(num_epochs=num_epochs, pred_period=pred_period)
    for prefix in prefixes:
        write(prefix)  # refuse a prefix now, not after the first period
    history = PerplexityHistory()
    last = len(list(limit(range(num_epochs))))
    for begin in range(0, last, pred_period):
        end = min(begin + pred_period, last)
        for _ in progress(range(begin, end), desc=f"epochs {begin + 1}-{end}"):
            started = time.perf_counter()
            loss = train_epoch()
            history.add(_exp(loss), validate(), time.perf_counter() - started)
        print(history.line(), flush=True)
        for prefix in prefixes:
            print(" -", write(prefix), flush=True)
    return history


def _train_epoch(
    read: Reader,
    update: Update,
    batches: Callable[[], Iterator[tuple[torch.Tensor, torch.Tensor]]],
    start: Start,
    device: torch.device | str,
    fresh: bool,
) -> float:
    """Take a step for each batch and return the mean loss per character; one wait at the end.

    `fresh` starts each batch from a new state; otherwise it carries the state on, detached.
    """
    loss_sum = torch.zeros((), device=device)
    count = 0
    state: State = None
    for X, Y in limit(batches()):
        state = start(len(X)) if fresh or count == 0 else _detach(state)
        scores, state = read(X, state)
        loss = F.cross_entropy(scores, Y.T.flatten())
        update(loss)
        loss_sum += loss.detach() * Y.numel()
        count += Y.numel()
    return loss_sum.item() / count


def _validation(
    model: Reader, indices: Indices | None, device: torch.device | str, start: Start | None = None
) -> Callable[[], float | None]:
    if indices is None:
        return lambda: None
    corpus = torch.as_tensor(indices, dtype=torch.int64, device=device)
    return lambda: evaluate_perplexity(model, corpus, device, start(1) if start else None)


def _zeros(rows: int) -> None:
    """Return the state that a module of PyTorch takes for zeros."""


def _detach(state: State) -> State:
    """Cut the state off from the batches it came from."""
    if isinstance(state, torch.Tensor):
        return state.detach()
    return None if state is None else tuple(_detach(each) for each in state)


def _exp(loss: float) -> float:
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf
