"""Section 4.5: the checkpoint as the notebook writes it."""

import json
import struct

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


CODES = {torch.float32: "F32", torch.int64: "I64"}
TENSORS = {
    "matrix": torch.arange(6.0).reshape(2, 3),
    "scalar": torch.tensor(7),
    "empty": torch.zeros(0, 4),
    "转置": torch.tensor([[1, 2], [3, 4]]).T,
}


def test_a_file_of_tensors_has_the_three_parts_of_the_format(definitions, tmp_path):
    (save_tensors,) = definitions("4.5", "save_tensors", CODES=CODES)
    save_tensors(tmp_path / "t.safetensors", TENSORS)
    content = (tmp_path / "t.safetensors").read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    table = json.loads(content[8:start])
    assert list(table) == list(TENSORS)
    assert [entry["dtype"] for entry in table.values()] == ["F32", "I64", "F32", "I64"]
    assert [entry["shape"] for entry in table.values()] == [[2, 3], [], [0, 4], [2, 2]]
    ends = [entry["data_offsets"] for entry in table.values()]
    assert ends == [[0, 24], [24, 32], [32, 32], [32, 64]]
    assert struct.unpack("<6f", content[start : start + 24]) == (0, 1, 2, 3, 4, 5)
    assert struct.unpack("<4q", content[start + 32 :]) == (1, 3, 2, 4)


def test_tensors_come_back_as_they_were(definitions, tmp_path):
    functions = definitions("4.5", "save_tensors", "read_tensors", CODES=CODES)
    save_tensors, read_tensors = functions
    nonempty = {name: tensor for name, tensor in TENSORS.items() if tensor.numel()}
    save_tensors(tmp_path / "t.safetensors", nonempty)
    loaded = read_tensors(tmp_path / "t.safetensors")
    assert list(loaded) == list(nonempty)
    for name, tensor in nonempty.items():
        assert loaded[name].dtype == tensor.dtype
        assert torch.equal(loaded[name], tensor), name
