"""Rules about the repository as a whole: its files, dependencies and workflows."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools import index
from tools.check.model import Notebook, Project
from tools.check.registry import Problem, notebook_rule, project_rule
from tools.check.terms import HEADER, rows

REQUIRED = (
    "README.md",
    "README.zh-CN.md",
    "LICENSE",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "ERRATA.md",
    "RESULTS.md",
    "Makefile",
    "environment.yml",
    "requirements.txt",
    "pyproject.toml",
    ".ci/run",
    ".github/workflows",
    "notebooks/README.md",
    "notebooks/TERMS.md",
)


def _text(project: Project, name: str) -> str:
    """Return the text of a file, empty where it is missing; `required-files` reports that."""
    path = project.root / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@project_rule("required-files")
def _required_files(project: Project) -> Iterator[Problem]:
    for name in REQUIRED:
        if not (project.root / name).exists():
            yield Problem("the file is missing; write it", path=name)


@project_rule("readable")
def _readable(project: Project) -> Iterator[Problem]:
    for name, reason in project.unreadable.items():
        yield Problem(f"{reason}; restore it from git", path=name)


@project_rule("section-numbers")
def _section_numbers(project: Project) -> Iterator[Problem]:
    """No two notebooks are the same section, no two folders the same chapter."""
    sections = Counter(notebook.section for notebook in project.notebooks if notebook.numbers)
    for notebook in project.notebooks:
        if sections[notebook.section] > 1:
            message = f"section {notebook.section} exists more than once; number one anew"
            yield Problem(message, path=notebook.name)
    folders = {n.path.parent.name: n.numbers[0] for n in project.notebooks if n.numbers}
    for chapter, count in Counter(folders.values()).items():
        if count > 1:
            names = ", ".join(sorted(name for name in folders if folders[name] == chapter))
            message = f"chapter {chapter} has {count} folders ({names}); keep one"
            yield Problem(message, path="notebooks")


@project_rule("terms-table")
def _terms_table(project: Project) -> Iterator[Problem]:
    path = "notebooks/TERMS.md"
    table = list(rows(_text(project, path)))
    if not table:
        return
    if table[0] != HEADER:
        yield Problem(f"the table's header is no | {' | '.join(HEADER)} |; mend it", path=path)
    for row in table[1:]:
        if len(row) != len(HEADER) or not all(row[:3]):
            message = f"the row of {row[0]} needs {len(HEADER)} cells, only the last may be empty"
            yield Problem(f"{message}; mend it", path=path)
    for name, count in Counter(row[0] for row in table).items():
        if count > 1:
            yield Problem(f"{name} stands {count} times; keep one row", path=path)


@notebook_rule("errata")
def _errata(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """See that ERRATA.md gathers what a section does differently from the book."""
    line = rf"^(#+|\|)\s*{re.escape(notebook.section)}\b"
    gathered = re.search(line, _text(project, "ERRATA.md"), re.MULTILINE)
    for cell in notebook.prose:
        here = re.search(r"^(#{2,4}\s+|\*\*)与原书不同", cell.source, re.MULTILINE)
        if here and not gathered:
            message = f"与原书不同, but no {notebook.section} in ERRATA.md; add a line there"
            yield Problem(message, cell.number)


@project_rule("requirements")
def _requirements(project: Project) -> Iterator[Problem]:
    """Every dependency is pinned, and the pin lies in the range of pyproject.toml."""
    path = "requirements.txt"
    settings = tomllib.loads(_text(project, "pyproject.toml")).get("project", {})
    ranges = [*settings.get("dependencies", ())]
    for extra in settings.get("optional-dependencies", {}).values():
        ranges += extra
    lines = [line.partition("#")[0].strip() for line in _text(project, path).splitlines()]
    pins = {_key(each): each for each in map(Requirement, filter(None, lines))}
    for pin in pins.values():
        if not re.fullmatch(r"==[^*,]+", str(pin.specifier)):
            yield Problem(f"{pin} is no pin; write {pin.name}==version", path=path)
    named = {_key(each): each for each in map(Requirement, ranges)}
    for key in sorted(named.keys() - pins.keys()):
        yield Problem(f"{key} of pyproject.toml is not pinned; add it", path=path)
    for key in sorted(pins.keys() - named.keys()):
        yield Problem(f"{key} is pinned but not in pyproject.toml; add a range", path=path)
    for key in sorted(named.keys() & pins.keys()):
        version = str(pins[key].specifier).removeprefix("==")
        if not named[key].specifier.contains(version, prereleases=True):
            message = f"{pins[key]} is outside {named[key]} of pyproject.toml; change one"
            yield Problem(message, path=path)


def _key(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


@project_rule("environment")
def _environment(project: Project) -> Iterator[Problem]:
    """Let conda bring Python, and requirements.txt say everything else."""
    path = "environment.yml"
    environment: Any = yaml.safe_load(_text(project, path)) or {}
    dependencies = environment.get("dependencies", [])
    if not dependencies:
        return
    pip = [line for each in dependencies if isinstance(each, dict) for line in each.get("pip", [])]
    if "-r requirements.txt" not in pip:
        yield Problem("pip takes nothing from `-r requirements.txt`; add that line", path=path)
    for line in pip:
        if not line.startswith(("-r ", "-e ", "--")):
            yield Problem(f"{line} has its version here; move it to requirements.txt", path=path)
    supported = tomllib.loads(_text(project, "pyproject.toml"))["project"]["requires-python"]
    versions = [re.fullmatch(r"python=+(\d+\.\d+)(\.\*)?", str(each)) for each in dependencies]
    version = next((match[1] for match in versions if match), None)
    if version is None:
        yield Problem(f"no Python version; write python=3.x with 3.x in {supported}", path=path)
    elif f"{version}.999" not in SpecifierSet(supported):
        yield Problem(f"Python {version} is not in {supported}; change one", path=path)


@project_rule("workflows")
def _workflows(project: Project) -> Iterator[Problem]:
    """Workflows fit GitHub's schema, and zizmor finds no weakness in them."""
    folder = project.root / ".github" / "workflows"
    files = sorted(str(file) for file in folder.glob("*.y*ml"))
    path = ".github/workflows"
    if not files:
        if folder.is_dir():
            yield Problem("no workflow; CI checks nothing without one", path=path)
        return
    schema = ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files]
    audit = ["zizmor", "--offline", "--quiet", "--no-progress", "--color=never", *files]
    for command in (schema, audit):
        failure = _failure(command)
        if failure:
            yield Problem(f"{command[0]} refuses them; mend what it says\n{failure}", path=path)


def _failure(command: list[str]) -> str:
    """Run a program of this environment; return its output where it fails."""
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    if program is None:
        return f"{command[0]} is not installed here; pip install -r requirements.txt"
    run = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    return (run.stdout + run.stderr).strip() if run.returncode else ""


@project_rule("index")
def _index(project: Project) -> Iterator[Problem]:
    for path, message in index.update(project.root, write=False):
        yield Problem(message, path=path)
