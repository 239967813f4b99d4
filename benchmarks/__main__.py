"""Measure the package against its references: ``make bench``.

Each ratio comes from tasks timed in turn, in one run on an otherwise idle machine. With
``--record`` the table in benchmarks/README.md is replaced by what was measured.
"""

import argparse
import os
import platform
import re
import sys
from pathlib import Path

import torch
import torchvision

from benchmarks import importing, language, loading, training
from benchmarks.measure import HEADER

README = Path(__file__).with_name("README.md")
BLOCK = re.compile(r"(?<=<!-- table:begin -->\n).*(?=<!-- table:end -->)", re.DOTALL)


def main() -> int:
    """Run all measurements; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--record", action="store_true", help="store the table in README.md")
    record = parser.parse_args().record
    os.environ["TQDM_DISABLE"] = "1"  # a bar on the terminal is for people, and slower than none
    lines = [HEADER]
    missed = 0
    print(HEADER)
    for group in (importing, loading, training, language):
        for comparison in group.comparisons():
            lines.append(comparison.row())
            missed += not comparison.met
            print(lines[-1], flush=True)
    lines.append(f"\nMeasured with {_machine()}.")
    print(lines[-1])
    if record:
        text = README.read_text(encoding="utf-8")
        table = "\n".join(lines) + "\n"
        README.write_text(BLOCK.sub(lambda _: table, text), encoding="utf-8")
    return 1 if missed else 0


def _machine() -> str:
    return (
        f"torch {torch.__version__}, torchvision {torchvision.__version__}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{torch.get_num_threads()} threads"
    )


if __name__ == "__main__":
    sys.exit(main())
