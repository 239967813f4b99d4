"""Section 4.5: the checkpoint as the notebook writes it."""

import pytest
import torch
from torch import nn

OPTIMIZERS = {
    "momentum": lambda params: torch.optim.SGD(params, lr=0.1, momentum=0.9),
    "adam": lambda params: torch.optim.Adam(params, lr=0.01),
}


def take_steps(net, optimizer, count):
    for _ in range(count):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(torch.randn(8, 3)), torch.zeros(8, 1)).backward()
        optimizer.step()


@pytest.mark.parametrize("make_optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_a_resumed_run_equals_an_uninterrupted_one(definitions, tmp_path, make_optimizer):
    save_checkpoint, load_checkpoint = definitions("4.5", "save_checkpoint", "load_checkpoint")

    def build():
        net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 1))
        return net, make_optimizer(net.parameters())

    net, optimizer = build()
    take_steps(net, optimizer, 3)
    save_checkpoint(tmp_path / "c.pt", net, optimizer, epoch=3)
    take_steps(net, optimizer, 4)

    torch.manual_seed(12345)
    resumed, resumed_optimizer = build()
    assert load_checkpoint(tmp_path / "c.pt", resumed, resumed_optimizer) == 3
    take_steps(resumed, resumed_optimizer, 4)
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def test_a_failed_save_keeps_the_old_checkpoint(definitions, tmp_path, monkeypatch):
    save_checkpoint, load_checkpoint = definitions("4.5", "save_checkpoint", "load_checkpoint")
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    save_checkpoint(tmp_path / "c.pt", net, optimizer, epoch=1)

    def fails_half_way(_, path):
        path.write_bytes(b"PK")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", fails_half_way)
    with pytest.raises(OSError, match="no space"):
        save_checkpoint(tmp_path / "c.pt", net, optimizer, epoch=2)
    assert load_checkpoint(tmp_path / "c.pt", net, optimizer) == 1


def test_the_training_loop_returns_one_row_an_epoch(definitions):
    loader = [(torch.randn(4, 2), torch.tensor([0, 1, 1, 0]))] * 3
    build, train = definitions("4.5", "build", "train", loader=loader)
    net, optimizer = build()
    trace = train(net, optimizer, 2)
    parameters = nn.utils.parameters_to_vector(net.parameters())
    assert trace.shape == (2, len(parameters))
    assert torch.equal(trace[-1], parameters)
    assert not torch.equal(trace[0], trace[1])
