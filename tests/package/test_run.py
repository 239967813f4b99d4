"""A whole run: what it trains, stores and logs, and that a break does not change it."""

import json
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from d2lzh_pytorch.data.fashion_mnist import load_data_fashion_mnist
from d2lzh_pytorch.models.zoo import ZOO
from d2lzh_pytorch.seed import set_seed
from d2lzh_pytorch.training import run as module
from d2lzh_pytorch.training.checkpoint import CheckpointError, read_checkpoint
from d2lzh_pytorch.training.classification import train_ch5
from d2lzh_pytorch.training.distributed import World
from d2lzh_pytorch.training.run import Settings, run

SMALL = Settings(
    model="lenet-bn",  # it has buffers
    epochs=3,
    batch_size=16,
    resize=28,
    lr=0.001,
    seed=1,
    num_train=40,  # the last batch is shorter
    num_test=20,
    device="cpu",
    amp=False,
    channels_last=False,
    compile=False,
)


def numbers(history):
    return history.loss, history.train_acc, history.test_acc


def test_a_run_is_train_ch5_with_the_settings():
    set_seed(1)
    net = ZOO["lenet-bn"].build(28)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    data = load_data_fashion_mnist(16, num_train=40, num_test=20)
    expected = train_ch5(net, *data, 16, optimizer, "cpu", 3)
    assert numbers(run(SMALL)) == numbers(expected)


@pytest.mark.parametrize("model", ["lenet-bn", "mlp-dropout"])
def test_a_run_with_a_break_is_one_without(model, tmp_path):
    settings = replace(SMALL, model=model)
    whole, broken = tmp_path / "whole.pt", tmp_path / "broken.pt"
    expected = run(settings, whole)
    run(replace(settings, epochs=1), broken)
    torch.rand(5)  # whatever happens in between
    history = run(settings, broken, resume=True)
    assert numbers(history) == numbers(expected)
    assert history.seconds[0] == read_checkpoint(broken)["history"]["seconds"][0]
    for key in ("net", "optimizer"):
        torch.testing.assert_close(
            read_checkpoint(broken)[key], read_checkpoint(whole)[key], rtol=0, atol=0
        )


