"""The list of rules, and how a finding is reported."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tools.check.model import Notebook, Project


@dataclass(frozen=True)
class Problem:
    """What a rule yields: what is wrong; what to do.

    Attributes
    ----------
    message
        Both, separated by a semicolon.
    cell
        The cell, counted from 1 over all cells, where it is in one.
    path
        The file, where it is not the notebook at hand.
    """

    message: str
    cell: int | None = None
    path: str = ""


@dataclass(frozen=True)
class Finding:
    """A problem with its rule and its place."""

    path: str
    cell: int | None
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}: cell {self.cell}" if self.cell else self.path
        return f"{place}: {self.rule}: {self.message}"


NotebookRule = Callable[[Notebook, Project], Iterable[Problem]]
ProjectRule = Callable[[Project], Iterable[Problem]]

notebook_rules: dict[str, NotebookRule] = {}
project_rules: dict[str, ProjectRule] = {}


def notebook_rule(name: str) -> Callable[[NotebookRule], NotebookRule]:
    """Register a rule over one notebook."""

    def register(rule: NotebookRule) -> NotebookRule:
        notebook_rules[name] = rule
        return rule

    return register


def project_rule(name: str) -> Callable[[ProjectRule], ProjectRule]:
    """Register a rule over the whole repository."""

    def register(rule: ProjectRule) -> ProjectRule:
        project_rules[name] = rule
        return rule

    return register


def check_notebook(notebook: Notebook, project: Project) -> Iterator[Finding]:
    """Yield what the rules find in one notebook, in the order of its cells."""
    found = [
        Finding(notebook.name, problem.cell, name, problem.message)
        for name, rule in notebook_rules.items()
        for problem in rule(notebook, project)
    ]
    yield from sorted(found, key=lambda finding: finding.cell or 0)


def check_project(project: Project) -> Iterator[Finding]:
    """Yield what the rules find in the repository outside single notebooks."""
    for name, rule in project_rules.items():
        for problem in rule(project):
            yield Finding(problem.path, problem.cell, name, problem.message)
