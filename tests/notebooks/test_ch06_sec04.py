"""Section 6.4: the recurrent net as the notebook writes it, against torch."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l
from tests.notebooks.recurrent import read_alike

SIZES = {"vocab_size": 11, "num_hiddens": 5, "device": "cpu"}


def test_one_hot_and_shapes(definitions):
    one_hot, to_onehot = definitions("6.4", "one_hot", "to_onehot")
    X = torch.randint(7, (2, 5))
    assert_close(one_hot(X, 7), F.one_hot(X, 7).float())
    inputs = to_onehot(X, 7)
    assert len(inputs) == 5
    assert_close(torch.stack(inputs), F.one_hot(X.T, 7).float())


def test_number_of_parameters(definitions):
    (get_params,) = definitions("6.4", "get_params", device="cpu")
    assert sum(p.numel() for p in get_params(1027, 256)) == 592_643
    W_xh, W_hh, b_h, W_hq, b_q = get_params(11, 5)
    assert [p.shape for p in (W_xh, W_hh, b_h, W_hq, b_q)] == [
        (11, 5),
        (5, 5),
        (5,),
        (5, 11),
        (11,),
    ]
    assert b_h.abs().sum() == b_q.abs().sum() == 0


@pytest.mark.parametrize("name", ["rnn", "rnn_fast"])
def test_net_is_nn_rnn_forward_and_gradient_over_several_windows(definitions, name):
    names = name, "get_params", "init_rnn_state", "to_onehot", "torch_rnn"
    rnn, get_params, init_rnn_state, to_onehot, torch_rnn = definitions("6.4", *names, **SIZES)
    params = get_params(11, 5)
    layer = torch_rnn(params)
    windows = [to_onehot(X, 11) for X in torch.randint(11, (3, 3, 4))]
    read_alike(rnn, params, init_rnn_state(3, 5, "cpu"), layer, windows)
    for ours, theirs in zip(params[:3], list(layer.parameters())[:3], strict=True):
        assert_close(ours.grad, theirs.grad.T if theirs.ndim == 2 else theirs.grad)


@pytest.mark.parametrize("kind", [list, iter])
@pytest.mark.parametrize("theta", [0.01, 1e6])
def test_clipping_is_torchs(definitions, kind, theta):
    (grad_clipping,) = definitions("6.4", "grad_clipping")
    nets = []
    for _ in range(2):
        torch.manual_seed(0)
        nets.append(nn.Linear(6, 4))
        nets[-1](torch.ones(3, 6)).square().sum().backward()
    ours, theirs = nets
    norm = grad_clipping(kind(ours.parameters()), theta, "cpu")
    assert_close(norm, nn.utils.clip_grad_norm_(theirs.parameters(), theta))
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_close(a.grad, b.grad)


@pytest.mark.parametrize("carry", [True, False])
def test_epoch_is_sgd_along_clipped_gradients(definitions, carry):
    (get_params,) = definitions("6.4", "get_params", device="cpu")
    (train_epoch,) = definitions("6.4", "train_epoch", **SIZES)
    params = get_params(11, 5)
    model = d2l.RNNModel(nn.RNN(11, 5), 11)
    with torch.no_grad():
        targets = [p for name, p in model.named_parameters() if name != "rnn.bias_hh_l0"]
        for target, param in zip(targets, params, strict=True):
            target.copy_(param.T if param.ndim == 2 else param)
        model.rnn.bias_hh_l0.zero_()
    optimizer = torch.optim.SGD(targets, lr=10)
    batches = list(d2l.data_iter_consecutive(torch.randint(11, (100,)), 3, 4))
    perplexity, norms = train_epoch(params, batches, 10, 0.05, carry)

    state, losses = None, []
    for X, Y in batches:
        scores, state = model(X, state.detach() if carry and losses else None)
        loss = F.cross_entropy(scores, Y.T.flatten())
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(targets, 0.05)
        assert_close(norms[len(losses)], norm)
        optimizer.step()
        losses.append(loss.detach())
    assert perplexity == pytest.approx(torch.stack(losses).mean().exp().item(), rel=1e-4)
    for target, param in zip(targets, params, strict=True):
        assert_close(param.detach(), (target.T if target.ndim == 2 else target).detach())


@pytest.mark.parametrize("temperature", [None, 1.5])
def test_writing_is_the_packages(definitions, temperature):
    vocabulary = {
        "idx_to_char": list("abcdefghijk"),
        "char_to_idx": dict(zip("abcdefghijk", range(11), strict=True)),
    }
    (get_params,) = definitions("6.4", "get_params", device="cpu")
    write, rnn, init_rnn_state = definitions(
        "6.4", "write", "rnn", "init_rnn_state", **SIZES, **vocabulary
    )
    params = [10 * param for param in get_params(11, 5)]
    torch.manual_seed(3)
    ours = write("abc", 20, params, temperature)
    torch.manual_seed(3)
    theirs = d2l.predict_rnn(
        "abc", 20, rnn, params, init_rnn_state, 5, 11, "cpu", temperature=temperature, **vocabulary
    )
    assert ours == theirs
    assert len(ours) == 23


def test_choice(definitions):
    (choose,) = definitions("6.4", "choose")
    scores = torch.tensor([0.0, 2.0, 1.0])
    assert choose(scores) == 1
    assert {choose(scores, 0.05) for _ in range(50)} == {1}
    assert {choose(scores, 5.0) for _ in range(200)} == {0, 1, 2}


def test_repeated(definitions):
    (repeated,) = definitions("6.4", "repeated")
    assert repeated("abcdabcd", 4) == pytest.approx(1 / 5)
    assert repeated("abcdefgh", 4) == 0
    assert repeated("aaaaaa", 4) == pytest.approx(2 / 3)
