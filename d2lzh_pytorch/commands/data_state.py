"""Which data sets lie on this machine, and in what state: for ``data`` and ``doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from d2lzh_pytorch.commands.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from d2lzh_pytorch.data.catalogue import DataFile, DataSet


@dataclass(frozen=True)
class FileState:
    """What was found of one file of a data set.

    Attributes
    ----------
    entry, file
        What was looked for.
    good
        The first good copy, None where there is none.
    damaged
        The other copies, each with what is wrong with it.
    """

    entry: DataSet
    file: DataFile
    good: Path | None
    damaged: tuple[tuple[Path, str], ...] = ()


def look(entry: DataSet) -> list[FileState]:
    """Check every copy of every file of a data set."""
    from d2lzh_pytorch.data.store import copies

    states = []
    for file in entry.files:
        found = list(copies(entry, file))
        good = [path for path, fault in found if fault is None]
        damaged = tuple((path, fault) for path, fault in found if fault is not None)
        states.append(FileState(entry, file, good[0] if good else None, damaged))
    return states


def check_data() -> list[Finding]:
    """Look at all data sets of the catalogue, and say what that means for the course."""
    from d2lzh_pytorch.data.catalogue import CATALOGUE

    return diagnose([state for entry in CATALOGUE.values() for state in look(entry)])


def diagnose(states: Sequence[FileState]) -> list[Finding]:
    """Return a finding for each damaged file and each missing one that ships, and a summary."""
    from d2lzh_pytorch.data.store import remedy

    faults: list[Finding] = []
    good: dict[str, DataSet] = {}
    absent: dict[str, DataSet] = {}
    for state in states:
        name = state.entry.name
        (good if state.good else absent)[name] = state.entry
        for path, fault in state.damaged:
            if state.good:
                text = f"{path} is damaged ({fault}); {state.good} is used instead"
                faults.append(warning("data", text, "delete the damaged file"))
            else:
                text = f"{path} of {name} is damaged: {fault}"
                faults.append(problem("data", text, remedy(state.entry)))
        if state.good is None and not state.damaged and state.entry.ships:
            text = f"{state.file.name} of {name} is missing"
            faults.append(problem("data", text, remedy(state.entry)))
    summary = f"verified: {', '.join(n for n in good if n not in absent) or 'nothing'}"
    optional = [name for name, entry in absent.items() if not entry.ships]
    if optional:
        summary += f"; not here, and replaced in the lessons: {', '.join(optional)}"
    return [*faults, ok("data", summary)]
