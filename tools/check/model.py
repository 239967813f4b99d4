"""What the rules look at: notebooks as cells with syntax trees, and the project around them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from tools import notebook as notebooks
from tools.check.exercises import Exercises
from tools.check.package import Package
from tools.check.terms import Term, read_terms
from tools.notebook import Node

_LESSON = re.compile(r"notebooks/ch(\d\d)_[a-z0-9_]+/(\d\d)_[a-z0-9_]+\.ipynb")
_PYTHON_MAGIC = re.compile(r"%%(time|timeit|capture|prun)\b.*\n?")


@dataclass(frozen=True)
class Cell:
    """One cell; `number` counts all cells of the notebook from 1."""

    number: int
    kind: str
    source: str
    tags: tuple[str, ...]
    outputs: tuple[Node, ...]
    execution_count: int | None

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree, magics turned into calls; None where the cell is no valid Python."""
        source = _PYTHON_MAGIC.sub("", self.source, count=1)
        try:
            return ast.parse(TransformerManager().transform_cell(source))
        except SyntaxError:
            return None

    def nodes(self) -> Iterator[ast.AST]:
        """All nodes of the syntax tree, none where there is no tree."""
        yield from ast.walk(self.tree) if self.tree else ()


@dataclass(frozen=True)
class Notebook:
    """A notebook; `name` is its path from the repository root."""

    path: Path
    name: str
    node: Node
    cells: tuple[Cell, ...]

    @cached_property
    def numbers(self) -> tuple[int, int] | None:
        """Chapter and section as the file's name has them, None where the name is malformed."""
        parts = _LESSON.fullmatch(self.name)
        return (int(parts[1]), int(parts[2])) if parts else None

    @property
    def section(self) -> str:
        """The number of the section, such as ``5.5``."""
        return "{}.{}".format(*self.numbers) if self.numbers else ""

    @property
    def code(self) -> list[Cell]:
        """The code cells that hold something."""
        return [cell for cell in self.cells if cell.kind == "code" and cell.source.strip()]

    @property
    def prose(self) -> list[Cell]:
        """The Markdown cells."""
        return [cell for cell in self.cells if cell.kind == "markdown"]

    def nodes(self) -> Iterator[tuple[Cell, ast.AST]]:
        """All nodes of all syntax trees, each with its cell."""
        for cell in self.code:
            for node in cell.nodes():
                yield cell, node


@dataclass(frozen=True)
class Project:
    """The repository at `root`, read when a rule first asks."""

    root: Path

    @cached_property
    def package(self) -> Package:
        """The public names of the helper package and their definitions."""
        return Package(self.root / "d2lzh_pytorch")

    @cached_property
    def exercises(self) -> Exercises:
        """The exercises that the package holds."""
        return Exercises(self.root)

    @cached_property
    def terms(self) -> list[Term]:
        """The rows of notebooks/TERMS.md, none where there is no such file."""
        path = self.root / "notebooks" / "TERMS.md"
        return read_terms(path.read_text(encoding="utf-8")) if path.is_file() else []

    @cached_property
    def pages(self) -> list[Path]:
        """The Markdown files for readers."""
        folders = (self.root, self.root / "notebooks", self.root / "docs")
        return sorted(file for folder in folders for file in folder.glob("*.md"))

    @property
    def notebooks(self) -> list[Notebook]:
        """All notebooks that can be read."""
        return self._notebooks[0]

    @property
    def unreadable(self) -> dict[str, str]:
        """The other notebooks, each with what is wrong."""
        return self._notebooks[1]

    @cached_property
    def _notebooks(self) -> tuple[list[Notebook], dict[str, str]]:
        found, unreadable = [], {}
        for path in sorted((self.root / "notebooks").rglob("*.ipynb")):
            name = path.relative_to(self.root).as_posix()
            if ".ipynb_checkpoints" in path.parts:
                continue
            try:
                found.append(load(path, name))
            except ValueError as error:
                unreadable[name] = str(error)
        return found, unreadable


def load(path: Path, name: str) -> Notebook:
    """Read the notebook at `path`.

    Raises
    ------
    ValueError
        If the file is no notebook.
    """
    node = notebooks.read(path)
    cells = tuple(
        Cell(
            number,
            cell.cell_type,
            cell.source,
            tuple(cell.metadata.get("tags", ())),
            tuple(cell.get("outputs", ())),
            cell.get("execution_count"),
        )
        for number, cell in enumerate(node.cells, start=1)
    )
    return Notebook(path, name, node, cells)


def dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for such an expression, and the empty string for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""
