"""``data``: list, fetch and verify the data sets of the course."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from d2lzh_pytorch.commands.data_state import FileState, look

if TYPE_CHECKING:
    from d2lzh_pytorch.data.catalogue import DataSet


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments of ``data list``, ``data get`` and ``data verify``."""
    parser = subparsers.add_parser("data", help="list, download or verify the data sets")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="what there is, whose it is and where it lies")
    listing.set_defaults(run=run_list)
    getting = actions.add_parser("get", help="download a data set that is missing or damaged")
    getting.add_argument("name", metavar="NAME", help="its name in `data list`")
    getting.set_defaults(run=run_get)
    verifying = actions.add_parser("verify", help="compare all files with their checksums")
    verifying.add_argument("names", nargs="*", metavar="NAME", help="only these data sets")
    verifying.set_defaults(run=run_verify)


def run_list(args: argparse.Namespace) -> int:
    """Print every data set of the catalogue."""
    from d2lzh_pytorch.data.catalogue import CATALOGUE

    for entry in CATALOGUE.values():
        print(_describe(entry, look(entry)), end="\n\n")
    return 0


def run_get(args: argparse.Namespace) -> int:
    """Download what is not good of a data set; 1 if it cannot be had."""
    from d2lzh_pytorch.data import store
    from d2lzh_pytorch.data.errors import DataError

    if not _known([args.name]):
        return 2
    try:
        paths = store.get_data(args.name)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    for path in paths:
        print(f"ok  {path}")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Check all files; 1 if one is damaged, or missing although it ships or was asked for."""
    from d2lzh_pytorch.data.catalogue import CATALOGUE
    from d2lzh_pytorch.data.store import remedy

    if not _known(args.names):
        return 2
    exit_code = 0
    for name in args.names or CATALOGUE:
        entry = CATALOGUE[name]
        states = look(entry)
        for state in states:
            for line in _file_lines(state):
                print(line)
        missing = any(state.good is None for state in states)
        if missing:
            print(f"{'':<9}{remedy(entry)}")
        damaged = any(state.damaged for state in states)
        if damaged or (missing and (entry.ships or args.names)):
            exit_code = 1
    return exit_code


def _known(names: list[str]) -> bool:
    """Complain about names that are not in the catalogue."""
    from d2lzh_pytorch.data import store
    from d2lzh_pytorch.data.errors import DataError

    try:
        for name in names:
            store.data_set(name)
    except DataError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _file_lines(state: FileState) -> list[str]:
    """Return one line for each copy of a file, or one that says that there is none."""
    name = f"{state.entry.name}/{state.file.name}"
    lines = [f"damaged  {name}  {path}: {fault}" for path, fault in state.damaged]
    if state.good:
        # Files without a checksum are whatever the reader has put there.
        verdict = "ok" if state.file.versions else "found"
        lines.append(f"{verdict:<9}{name}  {state.good}")
    return lines or [f"missing  {name}"]


def _describe(entry: DataSet, states: list[FileState]) -> str:
    """Return the lines about one data set: name, size, licence, title, sections, place."""
    from d2lzh_pytorch.data.store import remedy

    sizes = [file.versions[0].size if file.versions else None for file in entry.files]
    known = [size for size in sizes if size is not None]
    size = f"{sum(known) / 1e6:.1f} MB" if len(known) == len(sizes) else "size not known"
    lines = [
        f"{entry.name} ({size}; {entry.licence})",
        entry.title,
        f"sections: {', '.join(entry.sections)}",
    ]
    places = sorted({str(state.good.parent) for state in states if state.good})
    if all(state.good for state in states):
        lines.append(f"found in {', '.join(places)}")
    else:
        damaged = any(state.damaged for state in states)
        lines.append(f"{'damaged' if damaged else 'missing'}: {remedy(entry)}")
        if entry.stand_in:
            lines.append(f"until then the lessons use {entry.stand_in}")
    return "\n    ".join(lines)
