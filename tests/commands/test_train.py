"""``train``: its defaults, what it refuses, and what it says when interrupted."""

import json

import pytest

from d2lzh_pytorch.__main__ import main
from d2lzh_pytorch.training import run as module
from d2lzh_pytorch.training.distributed import ALONE

SMALL = ["--num-train", "40", "--num-test", "20"]


@pytest.fixture
def asked(monkeypatch):
    """What the command asks of :func:`run`, without running it."""
    calls = []
    monkeypatch.setattr(module, "run", lambda *arguments: calls.append(arguments))
    return calls


def test_the_defaults_are_the_books(asked):
    assert main(["train", "nin"]) == 0
    ((settings, checkpoint, resume, log, world),) = asked
    assert (settings.epochs, settings.batch_size, settings.resize, settings.lr) == (
        5, 128, 224, 0.002,
    )  # fmt: skip
    assert (settings.num_train, settings.num_test, settings.seed) == (60_000, 10_000, 0)
    assert (settings.amp, settings.channels_last, settings.compile) == (False, False, False)
    assert (checkpoint, resume, log) == (None, False, None)
    assert (settings.processes, world) == (1, ALONE)


def test_every_option_arrives(asked, tmp_path):
    options = (
        "--epochs 2 --batch-size 64 --resize 96 --lr 0.01 --device cpu --amp --channels-last "
        f"--compile --seed 7 --num-train 100 --num-test 50 --checkpoint {tmp_path}/a.pt --resume "
        f"--log {tmp_path}/a.json"
    )
    assert main(["train", "vgg", *options.split()]) == 0
    ((settings, *files),) = asked
    assert vars(settings) == {
        "model": "vgg", "epochs": 2, "batch_size": 64, "resize": 96, "lr": 0.01, "device": "cpu",
        "amp": True, "channels_last": True, "compile": True, "seed": 7, "num_train": 100,
        "num_test": 50, "processes": 1,
    }  # fmt: skip
    assert files == [tmp_path / "a.pt", True, tmp_path / "a.json", ALONE]


def test_trains_and_logs(tmp_path, capsys):
    log = tmp_path / "lenet.json"
    arguments = ["lenet", *SMALL, "--epochs", "2", "--device", "cpu", "--log", str(log)]
    assert main(["train", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("lenet (section 5.5): 44,426 parameters; 40 images of 28 px")
    assert lines[1] == "training on cpu"
    assert [line.partition(",")[0] for line in lines[2:]] == ["epoch 1", "epoch 2"]
    assert len(json.loads(log.read_text(encoding="utf-8"))["epochs"]) == 2


def test_list_names_every_net(capsys):
    assert main(["train", "list"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["nin", "5.8", "224", "128", "0.002", "Adam"] in rows
    assert ["softmax", "3.7", "28", "256", "0.1", "SGD"] in rows


@pytest.mark.parametrize(
    "option",
    [
        ["--epochs", "0"],
        ["--epochs", "-1"],
        ["--epochs", "two"],
        ["--batch-size", "1.5"],
        ["--resize", "0"],
        ["--lr", "0"],
        ["--lr", "nan"],
        ["--lr", "inf"],
        ["--lr", "fast"],
        ["--seed", "-1"],
        ["--seed", str(2**32)],
        ["--num-train", "0"],
    ],
)
def test_nonsense_values_are_wrong_usage(option, asked, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", "lenet", *option])
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert option[0] in error
    assert repr(option[1]) in error
    assert not asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lenett"], "nearest: lenet"),
        (["lenet", "--resize", "96"], "28 pixels"),
        (["lenet", "--num-train", "70000"], "60,000"),
        (["lenet", "--device", "cuda:99"], "cuda:99"),
        (["lenet", "--resume"], "--checkpoint"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(arguments, message, capsys):
    assert main(["train", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("train: ")
    assert error.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    log = tmp_path / "file" / "log.json"
    assert main(["train", "lenet", *SMALL, "--epochs", "1", "--log", str(log)]) == 1
    captured = capsys.readouterr()
    assert str(tmp_path / "file") in captured.err
    assert "epoch" not in captured.out  # found out before anything was trained


@pytest.mark.parametrize("exists", [True, False])
def test_an_interrupted_run_says_how_to_go_on(exists, monkeypatch, tmp_path, capsys):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run", interrupted)
    path = tmp_path / "a.pt"
    if exists:
        path.write_text("")
    words = ["train", "lenet", "--checkpoint", str(path)]
    monkeypatch.setattr("sys.argv", ["d2lzh_pytorch", *words])
    assert main(words) == 1
    error = capsys.readouterr().err
    if exists:
        assert f"python -m d2lzh_pytorch train lenet --checkpoint {path} --resume" in error
    else:
        assert "No epoch was finished" in error


def test_an_interrupted_run_without_checkpoint_says_so(monkeypatch, capsys):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run", interrupted)
    assert main(["train", "lenet"]) == 1
    assert "with --checkpoint FILE a run can go on later" in capsys.readouterr().err
