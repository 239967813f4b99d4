"""RESULTS.md: which runs stand where, and what is refused."""

import json
from dataclasses import asdict, replace

import pytest

from benchmarks import regression, results
from benchmarks.book import CLASSIFIERS, REGRESSIONS
from d2lzh_pytorch.models.zoo import ZOO
from d2lzh_pytorch.training.run import Settings, run

LENET = Settings(
    model="lenet",
    epochs=5,
    batch_size=256,
    resize=28,
    lr=0.001,
    seed=0,
    num_train=60_000,
    num_test=10_000,
    device="cpu",
    amp=False,
    channels_last=False,
    compile=False,
)
MACHINE = {"device": "cpu", "threads": 2, "torch": "2.15.0", "python": "3.12.1", "system": "Linux"}


def log(settings=LENET, *, loss=0.61, test_acc=0.75, seconds=(3.0, 2.5), machine=MACHINE):
    times = [seconds[0]] * (settings.epochs - 1) + [seconds[1]]
    epochs = [
        {"loss": loss + i, "train_acc": 0.7, "test_acc": test_acc, "seconds": time}
        for i, time in zip(reversed(range(settings.epochs)), times, strict=True)
    ]
    record = {"settings": asdict(settings), "section": "5.5", "parameters": 44_426}
    return record | {"machine": machine, "epochs": epochs}


@pytest.fixture
def built(tmp_path):
    """Build the three tables from logs and return their rows, cell by cell."""

    def build(*logs, regressions=()):
        for number, each in enumerate(logs):
            (tmp_path / f"{number}.json").write_text(json.dumps(each))
        if regressions:
            (tmp_path / "regression.json").write_text(json.dumps(regressions))
        tables = []
        for line in results.build(tmp_path).splitlines():
            if line.startswith("## "):
                tables.append([])
            elif line.startswith("| ") and not line.startswith("| section"):
                tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        return tables

    return build


def rows_of(rows, title):
    return [row for row in rows if row[1] == title]


def test_the_file_in_the_repository_is_that_of_the_logs():
    written = results.FILE.read_text(encoding="utf-8")
    assert written == results.build(results.FOLDER), "run `make results`"


def test_what_was_not_run_says_so(built):
    full, reduced, regressions = built()
    assert len(full) == len(CLASSIFIERS)
    assert all(row[7] == "not run" for row in full)
    assert reduced == []
    assert [row[4] for row in regressions] == ["not run"] * len(REGRESSIONS)


def test_runs_with_the_books_settings_stand_beside_its_numbers(built):
    seeds = [replace(LENET, seed=seed) for seed in range(3)]
    full, reduced, _ = built(*map(log, seeds))
    assert reduced == []
    (row,) = rows_of(full, "LeNet")
    assert row[3:7] == ["0.61", "0.759", "0.759", "1.6–1.8"]
    assert row[7:] == ["0.61", "0.700", "0.750", "2.5", "cpu, threads: 2", "3"]


def test_seeds_make_a_range(built):
    logs = [
        log(loss=0.60, test_acc=0.751),
        log(replace(LENET, seed=1), loss=0.657, test_acc=0.7449, seconds=(2.0, 9.0)),
    ]
    (row,) = rows_of(built(*logs)[0], "LeNet")
    assert row[7:] == ["0.60–0.66", "0.700", "0.745–0.751", "2.0", "cpu, threads: 2", "2"]


@pytest.mark.parametrize(
    "change",
    [{"epochs": 4}, {"num_train": 6000}, {"num_test": 100}, {"lr": 0.1}, {"batch_size": 8}],
)
def test_other_settings_stand_apart(built, change):
    full, reduced, _ = built(log(replace(LENET, **change)))
    assert rows_of(full, "LeNet")[0][7] == "not run"
    ((section, title, setting, *ours),) = reduced
    assert (section, title) == ("5.5", "LeNet")
    (value,) = change.values()
    assert f"{value:,}" in setting or "num_test" in change
    assert ours == ["0.61", "0.700", "0.750", "1"]


def test_a_smaller_size_is_another_setting(built):
    settings = replace(LENET, model="resnet18", resize=32, num_train=6000)
    full, reduced, _ = built(log(settings))
    assert rows_of(full, "ResNet-18")[0][7] == "not run"
    assert reduced[0][2] == "6,000 images of 32 px, 5 epochs, batch 256, lr 0.001"


