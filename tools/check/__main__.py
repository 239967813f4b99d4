"""Check the notebooks and the repository; see the package for what is checked."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.check import (  # noqa: F401  importing a module registers its rules
    code,
    exercise_ids,
    links,
    outputs,
    project,
    prose,
    saved,
    structure,
)
from tools.check.model import Project
from tools.check.registry import check_notebook, check_project
from tools.lessons import ROOT, select


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return 0 if nothing was found, else 1 (2 where no lesson is meant)."""
    parser = argparse.ArgumentParser(prog="python -m tools.check", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="only these notebooks: numbers, titles, paths")
    arguments = parser.parse_args(argv)
    everything = Project(root)
    notebooks = everything.notebooks
    if arguments.lessons:
        try:
            chosen = {lesson.path for lesson in select(arguments.lessons, root)}
        except (LookupError, OSError, ValueError) as error:
            print(error, file=sys.stderr)
            return 2
        notebooks = [notebook for notebook in notebooks if notebook.path in chosen]
    findings = [each for notebook in notebooks for each in check_notebook(notebook, everything)]
    if not arguments.lessons:
        findings += check_project(everything)
    for finding in findings:
        print(finding)
    print(f"{len(notebooks)} notebooks, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
