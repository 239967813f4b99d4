"""Build RESULTS.md from the logs in benchmarks/results: ``make results``.

A log is what ``python -m d2lzh_pytorch train MODEL --log FILE`` writes. Runs that differ in the
seed only stand in one row. Nothing in the tables is typed by hand, the book's numbers aside, which
stand in :mod:`benchmarks.book`.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.book import CLASSIFIERS, REGRESSIONS, Classifier
from d2lzh_pytorch.models.zoo import EPOCHS, find_model

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).with_name("results")
FILE = ROOT / "RESULTS.md"
NOT_RUN = "not run"

HEAD = """\
# Results beside the book's

Built by `make results` from the logs in [benchmarks/results](benchmarks/results); do not edit.

The book's numbers are those of one run without a fixed seed, on unnamed hardware; a loss that it
prints divided by the batch size once too often is given as it should be. Ours are those of the last
epoch: one number, or the range over the seeds. Losses are means per example over the training set,
while the weights were changing; *train* and *test* are accuracies. Seconds are of one epoch,
evaluation included, the shortest one, as other work on a machine only ever adds time.
"""

REDUCED = """\
Smaller images or fewer of them, so that a laptop without a GPU can follow: the settings of the
notebooks. They are not comparable with the book's numbers, and no times are given.
"""


@dataclass(frozen=True)
class Group:
    """Runs with the same settings, the seed aside."""

    settings: dict[str, Any]
    machine: dict[str, Any]
    logs: list[dict[str, Any]]

    def last(self, key: str) -> list[float]:
        """Return a value of the last epoch, one for each run."""
        return [log["epochs"][-1][key] for log in self.logs]

    def seconds(self) -> float:
        """Return the time of the shortest epoch of all runs."""
        return min(float(epoch["seconds"]) for log in self.logs for epoch in log["epochs"])

    def is_full(self, lr: float | None) -> bool:
        """Tell whether the book's settings were run, with its learning rate or another one."""
        model, settings = find_model(self.settings["model"]), self.settings
        return (
            settings["lr"] == (lr or model.lr)
            and settings["epochs"] == EPOCHS
            and settings["batch_size"] == model.batch_size
            and settings["resize"] == model.resize
            and settings["num_train"] == 60_000
            and settings["num_test"] == 10_000
        )


