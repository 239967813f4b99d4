"""Sections 6.3 and 6.4: a recurrent net from scratch, on the poems in place of the lyrics."""

import sys

import torch
from torch import nn

sys.path.append("..")
import d2lzh_pytorch as d2l

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
corpus_indices, char_to_idx, idx_to_char, vocab_size = d2l.load_data_poems(2000)

toy = [(X.tolist(), Y.tolist()) for X, Y in d2l.data_iter_consecutive(list(range(30)), 2, 6)]
random_toy = [X for X, _ in d2l.data_iter_random(list(range(30)), batch_size=2, num_steps=6)]
inputs = d2l.to_onehot(torch.arange(10).view(2, 5), vocab_size)
shapes = len(inputs), inputs[0].shape

num_hiddens = 32


def get_params():
    def _one(*shape):
        return nn.Parameter(torch.normal(0, 0.01, size=shape, device=device))

    def _zeros(size):
        return nn.Parameter(torch.zeros(size, device=device))

    return nn.ParameterList(
        [
            _one(vocab_size, num_hiddens),
            _one(num_hiddens, num_hiddens),
            _zeros(num_hiddens),
            _one(num_hiddens, vocab_size),
            _zeros(vocab_size),
        ]
    )


def init_rnn_state(batch_size, num_hiddens, device):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = torch.tanh(torch.matmul(X, W_xh) + torch.matmul(H, W_hh) + b_h)
        outputs.append(torch.matmul(H, W_hq) + b_q)
    return outputs, (H,)


params = get_params()
babble = d2l.predict_rnn(
    "兰叶", 10, rnn, params, init_rnn_state, num_hiddens, vocab_size, device, idx_to_char,
    char_to_idx,
)  # fmt: skip

# A step by hand, with the functions of the book.
X, Y = next(d2l.data_iter_consecutive(corpus_indices, 8, 10, device))
outputs, state = rnn(d2l.to_onehot(X, vocab_size), init_rnn_state(8, num_hiddens, device), params)
y = torch.transpose(Y, 0, 1).contiguous().view(-1)
loss = nn.CrossEntropyLoss()(torch.cat(outputs, dim=0), y.long())
loss.backward()
d2l.grad_clipping(params, 1e-2, device)
clipped = torch.cat([param.grad.flatten() for param in params]).norm().item()
d2l.sgd(params, 1e2, 1)

for is_random_iter in (True, False):
    d2l.train_and_predict_rnn(
        rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
        idx_to_char, char_to_idx, is_random_iter, 4, 10, 1e2, 1e-2, 8, 2, 10, ["兰叶", "白云"],
    )  # fmt: skip
