"""What importing the package costs on top of importing torch."""

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Comparison, compare


def comparisons() -> Iterator[Comparison]:
    """Compare both imports in fresh interpreters, starting the interpreter included."""
    yield compare(
        "`import torch, d2lzh_pytorch` against `import torch`",
        lambda: _run("import torch, d2lzh_pytorch"),
        lambda: _run("import torch"),
        goal=1.15,
        faster=False,
        rounds=7,
    )


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)