def read_logs(folder: Path) -> list[Group]:
    """Return the logs in `folder`, those of one setting and machine together.

    Raises
    ------
    ValueError
        If a file is no log of the command ``train``, or its run was not finished.
    """
    groups: dict[str, Group] = {}
    for path in sorted(folder.glob("*.json")):
        if path.name == "regression.json":
            continue
        try:
            log = json.loads(path.read_text(encoding="utf-8"))
            settings, machine = {"processes": 1, **log["settings"]}, log["machine"]
            done = len(log["epochs"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is no log of `d2lzh_pytorch train` ({error!r}); delete it or run it again"
            ) from None
        if done != settings["epochs"]:
            raise ValueError(f"{path} has {done} of {settings['epochs']} epochs; finish the run")
        settings.pop("seed")
        key = json.dumps([settings, machine], sort_keys=True)
        groups.setdefault(key, Group(settings, machine, [])).logs.append(log)
    return list(groups.values())


def read_regressions(folder: Path) -> dict[tuple[str, str, str], list[float]]:
    """Return the values that `benchmarks.regression` stored, one for each seed."""
    path = folder / "regression.json"
    values: dict[tuple[str, str, str], list[float]] = {}
    for run in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else ():
        values.setdefault((run["section"], run["title"], run["quantity"]), []).append(run["value"])
    return values


def build(folder: Path) -> str:
    """Return the text of RESULTS.md."""
    groups = read_logs(folder)
    parts = [
        HEAD,
        "## The book's settings\n",
        table(
            "section | net | setting | book: loss | train | test | s/epoch "
            "| ours: loss | train | test | s/epoch | device | seeds",
            _full_rows(groups),
        ),
        "## Reduced settings\n",
        REDUCED,
        table(
            "section | net | setting | loss | train | test | seeds",
            _reduced_rows(groups),
        ),
        "## Regressions of chapter 3\n",
        table(
            "section | model | quantity | book | ours | note",
            _regression_rows(read_regressions(folder)),
        ),
    ]
    return "\n".join(parts)


def _full_rows(groups: Sequence[Group]) -> Iterator[list[str]]:
    for entry in CLASSIFIERS:
        model = find_model(entry.model)
        setting = (
            f"{model.resize} px, batch {model.batch_size}, lr {entry.lr or model.lr:.3g}, "
            f"{model.optimizer.__name__}"
        )
        book = [
            f"{entry.loss:.2f}",
            f"{entry.train_acc:.3f}",
            f"{entry.test_acc:.3f}",
            "" if entry.seconds is None else "–".join(f"{s:.1f}" for s in entry.seconds),
        ]
        found = [group for group in groups if _belongs(group, entry)]
        for group in found:
            yield [entry.section, entry.title, _with_options(setting, group), *book, *_ours(group)]
        if not found:
            yield [entry.section, entry.title, setting, *book, NOT_RUN, "", "", "", "", ""]


def _belongs(group: Group, entry: Classifier) -> bool:
    return group.settings["model"] == entry.model and group.is_full(entry.lr)


def _reduced_rows(groups: Sequence[Group]) -> Iterator[list[str]]:
    for entry in {entry.model: entry for entry in CLASSIFIERS}.values():
        rates = [other.lr for other in CLASSIFIERS if other.model == entry.model]
        for group in groups:
            if group.settings["model"] != entry.model or any(map(group.is_full, rates)):
                continue
            size = "{num_train:,} images of {resize} px, {epochs} epochs"
            setting = f"{size}, batch {{batch_size}}, lr {{lr:.3g}}".format_map(group.settings)
            numbers = [*_last(group), str(len(group.logs))]
            yield [entry.section, entry.title, _with_options(setting, group), *numbers]


def _regression_rows(
    values: dict[tuple[str, str, str], list[float]],
) -> Iterator[list[str]]:
    for entry in REGRESSIONS:
        ours = values.get((entry.section, entry.title, entry.quantity))
        yield [
            entry.section,
            entry.title,
            entry.quantity,
            "" if entry.book is None else f"{entry.book:.3g}",
            NOT_RUN if ours is None else _range(ours, ".3g"),
            entry.note,
        ]


def _with_options(setting: str, group: Group) -> str:
    options = [name for name in ("amp", "channels_last", "compile") if group.settings[name]]
    if group.settings["processes"] > 1:
        options.append(f"{group.settings['processes']} processes")
    return ", ".join([setting, *options])


def _ours(group: Group) -> list[str]:
    machine = group.machine
    threads = f", threads: {machine['threads']}" if machine["device"] == "cpu" else ""
    return [
        *_last(group),
        f"{group.seconds():.1f}",
        f"{machine['device']}{threads}",
        str(len(group.logs)),
    ]


def _last(group: Group) -> list[str]:
    """Return the loss and the two accuracies of the last epoch."""
    return [
        _range(group.last("loss"), ".2f"),
        _range(group.last("train_acc"), ".3f"),
        _range(group.last("test_acc"), ".3f"),
    ]


def _range(values: Sequence[float], form: str) -> str:
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low}–{high}"


def table(header: str, rows: Iterable[list[str]]) -> str:
    """Return a table in Markdown; the header's columns are divided by bars."""
    lines = [f"| {header} |", "|" + "---|" * (header.count("|") + 1)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write RESULTS.md; return 1 if a log is damaged."""
    try:
        FILE.write_text(build(FOLDER), encoding="utf-8", newline="\n")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{FILE} tells what {len(list(FOLDER.glob('*.json')))} files of {FOLDER} hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
