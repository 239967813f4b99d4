"""``torchrun ... train``: two processes, really started, do what one does, and fail clearly."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from trains_every_net import small

from d2lzh_pytorch.__main__ import main
from d2lzh_pytorch.commands import torchrun
from d2lzh_pytorch.data.fashion_mnist import load_data_fashion_mnist
from d2lzh_pytorch.models.zoo import ZOO, find_model
from d2lzh_pytorch.training.checkpoint import read_checkpoint
from d2lzh_pytorch.training.evaluation import evaluate_accuracy
from d2lzh_pytorch.training.run import Settings, run

LIMIT = 120  # seconds within which anything must be over
ROOT = Path(__file__).parents[2]
IN_ITS_OWN_FOLDER, TRAINS_EVERY_NET = (
    str(Path(__file__).with_name(name)) for name in ("in_its_own_folder.py", "trains_every_net.py")
)
SMALL = replace(
    small("lenet"),
    epochs=2,
    batch_size=63,  # parts of 32 and 31 examples, the last ones of 6 and 5
    lr=0.001,
    seed=3,
    num_train=200,
    num_test=51,
)
ON_AND_ON = replace(SMALL, epochs=100_000)
TORCHRUN = (sys.executable, "-m", "torch.distributed.run")
TWO_HERE = ("--standalone", "--nproc-per-node=2")
EXACT = {"softmax", "mlp", "lenet", "googlenet"}  # nets without dropout and batch normalisation

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no signals to end processes with"
)


def finished(*arguments):
    """Run torchrun with two processes to the end; return its exit code and what it prints."""
    process = subprocess.Popen(
        [*TORCHRUN, *TWO_HERE, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "TQDM_DISABLE": "0"},
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=LIMIT)
    finally:
        process.terminate()  # torchrun then ends its workers
    return process.returncode, out, err


def words(settings, *options):
    """Return the arguments of ``python -m d2lzh_pytorch`` for the settings."""
    values = {**vars(settings), "processes": None, "model": None}
    words = [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]
    words = [word.removesuffix("=True") for word in words if not word.endswith(("None", "False"))]
    return ["train", settings.model, *words, *options]


class Started:
    """A run in the background, by one torchrun or by several, as on several machines.

    The process of rank 1, say, works in the folder ``1``.
    """

    def __init__(self, folder, settings, *options, launcher=TWO_HERE, machines=1):
        self.folder = folder
        arguments = [*launcher, IN_ITS_OWN_FOLDER, folder, *words(settings, *options)]
        with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
            self.launchers = [
                subprocess.Popen([*TORCHRUN, *map(str, arguments)], stdout=out, stderr=err)
                for _ in range(machines)
            ]

    def output(self):
        return (self.folder / "out").read_text()

    def errors(self):
        return (self.folder / "err").read_text()

    def wait_for(self, text):
        end = time.monotonic() + LIMIT
        while text not in self.output():
            assert self.launchers[0].poll() is None, self.errors()
            assert time.monotonic() < end, self.errors()
            time.sleep(0.05)

    def number(self, rank):
        return int((self.folder / f"{rank}" / "pid").read_text())

    def kill(self, rank):
        os.kill(self.number(rank), signal.SIGKILL)

    def wait(self):
        """Return whether all went well."""
        codes = [launcher.wait(LIMIT) for launcher in self.launchers]
        return not any(codes)


@pytest.fixture
def start(tmp_path):
    """Start a run; at the end, see that torchrun has left no process behind."""
    runs = []

    def start(*arguments, **options):
        runs.append(Started(tmp_path, *arguments, **options))
        return runs[-1]

    yield start
    for each in runs:
        for launcher in each.launchers:
            launcher.terminate()  # torchrun then ends its workers
        each.wait()
        for rank in (0, 1):
            with pytest.raises(ProcessLookupError):
                os.kill(each.number(rank), 0)


def numbers(history):
    return [history.loss, history.train_acc, history.test_acc]


def assert_same_state(path, other):
    """Compare the nets and optimizers in two checkpoints."""
    ours, theirs = read_checkpoint(path), read_checkpoint(other)
    for key in ("net", "optimizer"):
        torch.testing.assert_close(ours[key], theirs[key], rtol=1e-4, atol=1e-5)
    assert torch.equal(ours["cpu_rng"], theirs["cpu_rng"])


def test_two_processes_train_as_one_does_and_one_goes_on(tmp_path):
    two, one, log = (tmp_path / name for name in ("two.pt", "one.pt", "two.json"))
    options = words(SMALL, "--checkpoint", two, "--log-file", log)
    code, out, err = finished("-m", "d2lzh_pytorch", *options)
    assert code == 0, err
    run(SMALL, one)
    assert_same_state(two, one)
    lines = out.splitlines()
    assert lines[0].startswith("lenet (section 5.5): 44,426 parameters; 200 images of 28 px")
    assert lines[1] == "training on cpu, 2 processes"
    assert [line.partition(",")[0] for line in lines[2:]] == ["epoch 1", "epoch 2"]
    assert "Traceback" not in err
    assert err.count("epoch 1/2:   0%") == 1  # there is one progress bar
    record = json.loads(log.read_text())
    assert Settings(**record["settings"]) == replace(SMALL, processes=2)
    assert len(record["epochs"]) == 2
    longer = replace(SMALL, epochs=3)
    whole, resumed = run(longer), run(longer, two, resume=True)
    torch.testing.assert_close(numbers(resumed), numbers(whole), rtol=1e-4, atol=1e-5)


def test_every_net_of_the_zoo_trains_with_two_processes(tmp_path):
    code, _, err = finished(TRAINS_EVERY_NET, tmp_path)
    assert code == 0, err
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert first.keys() == second.keys() == ZOO.keys()
    for name, history in first.items():
        for key in ("loss", "train_acc", "test_acc"):
            assert history[key] == second[name][key]
        if name in EXACT:
            assert history["loss"] == pytest.approx(run(small(name)).loss, rel=1e-4)


def test_batch_norm_uses_its_part_and_averages_what_it_learns(tmp_path):
    """One step on one batch: the first layer has seen the same activations as in one process."""
    settings = replace(SMALL, model="lenet-bn", epochs=1, batch_size=40, num_train=40)
    two, one = tmp_path / "two.pt", tmp_path / "one.pt"
    code, out, err = finished("-m", "d2lzh_pytorch", *words(settings, "--checkpoint", two))
    assert code == 0, err
    run(settings, one)
    assert "each process normalises over its own part of a batch" in out
    stored, expected = read_checkpoint(two), read_checkpoint(one)["net"]
    torch.testing.assert_close(stored["net"]["1.running_mean"], expected["1.running_mean"])
    assert int(stored["net"]["1.num_batches_tracked"]) == 1
    net = find_model("lenet-bn").build(28)
    net.load_state_dict(stored["net"])
    _, test_iter = load_data_fashion_mnist(40, num_train=40, num_test=51)
    assert stored["history"]["test_acc"] == [evaluate_accuracy(test_iter, net)]


def test_a_process_that_dies_is_named_soon(start):
    started = start(replace(ON_AND_ON, amp=True))
    started.wait_for("epoch 2,")
    started.kill(rank=1)
    killed = time.monotonic()
    assert not started.wait()
    assert time.monotonic() - killed < 60
    cause = started.errors().partition("Root Cause")[2]
    assert re.search(r"rank +: 1 \(local_rank: 1\)", cause)
    assert "SIGKILL" in cause


def test_a_process_that_fails_is_named_with_its_error(start, tmp_path):
    in_the_way = tmp_path / "0" / ".run.pt.new"  # a folder, where a file is to be written
    in_the_way.mkdir(parents=True)
    started = start(ON_AND_ON, "--checkpoint", "run.pt")
    assert not started.wait()
    cause = started.errors().partition("Root Cause")[2]
    assert re.search(r"rank +: 0 \(local_rank: 0\)", cause)
    assert "Is a directory" in cause


def test_torchrun_starts_anew_what_has_died(start, tmp_path):
    """As on two machines, of which one alone counts the restart."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    launcher = (
        "--nnodes=2", "--nproc-per-node=1", "--rdzv-backend=c10d", "--rdzv-id=7e57",
        f"--rdzv-endpoint=127.0.0.1:{port}", "--local-addr=127.0.0.1", "--max-restarts=2",
    )  # fmt: skip
    settings, files = replace(SMALL, epochs=40), ("--checkpoint=run.pt", "--log-file=log.json")
    started = start(settings, *files, launcher=launcher, machines=2)
    started.wait_for("epoch 2,")
    started.kill(rank=1)
    assert started.wait(), started.errors()
    assert "Started anew by torchrun: going on from run.pt." in started.output()
    epochs = list(map(int, re.findall(r"^epoch (\d+),", started.output(), re.MULTILINE)))
    assert sorted(set(epochs)) == list(range(1, 41))
    assert len(epochs) <= 41  # only the one that was being stored may have been run again
    log = json.loads((tmp_path / "0" / "log.json").read_text())
    assert len(log["epochs"]) == 40
    files = {rank: {file.name for file in (tmp_path / rank).iterdir()} for rank in "01"}
    assert files == {"0": {"log.json", "pid", "run.pt"}, "1": {"pid"}}  # one process writes