def test_an_interrupted_epoch_is_run_again(tmp_path, monkeypatch):
    expected = run(SMALL)
    path = tmp_path / "run.pt"
    calls = []

    def interrupted(scores, y):
        calls.append(1)
        if len(calls) == 5:  # in the middle of the second epoch of three batches
            raise KeyboardInterrupt
        return F.cross_entropy(scores, y)

    monkeypatch.setattr(module.nn, "CrossEntropyLoss", lambda: interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(SMALL, path)
    monkeypatch.undo()
    assert len(read_checkpoint(path)["history"]["loss"]) == 1
    assert numbers(run(SMALL, path, resume=True)) == numbers(expected)


def test_a_finished_run_is_not_run_again_but_logged(tmp_path, capsys):
    path, log = tmp_path / "run.pt", tmp_path / "run.json"
    history = run(SMALL, path)
    capsys.readouterr()
    assert numbers(run(SMALL, path, resume=True, log=log)) == numbers(history)
    assert len(json.loads(log.read_text(encoding="utf-8"))["epochs"]) == 3
    out = capsys.readouterr().out
    assert "3 of 3 epochs were run before." in out
    assert "epoch 4" not in out


def test_resuming_without_a_file_starts_anew_and_says_so(tmp_path, capsys):
    path = tmp_path / "deep" / "run.pt"
    run(replace(SMALL, epochs=1), path, resume=True)
    assert f"There is no {path} yet" in capsys.readouterr().out
    assert path.exists()


def test_a_checkpoint_is_not_overwritten_by_another_run(tmp_path):
    path = tmp_path / "run.pt"
    run(replace(SMALL, epochs=1), path)
    before = path.read_bytes()
    with pytest.raises(CheckpointError, match="Add --resume"):
        run(SMALL, path)
    with pytest.raises(CheckpointError, match=r"--lr 0.001 \(now 0.1\), --num-train 40"):
        run(replace(SMALL, lr=0.1, num_train=30), path, resume=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no checkpoint", None, "tensor", "truncated"])
def test_a_damaged_checkpoint_is_named(content, tmp_path):
    path = tmp_path / "run.pt"
    if content is None:
        path.mkdir()
    elif content == "tensor":
        torch.save(torch.zeros(3), path)
    elif content == "truncated":
        run(replace(SMALL, epochs=1), path)
        path.write_bytes(path.read_bytes()[:-1000])
    else:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"run\.pt"):
        run(SMALL, path, resume=True)


def test_a_checkpoint_that_runs_code_is_refused(tmp_path):
    class Harmful:
        def __reduce__(self):
            return (print, ("executed",))

    torch.save({"net": Harmful()}, tmp_path / "run.pt")
    with pytest.raises(CheckpointError):
        run(SMALL, tmp_path / "run.pt", resume=True)


def test_nothing_is_left_beside_checkpoint_and_log(tmp_path):
    run(SMALL, tmp_path / "run.pt", log=tmp_path / "run.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json", "run.pt"]


def test_the_log_holds_settings_machine_and_epochs(tmp_path):
    path = tmp_path / "logs" / "run.json"
    history = run(SMALL, log=path)
    log = json.loads(path.read_text(encoding="utf-8"))
    assert Settings(**log["settings"]) == SMALL
    assert (log["section"], log["parameters"]) == ("5.10", 44_878)
    assert log["machine"]["device"] == "cpu"
    assert [epoch["loss"] for epoch in log["epochs"]] == history.loss
    assert [epoch["test_acc"] for epoch in log["epochs"]] == history.test_acc
    assert log["epochs"][0].keys() == {"loss", "train_acc", "test_acc", "seconds"}


def test_a_resumed_run_logs_all_epochs(tmp_path):
    checkpoint, log = tmp_path / "run.pt", tmp_path / "run.json"
    run(replace(SMALL, epochs=1), checkpoint)
    run(SMALL, checkpoint, resume=True, log=log)
    assert len(json.loads(log.read_text(encoding="utf-8"))["epochs"]) == 3


def test_amp_computes_in_bfloat16_but_keeps_float32_weights(tmp_path, monkeypatch):
    seen = set()

    def loss(scores, y):
        seen.add(scores.dtype)
        return F.cross_entropy(scores, y)

    monkeypatch.setattr(module.nn, "CrossEntropyLoss", lambda: loss)
    path = tmp_path / "run.pt"
    run(replace(SMALL, amp=True), path)
    assert seen == {torch.bfloat16}
    assert read_checkpoint(path)["net"]["0.weight"].dtype == torch.float32


def test_channels_last_changes_the_layout_only(monkeypatch):
    weights = []
    monkeypatch.setattr(module, "fit", lambda net, *args, **options: weights.append(net[4].weight))
    run(SMALL)
    run(replace(SMALL, channels_last=True))
    torch.testing.assert_close(weights[0], weights[1], rtol=0, atol=0)
    layouts = [w.is_contiguous(memory_format=torch.channels_last) for w in weights]
    assert layouts == [False, True]


def test_compile_compiles_the_net(monkeypatch):
    compiled = []
    monkeypatch.setattr(module, "_has_compiler", lambda: True)
    monkeypatch.setattr(nn.Module, "compile", lambda self: compiled.append(type(self)))
    run(replace(SMALL, epochs=1, compile=True))
    assert compiled == [nn.Sequential]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "alexnet", "resize": 64}, "alexnet takes images of at least 67 pixels, not 64"),
        ({"resize": 96}, "lenet-bn takes images of 28 pixels, not 96"),
        ({"num_train": 60_001}, "has 60,000 such examples; lower --num-train"),
        ({"num_test": 20_000}, "has 10,000 such examples; lower --num-test"),
        ({"device": "cuda:99"}, "cuda:99"),
        ({"device": "gpu"}, "is no device"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        run(replace(SMALL, **change))


def test_compile_needs_a_compiler(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(ValueError, match="needs a C\\+\\+ compiler"):
        run(replace(SMALL, compile=True))


def test_an_unknown_model_is_refused():
    with pytest.raises(LookupError, match="no model 'lenet5'; nearest: lenet"):
        run(replace(SMALL, model="lenet5"))


def test_a_job_that_torchrun_starts_anew_goes_on_from_its_own_checkpoint(tmp_path, capsys):
    path = tmp_path / "run.pt"
    run(replace(SMALL, epochs=1), path, world=World(job="a"))
    history = run(SMALL, path, world=World(job="a", restarts=1))
    assert numbers(history) == numbers(run(SMALL))
    assert f"Started anew by torchrun: going on from {path}." in capsys.readouterr().out
    with pytest.raises(CheckpointError, match="Add --resume"):
        run(SMALL, path, world=World(job="b", restarts=1))


def test_a_job_without_an_id_cannot_know_its_checkpoint(tmp_path):
    path = tmp_path / "run.pt"
    run(replace(SMALL, epochs=1), path, world=World(job="none"))
    with pytest.raises(CheckpointError, match="--rdzv-id"):
        run(SMALL, path, world=World(job="none", restarts=1))
