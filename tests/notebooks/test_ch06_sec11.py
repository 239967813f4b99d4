"""Section 6.11: the nets that read images row by row, as the notebook writes them."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 2])
def test_row_lstm_is_torchs_lstm_and_a_linear_layer(definitions, num_layers, bidirectional):
    (RowLSTM,) = definitions("6.11", "RowLSTM")
    ours = RowLSTM(6, num_layers, bidirectional)
    lstm = nn.LSTM(28, 6, num_layers, batch_first=True, bidirectional=bidirectional)
    dense = nn.Linear(12 if bidirectional else 6, 10)
    lstm.load_state_dict(ours.lstm.state_dict())
    dense.load_state_dict(ours.dense.state_dict())
    theirs = [*lstm.parameters(), *dense.parameters()]

    X, y = torch.rand(4, 1, 28, 28), torch.tensor([1, 5, 0, 9])
    optimizers = [torch.optim.Adam(params, lr=0.01) for params in (ours.parameters(), theirs)]
    for _ in range(2):  # before and after a step
        Y, _ = lstm(X[:, 0])
        last = torch.cat([Y[:, -1, :6], Y[:, 0, 6:]], dim=1)  # nothing after 6 in one direction
        scores = ours(X), dense(last)
        assert_close(*scores)
        for each, optimizer in zip(scores, optimizers, strict=True):
            optimizer.zero_grad()
            F.cross_entropy(each, y).backward()
            optimizer.step()
        assert_close([p.grad for p in ours.parameters()], [p.grad for p in theirs])


@pytest.mark.parametrize(
    ("size", "expected"),
    [((64,), 24_714), ((64, 1, True), 49_418), ((128, 2), 214_282), ((128, 2, True), 559_626)],
)
def test_number_of_parameters(definitions, size, expected):
    RowLSTM, count_parameters = definitions("6.11", "RowLSTM", "count_parameters")
    assert count_parameters(RowLSTM(*size)) == expected


@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_last_step_leaves_a_matrix_untrained(definitions, num_layers):
    LastStep, RowLSTM = definitions("6.11", "LastStep", "RowLSTM")
    X, y = torch.rand(4, 1, 28, 28), torch.tensor([1, 5, 0, 9])
    for kind, expected in (
        (LastStep, [f"lstm.weight_hh_l{num_layers - 1}_reverse"]),
        (RowLSTM, []),
    ):
        net = kind(6, num_layers, bidirectional=True)
        F.cross_entropy(net(X), y).backward()
        assert [name for name, p in net.named_parameters() if not p.grad.any()] == expected


def test_rows_read(definitions):
    (rows_read,) = definitions("6.11", "rows_read")
    assert [rows_read(1, -1), rows_read(1, 0), rows_read(2, -1)] == [1, 28, 28]


def test_reading_across_images_mixes_them(definitions):
    AcrossImages, RowLSTM = definitions("6.11", "AcrossImages", "RowLSTM")
    X = torch.rand(5, 1, 28, 28)
    changed = X.clone()
    changed[:, :, :-1] = 0  # all but the last row
    across, along = AcrossImages(), RowLSTM(64)
    assert_close(across(X), across(changed), rtol=0, atol=0)
    assert not along(X).allclose(along(changed))
    order = torch.tensor([4, 2, 0, 1, 3])
    assert not across(X)[order].allclose(across(X[order]))
    assert_close(along(X)[order], along(X[order]))


def test_reordered(definitions):
    (Reordered,) = definitions("6.11", "Reordered")
    order = torch.randperm(784)
    X = torch.rand(3, 1, 28, 28)
    moved = Reordered(nn.Identity(), order)(X)
    assert moved.shape == X.shape
    assert_close(moved.flatten(start_dim=1), X.flatten(start_dim=1)[:, order])


def test_scores_by_row_end_with_the_nets_own(definitions):
    RowLSTM, scores_by_row = definitions("6.11", "RowLSTM", "scores_by_row")
    net, X = RowLSTM(6), torch.rand(3, 1, 28, 28)
    scores = scores_by_row(net, X)
    assert scores.shape == (3, 28, 10)
    assert_close(scores[:, -1], net(X))
    shorter = X.clone()
    shorter[:, :, 10:] = 0
    assert_close(scores_by_row(net, shorter)[:, :10], scores[:, :10])


def test_lenet_has_no_sigmoid(definitions):
    lenet, count_parameters = definitions("6.11", "lenet", "count_parameters")
    net = lenet()
    assert not any(isinstance(layer, nn.Sigmoid) for layer in net.modules())
    assert sum(isinstance(layer, nn.ReLU) for layer in net.modules()) == 4
    assert count_parameters(net) == 44_426
