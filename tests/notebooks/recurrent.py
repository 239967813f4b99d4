"""What sections 6.4, 6.7 and 6.8 have in common: a net written by hand, beside torch's layer."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


def random_params(get_params: Callable[..., nn.ParameterList], *sizes: int) -> nn.ParameterList:
    """Return parameters of the shapes of `get_params`, large enough to tell the groups apart."""
    return nn.ParameterList(
        [nn.Parameter(torch.randn_like(param) / 2) for param in get_params(*sizes)]
    )


def compare_groups(
    ours: Sequence[torch.Tensor], theirs: Sequence[torch.Tensor], order: Sequence[int]
) -> None:
    """Compare groups (W_x, W_h, b) with torch's joined matrices; `order` is torch's."""
    for i, joined in enumerate(theirs):
        for group, part in zip(order, joined.chunk(len(order), dim=-1), strict=True):
            assert_close(ours[3 * group + i], part)


def read_alike(
    net: Callable[..., tuple[list[torch.Tensor], tuple[torch.Tensor, ...]]],
    params: nn.ParameterList,
    state: tuple[torch.Tensor, ...],
    layer: nn.RNN | nn.GRU | nn.LSTM,
    windows: Iterable[list[torch.Tensor]],
) -> None:
    """Read windows of one-hot vectors, the state carried on; compare all scores and states.

    The last two parameters are those of the output layer. Losses of both sides are propagated
    back, so that the gradients can be compared as well.
    """
    W_hq, b_q = (param.detach() for param in params[-2:])
    state_torch = None
    losses = [0.0, 0.0]
    for inputs in windows:
        outputs, state = net(inputs, state, params)
        H, state_torch = layer(torch.stack(inputs), state_torch)
        scores = H @ W_hq + b_q
        theirs = state_torch if isinstance(state_torch, tuple) else (state_torch,)
        assert_close(torch.stack(outputs), scores)
        assert_close(state, tuple(each[0] for each in theirs))
        losses[0] += torch.stack(outputs).pow(2).sum() + state[-1].pow(3).sum()
        losses[1] += scores.pow(2).sum() + theirs[-1].pow(3).sum()
    for loss in losses:
        loss.backward()


def train_alike(
    net: Callable[..., object],
    params: nn.ParameterList,
    init_state: Callable[..., object],
    layer: nn.GRU | nn.LSTM,
) -> list[torch.Tensor]:
    """Train `params` for a pass over a text with the package, and `layer` with torch's own steps.

    Returns the weights of torch, the joined W_x, W_h and b, then those of the output layer.
    """
    vocab_size, num_hiddens = layer.input_size, layer.hidden_size
    text = torch.randint(vocab_size, (3 * 9 + 1,))  # three rows, two windows of four steps
    dense = nn.Linear(num_hiddens, vocab_size)
    with torch.no_grad():
        dense.weight.copy_(params[-2].T)
        dense.bias.copy_(params[-1])
    characters = [chr(ord("a") + i) for i in range(vocab_size)]
    d2l.train_and_predict_rnn(
        net, lambda: params, init_state, num_hiddens, vocab_size, "cpu", text, characters,
        {char: i for i, char in enumerate(characters)}, False, 1, 4, 2.0, 0.05, 3, 1, 0, [],
    )  # fmt: skip

    layer.bias_hh_l0.requires_grad_(False)
    trained = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, *dense.parameters()]
    optimizer, state = torch.optim.SGD(trained, lr=2.0), None
    for X, Y in d2l.data_iter_consecutive(text, 3, 4):
        H, state = layer(d2l.one_hot(X.T, vocab_size), state)
        loss = nn.functional.cross_entropy(dense(H.flatten(end_dim=1)), Y.T.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 0.05)
        optimizer.step()
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    return [weight.T if weight.ndim == 2 else weight for weight in trained]
