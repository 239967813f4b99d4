"""An epoch of ``train_and_predict_rnn_pytorch`` against the bare steps.

The bare steps run over batches that were cut beforehand: the net, the loss, the gradients, clipping
and Adam, with the state carried on; nothing is counted, validated, written or printed.
"""

import contextlib
import io
import statistics
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import nn

import d2lzh_pytorch as d2l
from benchmarks.measure import Comparison, compare

NUM_HIDDENS, BATCH_SIZE, NUM_STEPS = 256, 32, 35  # the book's
LR, THETA = 1e-3, 1e-2
ROUNDS = 15


def comparisons() -> Iterator[Comparison]:
    """Compare an epoch on the first 10,000 characters of the poems with its bare steps."""
    corpus, char_to_idx, idx_to_char, vocab_size = d2l.load_data_poems(10_000)
    batches = list(d2l.data_iter_consecutive(corpus, BATCH_SIZE, NUM_STEPS))

    def ours(model: d2l.RNNModel) -> Callable[[], None]:
        def run() -> None:
            with contextlib.redirect_stdout(io.StringIO()):
                d2l.train_and_predict_rnn_pytorch(
                    model, NUM_HIDDENS, vocab_size, "cpu", corpus, idx_to_char, char_to_idx,
                    1, NUM_STEPS, LR, THETA, BATCH_SIZE, 1, 0, [],
                )  # fmt: skip

        return run

    def bare(model: d2l.RNNModel) -> Callable[[], None]:
        optimizer = torch.optim.Adam(model.parameters(), lr=LR)

        def run() -> None:
            state = None
            for X, Y in batches:
                scores, state = model(X, state)
                optimizer.zero_grad()
                F.cross_entropy(scores, Y.T.flatten()).backward()
                nn.utils.clip_grad_norm_(model.parameters(), THETA)
                optimizer.step()
                state = state.detach()

        return run

    models = [d2l.RNNModel(nn.RNN(vocab_size, NUM_HIDDENS), vocab_size) for _ in range(2)]
    yield compare(
        "`train_and_predict_rnn_pytorch`: an epoch on 10,000 characters against its bare steps",
        ours(models[0]),
        bare(models[1]),
        goal=1.15,
        faster=False,
        rounds=ROUNDS,
        summary=statistics.median,
    )
