"""Section 6.10: the two directions, and what each step sees, as the notebook writes them."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU])
def test_two_nets_are_torchs_bidirectional_layer(definitions, kind):
    bidirectional, split_directions = definitions("6.10", "bidirectional", "split_directions")
    layer = kind(5, 4, bidirectional=True)
    forward, backward = split_directions(layer)
    halves = [forward, backward]
    X = torch.randn(6, 3, 5)
    for _ in range(2):  # before and after a step
        (ours, H_ours), (theirs, H_theirs) = bidirectional(X, forward, backward), layer(X)
        assert_close(ours, theirs)
        assert_close(torch.cat(H_ours), H_theirs)
        params = [p for half in halves for p in half.parameters()]
        for Y, net in ((ours, params), (theirs, list(layer.parameters()))):
            optimizer = torch.optim.SGD(net, lr=0.1)
            optimizer.zero_grad()
            Y.square().sum().backward()
            optimizer.step()
        assert_close([p.grad for p in params], [p.grad for p in layer.parameters()])


def test_directions_of_different_sizes(definitions):
    (bidirectional,) = definitions("6.10", "bidirectional")
    forward, backward = nn.GRU(5, 4), nn.GRU(5, 2)
    X = torch.randn(6, 3, 5)
    Y, (H_f, H_b) = bidirectional(X, forward, backward)
    assert_close(Y[:, :, :4], forward(X)[0])
    assert_close(Y[0, :, 4:], H_b[0])
    assert_close(Y[-1, :, :4], H_f[0])


def test_seen_by(definitions):
    (seen_by,) = definitions("6.10", "seen_by")
    all_true = torch.ones(6, 6, dtype=torch.bool)
    forward, both = nn.RNN(5, 4), nn.RNN(5, 4, bidirectional=True)
    assert seen_by(lambda X: forward(X)[0], num_steps=6).equal(all_true.tril())
    assert seen_by(lambda X: both(X)[0], num_steps=6).equal(all_true)
    assert seen_by(lambda X: X, num_steps=6).equal(torch.eye(6).bool())


@pytest.mark.parametrize(
    ("sides", "seen"),
    [
        (["left"], lambda full: full.tril(-1)),
        (["right"], lambda full: full.triu(1)),
        (["left", "right"], lambda full: full.tril(-1) | full.triu(1)),
    ],
)
def test_filling_does_not_see_what_it_fills(definitions, sides, seen):
    Fill, seen_by = definitions("6.10", "Fill", "seen_by", vocab_size=7)
    full = torch.ones(8, 8, dtype=torch.bool)
    model = Fill(6, sides)
    assert seen_by(model.states, 64, num_steps=8).equal(seen(full))

    X = torch.randint(7, (2, 8))
    scores = model(X)
    assert scores.shape == (8, 2, 7)
    for step in range(8):
        changed = X.clone()
        changed[:, step] = (X[:, step] + 1) % 7
        assert_close(model(changed)[step], scores[step], rtol=0, atol=0)


def test_states_are_those_of_a_bidirectional_layer(definitions):
    (Fill,) = definitions("6.10", "Fill", vocab_size=7)
    model = Fill(6, ["left", "right"])
    layer = nn.RNN(64, 6, bidirectional=True)
    state = dict(model.rnns["left"].state_dict())
    state |= {f"{name}_reverse": w for name, w in model.rnns["right"].state_dict().items()}
    layer.load_state_dict(state)
    E = torch.randn(5, 2, 64)
    Y, states = layer(E)[0], model.states(E)
    assert_close(states[1:, :, :6], Y[:-1, :, :6])
    assert_close(states[:-1, :, 6:], Y[1:, :, 6:])
    assert not states[0, :, :6].any()
    assert not states[-1, :, 6:].any()


def test_fill_losses(definitions):
    Fill, fill_losses = definitions("6.10", "Fill", "fill_losses", vocab_size=7)
    model, X = Fill(6, ["left", "right"]), torch.randint(7, (3, 8))
    losses = fill_losses(model, X)
    assert losses.shape == (8, 3)
    assert_close(losses.mean(), F.cross_entropy(model(X).permute(1, 2, 0), X))


def test_loss_by_step(definitions):
    (loss_by_step,) = definitions("6.10", "loss_by_step")
    model = d2l.RNNModel(nn.RNN(7, 4, bidirectional=True), 7)
    windows = torch.randint(7, (3, 6))
    scores, _ = model(windows[:, :-1])
    expected = F.cross_entropy(scores, windows[:, 1:].T.flatten(), reduction="none")
    assert_close(loss_by_step(model, windows), expected.view(5, 3).mean(dim=1))


def test_a_bidirectional_language_model_learns_to_copy():
    """What the section measures at length: random text is "predicted", but for the last step."""
    torch.manual_seed(0)
    model = d2l.RNNModel(nn.RNN(6, 16, bidirectional=True), 6)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(150):
        text = torch.randint(6, (32, 11))
        scores, _ = model(text[:, :-1])
        losses = F.cross_entropy(scores, text[:, 1:].T.flatten(), reduction="none").view(10, 32)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
    assert losses[:-1].mean() < 0.3
    assert losses[-1].mean() > 1.5  # log 6 is 1.79