def test_a_learning_rate_decides_between_two_rows(built):
    scratch = replace(LENET, model="mlp", lr=100 / 256)
    full, reduced, _ = built(log(scratch, loss=0.36), log(replace(scratch, lr=0.5), loss=0.37))
    assert rows_of(full, "MLP from scratch")[0][7] == "0.36"
    assert rows_of(full, "MLP")[0][7] == "0.37"
    assert reduced == []


def test_machines_and_options_have_rows_of_their_own(built):
    gpu = MACHINE | {"device": "NVIDIA H100"}
    fast = log(replace(LENET, amp=True, channels_last=True), machine=gpu)
    full, _, _ = built(log(), log(machine=gpu), fast)
    rows = rows_of(full, "LeNet")
    assert {row[11] for row in rows} == {"cpu, threads: 2", "NVIDIA H100"}
    assert [row[2] for row in rows if row[2].endswith("Adam, amp, channels_last")]


def test_the_number_of_processes_is_told(built):
    older = log()
    del older["settings"]["processes"]  # logs have it since several can train together
    full, _, _ = built(older, log(replace(LENET, seed=1)), log(replace(LENET, processes=2)))
    rows = rows_of(full, "LeNet")
    assert sorted((row[2], row[12]) for row in rows) == [
        ("28 px, batch 256, lr 0.001, Adam", "2"),
        ("28 px, batch 256, lr 0.001, Adam, 2 processes", "1"),
    ]


def test_the_books_wrongly_scaled_losses_are_corrected():
    losses = {entry.title: entry.loss for entry in CLASSIFIERS}
    assert losses["AlexNet"] == pytest.approx(0.23, abs=0.005)
    assert losses["ResNet-18"] == pytest.approx(0.15, abs=0.005)
    for entry in CLASSIFIERS:  # a loss that small would need a better net than these are
        assert 0.1 < entry.loss < 0.7


def test_every_net_of_the_zoo_has_a_row():
    assert {entry.model for entry in CLASSIFIERS} == ZOO.keys()


def test_a_log_of_the_command_is_read(built, tmp_path):
    settings = replace(LENET, epochs=1, num_train=32, num_test=16, batch_size=16)
    path = tmp_path / "written" / "lenet.json"
    history = run(settings, log=path)
    _, reduced, _ = built(json.loads(path.read_text()))
    assert reduced[0][3:6] == [
        f"{history.loss[0]:.2f}", f"{history.train_acc[0]:.3f}", f"{history.test_acc[0]:.3f}"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"settings": {}}', '{"settings": 1}'])
def test_a_damaged_log_is_named(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ValueError, match=r"bad\.json is no log"):
        results.build(tmp_path)


def test_an_unfinished_run_is_refused(tmp_path):
    unfinished = log()
    del unfinished["epochs"][3:]
    (tmp_path / "lenet.json").write_text(json.dumps(unfinished))
    with pytest.raises(ValueError, match="has 3 of 5 epochs"):
        results.build(tmp_path)


def test_the_command_writes_the_file_or_says_what_is_wrong(tmp_path, monkeypatch, capsys):
    file, folder = tmp_path / "RESULTS.md", tmp_path / "logs"
    folder.mkdir()
    monkeypatch.setattr(results, "FILE", file)
    monkeypatch.setattr(results, "FOLDER", folder)
    assert results.main() == 0
    before = file.read_text(encoding="utf-8")
    assert "not run" in before
    (folder / "bad.json").write_text("{")
    assert results.main() == 1
    assert "bad.json" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == before


def test_regressions_of_all_seeds_make_a_range(built):
    names = ("section", "title", "quantity", "seed", "value")
    row = ("3.2", "linear regression from scratch", "half the MSE")
    runs = [dict(zip(names, (*row, s, v), strict=True)) for s, v in ((0, 5e-5), (1, 4.6e-5))]
    rows = built(regressions=runs)[2]
    assert rows[0][3:5] == ["5e-05", "4.6e-05–5e-05"]


def test_the_regressions_find_the_true_weights():
    """What they measure has the size that noise of deviation 0.01 leaves."""
    (half,) = regression.linear_scratch()
    (mse,) = regression.linear_concise()
    assert 0.00003 < half[3] < 0.00008
    assert 0.00006 < mse[3] < 0.00016
    plain, decayed = regression.weight_decay()
    assert 11 < plain[3] < 16
    assert 0.01 < decayed[3] < 0.2


def test_every_measured_regression_is_in_the_books_table():
    known = {(entry.section, entry.title, entry.quantity) for entry in REGRESSIONS}
    measured = {
        value[:3]
        for measure in (regression.linear_scratch, regression.cubic, regression.weight_decay)
        for value in measure()
    }
    assert measured <= known