def test_an_interrupted_run_of_one_process_goes_on_with_two_and_back(start, tmp_path):
    """Softmax regression is convex, so that rounding does not grow over the epochs."""
    settings = replace(SMALL, model="softmax", lr=0.1, epochs=1)
    path = tmp_path / "run.pt"
    run(settings, path)
    started = start(replace(settings, epochs=100_000), "--checkpoint", path, "--resume")
    started.wait_for("epoch 5,")  # the one before is stored by then
    started.launchers[0].send_signal(signal.SIGINT)
    assert not started.wait()
    assert "1 of 100000 epochs were run before." in started.output()
    assert started.errors().count("Interrupted. Go on with: torchrun [as before] -m") == 1
    done = len(read_checkpoint(path)["history"]["loss"])
    assert done >= 4
    settings = replace(settings, epochs=done + 1)
    whole, resumed = run(settings), run(settings, path, resume=True)
    torch.testing.assert_close(numbers(resumed), numbers(whole), rtol=1e-4, atol=1e-5)


def test_what_cannot_be_run_is_said_once():
    code, out, err = finished("-m", "d2lzh_pytorch", *words(replace(SMALL, resize=96)))
    assert code != 0
    message = "lenet takes images of 28 pixels, not 96; change --resize."
    assert re.findall(r"^train: .*", err, re.MULTILINE) == [f"train: {message}"]
    assert f"ValueError: {message}" in err.partition("Root Cause")[2]
    assert "epoch" not in out


@pytest.fixture
def second_of_two(torchrun_variables, monkeypatch, tmp_path):
    """This process as torchrun starts the second one; how long it waits for the first."""
    waited = []
    monkeypatch.setattr(torchrun.time, "sleep", waited.append)
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(tmp_path / "error.json"))
    return waited


def test_only_the_first_process_says_what_is_wrong(second_of_two, capsys, tmp_path):
    assert main(["train", "lenet", "--batch-size=30", "--num-train=33"]) == 2
    assert capsys.readouterr() == ("", "")
    assert second_of_two == [torchrun.PATIENCE]
    report = json.loads((tmp_path / "error.json").read_text())["message"]
    assert "2 processes share each batch and need two examples each" in report["message"]
    assert "File" not in report["extraInfo"]["py_callstack"]  # the message is all that matters


def test_only_the_first_process_explains_the_usage(second_of_two, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        main(["train", "lenet", "--epochs=0"])
    assert capsys.readouterr() == ("", "")
    assert second_of_two == [torchrun.PATIENCE]
    monkeypatch.setenv("RANK", "0")
    with pytest.raises(SystemExit):
        main(["train", "lenet", "--epochs=0"])
    assert "--epochs" in capsys.readouterr().err
    assert len(second_of_two) == 1
