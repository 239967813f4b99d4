"""Run the notebooks in smoke mode and compare what they show with what is stored.

pytest with nbval runs them, two at a time, with the network forbidden. Then the share of the
outputs that is compared is reported; over all notebooks it has to reach 65 %.
"""

import argparse
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import compared
from tools import notebook as notebooks
from tools.lessons import ROOT, Lesson, relative, select

TIMEOUT = 120  # seconds a cell
OFFLINE = Path(__file__).resolve().parent / "offline"


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return 1 if a notebook fails or too little is compared."""
    parser = argparse.ArgumentParser(prog="python -m tools.smoke", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="only these: numbers (5.5), titles or paths")
    parser.add_argument(
        "--timeout", type=int, default=TIMEOUT, help="seconds a cell may take (default %(default)s)"
    )
    arguments = parser.parse_args(argv)
    try:
        lessons = select(arguments.lessons, root)
    except (LookupError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not lessons:
        print(f"There is no notebook under {root / 'notebooks'} to run.", file=sys.stderr)
        return 2
    problems = run(lessons, root, arguments.timeout)
    shares = compared.by_chapter(lessons)
    for chapter, share in shares.items():
        print(f"chapter {chapter}: {share}")
    everything = compared.total(shares.values())
    print(f"all: {everything}")
    if not arguments.lessons and not everything.reaches_goal:
        problems.append(f"less than {compared.GOAL:.0%} of the outputs are compared; tag fewer")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(lessons)} notebooks, {len(problems)} problems")
    return 1 if problems else 0


def run(lessons: Sequence[Lesson], root: Path, timeout: int = TIMEOUT) -> list[str]:
    """Run the lessons under pytest and return what went wrong, one line each."""
    folder = root / "build" / "smoke"
    folder.mkdir(parents=True, exist_ok=True)
    report, log = folder / "report.xml", folder / "network.log"
    for file in (report, log):
        file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", str(timeout)]
    command += ["-n", str(min(2, len(lessons))), "--dist", "loadscope"]
    command += [f"--junitxml={report}", f"--color={'yes' if sys.stdout.isatty() else 'no'}"]
    command += [relative(lesson.path, root) for lesson in lessons]
    code = subprocess.run(command, cwd=root, env=_environment(log), check=False).returncode
    problems = list(_failures(report, lessons, root))
    if log.is_file():
        attempts = log.read_text(encoding="utf-8").splitlines()
        problems += [f"network asked for in {attempt}" for attempt in attempts]
    if code and not problems:
        problems.append(f"pytest ended with exit code {code}; see its output above")
    return problems


def _environment(log: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    return inherited | {
        "D2LZH_DEVICE": os.environ.get("D2LZH_DEVICE", "cpu"),  # that of the stored outputs
        "D2LZH_SMOKE": "1",
        "D2LZH_OFFLINE": "1",
        "D2LZH_NETWORK_LOG": str(log),
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")])),
        "TQDM_DISABLE": "1",
    }


def _failures(report: Path, lessons: Sequence[Lesson], root: Path) -> Iterator[str]:
    """Yield a line for each failed cell in pytest's report."""
    if not report.is_file():
        return
    files = {relative(lesson.path, root).replace("/", "."): lesson.path for lesson in lessons}
    for case in ElementTree.parse(report).iter("testcase"):
        file = files.get(case.get("classname", ""))
        for failure in (*case.findall("failure"), *case.findall("error")):
            place = _place(file, case.get("name", ""), root) if file else case.get("name")
            yield f"{place}: {_reason(failure.text or '')}"


def _place(file: Path, name: str, root: Path) -> str:
    """Count all cells from 1, as the other tools do; nbval counts code cells from 0."""
    cells = enumerate(notebooks.read(file).cells, start=1)
    numbers = [number for number, cell in cells if cell.cell_type == "code"]
    return f"{relative(file, root)}: cell {numbers[int(name.removeprefix('Cell '))]}"


def _reason(text: str) -> str:
    """Return one line of what nbval wrote about a failed cell."""
    text = re.sub(r"(\x1b|#x1B)\[[\d;]*m", "", text).strip()
    message = re.search(r"^Cell \d+: (.*)$", text, re.MULTILINE)
    if message and message[1].startswith("Cell outputs differ"):
        return "what it shows is not what is stored; see the comparison above"
    if message and "Failed to interrupt" in message[1]:
        return "the kernel died, or the cell took too long and could not be interrupted"
    if message and message[1].startswith("Timeout"):
        return message[1]
    return text.splitlines()[-1] if text else "failed"


if __name__ == "__main__":
    sys.exit(main())
