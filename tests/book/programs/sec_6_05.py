"""Section 6.5: the same with PyTorch's layers, and with those of sections 6.7 and 6.8."""

import sys

import torch
from torch import nn

sys.path.append("..")
import d2lzh_pytorch as d2l

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
corpus_indices, char_to_idx, idx_to_char, vocab_size = d2l.load_data_poems(2000)

num_hiddens, num_steps, batch_size = 32, 10, 8
model = d2l.RNNModel(nn.RNN(input_size=vocab_size, hidden_size=num_hiddens), vocab_size).to(device)
babble = d2l.predict_rnn_pytorch("兰叶", 10, model, vocab_size, device, idx_to_char, char_to_idx)

for layer in (model.rnn, nn.GRU(vocab_size, num_hiddens), nn.LSTM(vocab_size, num_hiddens)):
    model = d2l.RNNModel(layer, vocab_size)
    d2l.train_and_predict_rnn_pytorch(
        model, num_hiddens, vocab_size, device, corpus_indices, idx_to_char, char_to_idx, 4,
        num_steps, 1e-2, 1e-2, batch_size, 2, 10, ["兰叶", "白云"],
    )  # fmt: skip
