"""What a notebook defines and what the package holds are the same.

A cell tagged ``saved`` holds definitions that the package holds too: as syntax trees they are
equal, docstrings, comments and type hints aside, ``d2l.name`` standing for ``name``. A cell that
defines a public name of the package without the tag differs on purpose, and then some text of
the notebook says what the package adds, naming it as ``d2l.name`` in a code span.
"""

import ast
import copy
import difflib
import re
from collections.abc import Iterator

from tools.check.model import Cell, Notebook, Project
from tools.check.package import DEFINITIONS, Definition, defined_names
from tools.check.registry import Problem, notebook_rule


class _Bare(ast.NodeTransformer):
    """Takes away what may differ."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "d2l":
            return ast.Name(node.attr, node.ctx)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self._definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._definition(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign([node.target], node.value))

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        if hasattr(node, "type_params"):  # Python 3.12 and newer
            node.type_params = []
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def bare(statement: ast.stmt) -> str:
    """Return the source of a statement without docstrings, comments and type hints."""
    stripped = _Bare().visit(copy.deepcopy(statement))
    return ast.unparse(ast.fix_missing_locations(stripped))


def difference(name: str, in_notebook: ast.stmt, in_package: ast.stmt) -> str:
    """Return a diff of two definitions, empty where they are the same."""
    ours, theirs = bare(in_notebook), bare(in_package)
    lines = difflib.unified_diff(
        ours.splitlines(),
        theirs.splitlines(),
        f"{name} in the notebook",
        f"{name} in the package",
        lineterm="",
    )
    return "\n".join(lines)


def _definitions(cell: Cell) -> Iterator[tuple[str, Definition]]:
    for statement in cell.tree.body if cell.tree else ():
        if isinstance(statement, DEFINITIONS):
            for name in defined_names(statement):
                yield name, statement


@notebook_rule("saved")
def _saved(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        if "saved" not in cell.tags:
            continue
        definitions = list(_definitions(cell))
        if not definitions:
            yield Problem("tagged saved but defines nothing; remove the tag", cell.number)
        for name, ours in definitions:
            theirs = project.package.definition(name)
            if theirs is None:
                message = f"the package holds no d2l.{name}; add it there, or remove the tag saved"
                yield Problem(message, cell.number)
                continue
            diff = difference(name, ours, theirs)
            if diff:
                message = f"{name} differs from d2l.{name}; make them equal\n{diff}"
                yield Problem(message, cell.number)


@notebook_rule("not-saved")
def _not_saved(notebook: Notebook, project: Project) -> Iterator[Problem]:
    prose = "\n".join(cell.source for cell in notebook.prose)
    for cell in notebook.code:
        for name, ours in _definitions(cell):
            theirs = project.package.definition(name)
            if "saved" in cell.tags or theirs is None or isinstance(ours, ast.Assign):
                continue
            if not difference(name, ours, theirs):
                yield Problem(f"{name} equals d2l.{name}; tag the cell saved", cell.number)
            elif not re.search(rf"`d2l\.{name}\b", prose):
                yield Problem(
                    f"{name} differs from d2l.{name}; make them equal and tag the cell saved, "
                    f"or say in the text what `d2l.{name}` adds",
                    cell.number,
                )
