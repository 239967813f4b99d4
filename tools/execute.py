"""Run notebooks and store their outputs, or run a lesson for yourself.

Without arguments the notebooks whose code changed since their outputs were stored are run in
study mode, from top to bottom in a fresh kernel, and their outputs stored. A run that fails
leaves the stored file as it was.
"""

import argparse
import importlib.metadata
import platform
import re
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools import notebook as notebooks
from tools.lessons import ROOT, Lesson, relative, select
from tools.runner import NotebookError, Run, run

TIMEOUT = 1800  # seconds a cell
_TRAINING_LINE = re.compile(r"\b(epoch|loss|acc|perplexity|rmse)\b")
_TEST_ACCURACY = re.compile(r"test acc (0\.\d+|1\.0+)")


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return the exit code (1 if a notebook failed, 2 if none is meant)."""
    parser = argparse.ArgumentParser(prog="python -m tools.execute", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="numbers (5.5), titles or paths")
    parser.add_argument("--all", action="store_true", help="also the notebooks that are up to date")
    parser.add_argument(
        "--run",
        action="store_true",
        help="store the executed notebook under build/notebooks instead, and show the training",
    )
    parser.add_argument(
        "--timeout", type=int, default=TIMEOUT, help="seconds a cell may take (default %(default)s)"
    )
    arguments = parser.parse_args(argv)
    try:
        chosen = select(arguments.lessons, root)
    except (LookupError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.run and not arguments.lessons:
        parser.error("--run needs the number of a lesson, for example --run 5.5")
    if arguments.run:
        return max(_run_for_learner(lesson, root, arguments.timeout) for lesson in chosen)
    if not (arguments.all or arguments.lessons):
        chosen = [lesson for lesson in chosen if _is_stale(lesson)]
        print(f"{len(chosen)} notebooks changed since their outputs were stored.")
    return max((_store(lesson, root, arguments.timeout) for lesson in chosen), default=0)


def _is_stale(lesson: Lesson) -> bool:
    notebook = notebooks.read(lesson.path)
    return notebooks.run_record(notebook).get("code_hash") != notebooks.code_hash(notebook)


def _store(lesson: Lesson, root: Path, timeout: int) -> int:
    notebook = notebooks.read(lesson.path)
    digest = notebooks.code_hash(notebook)
    plan = Run(lesson.number, lesson.path.parent, timeout)
    try:
        seconds = run(notebook, plan)
    except NotebookError as error:
        _report(error, lesson.path, root)
        print(f"{relative(lesson.path, root)} was left as it was.", file=sys.stderr)
        return 1
    record = {"code_hash": digest, "seconds": round(seconds, 1), **_machine()}
    notebooks.write(notebooks.normalised(notebook, record, root), lesson.path)
    print(f"{relative(lesson.path, root)}: {seconds:.1f} sec, stored")
    return 0


def _run_for_learner(lesson: Lesson, root: Path, timeout: int) -> int:
    notebook = notebooks.read(lesson.path)
    copy = root / "build" / "notebooks" / lesson.path.relative_to(root / "notebooks")
    print(f"{lesson.number} {lesson.title}")
    start = time.perf_counter()
    try:
        run(notebook, Run(lesson.number, lesson.path.parent, timeout, _show_training))
    except NotebookError as error:
        _report(error, lesson.path, root)
        return 1
    finally:
        notebooks.write(notebook, copy)
        images = root / "notebooks" / "img"
        if images.is_dir():
            shutil.copytree(images, copy.parent.parent / "img", dirs_exist_ok=True)
        print(f"Executed notebook: {copy}")
        print(f"Open it with:      {Path(sys.executable).parent / 'jupyter'} lab {copy}")
    accuracy = _test_accuracy(notebook)
    if accuracy:
        print(f"Test accuracy:     {accuracy}")
    print(f"Time:              {time.perf_counter() - start:.1f} sec")
    return 0


def _show_training(line: str, bar: "tqdm[Any]") -> None:
    if _TRAINING_LINE.search(line):
        bar.write(line)


def _test_accuracy(notebook: notebooks.Node) -> str | None:
    """Return the last test accuracy that the notebook printed."""
    printed = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    found: list[str] = _TEST_ACCURACY.findall("\n".join(printed))
    return found[-1] if found else None


def _report(error: NotebookError, path: Path, root: Path) -> None:
    if error.details:
        print(error.details, file=sys.stderr)
    print(f"{relative(path, root)}: {error.place}: {error.reason}", file=sys.stderr)


def _machine() -> dict[str, str]:
    from d2lzh_pytorch.device import get_device  # loads torch, which takes seconds

    return {
        "device": get_device().type,
        "torch": importlib.metadata.version("torch"),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
