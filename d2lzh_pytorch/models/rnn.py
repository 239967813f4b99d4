"""A language model from one of PyTorch's recurrent layers."""

from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.layers import one_hot

# What a recurrent layer hands on: h, or (h, c) from an LSTM; None at the start of a text.
State = Any


class RNNModel(nn.Module):
    """One-hot vectors, a recurrent layer, and a linear layer that gives scores for what follows.

    Parameters
    ----------
    rnn_layer
        ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM`` with ``input_size=vocab_size``, time first; of any
        number of layers, also bidirectional.
    vocab_size
        How many characters there are.

    Attributes
    ----------
    rnn, dense
        The two layers.
    hidden_size
        Features that go into `dense`: twice those of a bidirectional layer.
    vocab_size
        As given.

    Raises
    ------
    ValueError
        If the layer has another input size, or ``batch_first=True``.

    Notes
    -----
    Introduced in section 6.5.
    """

    def __init__(self, rnn_layer: nn.RNNBase, vocab_size: int) -> None:
        super().__init__()
        if rnn_layer.batch_first:
            raise ValueError(
                "RNNModel hands the layer (steps, batch, vocab_size); make it without batch_first."
            )
        if rnn_layer.input_size != vocab_size:
            raise ValueError(
                f"the layer takes {rnn_layer.input_size} features a step, the one-hot vectors "
                f"have {vocab_size}; make it with input_size={vocab_size}."
            )
        self.rnn = rnn_layer
        directions = 2 if rnn_layer.bidirectional else 1
        self.hidden_size = (rnn_layer.proj_size or rnn_layer.hidden_size) * directions
        self.vocab_size = vocab_size
        self.dense = nn.Linear(self.hidden_size, vocab_size)

    def forward(self, inputs: torch.Tensor, state: State = None) -> tuple[torch.Tensor, State]:
        """Read a batch of windows.

        Parameters
        ----------
        inputs
            Numbers of characters, shape ``(batch, steps)``.
        state
            What the call before returned, or None for zeros.

        Returns
        -------
        scores : torch.Tensor
            Shape ``(steps * batch, vocab_size)``: all rows of the first step, then of the second.
        state
            Of each layer after the last step, ``(layers * directions, batch, hidden)``; a pair of
            such tensors from an LSTM.
        """
        X = one_hot(inputs.T, self.vocab_size)  # (steps, batch, vocab_size)
        Y, state = self.rnn(X, state)
        return self.dense(Y.flatten(end_dim=1)), state
