"""The command line: ``python -m d2lzh_pytorch doctor|data|lessons|train``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from d2lzh_pytorch.commands import data, doctor, lessons, train
from d2lzh_pytorch.commands.diagnoses import check_python
from d2lzh_pytorch.commands.findings import PROBLEM, render
from d2lzh_pytorch.commands.torchrun import one_voice

COMMANDS = (doctor, data, lessons, train)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 all is well, 1 a problem, 2 wrong usage."""
    with one_voice():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m d2lzh_pytorch", description="The tools that come with the course."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    python = check_python(sys.version_info[:3], sys.executable)
    if python.level == PROBLEM:  # nothing that follows would work, or be worth repairing
        print(render(python))
        return 1
    try:
        exit_code: int = args.run(args)
    except ImportError as error:
        print(f"{error}. What to do: python -m d2lzh_pytorch doctor", file=sys.stderr)
        return 1
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
