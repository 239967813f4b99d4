"""The helper package as source: its public names and their definitions, nothing imported."""

import ast
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def defined_names(statement: ast.stmt) -> list[str]:
    """Return the names that a def, a class or an assignment to plain names defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    names = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


@dataclass(frozen=True)
class Package:
    """The package in `folder`, whose public names stand in its ``__init__.pyi``."""

    folder: Path
    _modules: dict[Path, list[ast.stmt]] = field(default_factory=dict)

    @cached_property
    def public(self) -> dict[str, tuple[Path, str]]:
        """For each public name the file that it comes from and its name there."""
        stub = self.folder / "__init__.pyi"
        origins = {}
        for statement in self._statements(stub):
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    name = alias.asname or alias.name
                    origins[name] = (self._source(stub, statement), alias.name)
        return origins

    def definition(self, name: str) -> Definition | None:
        """Return the statement that defines a public name, None where there is none."""
        return self._find(*self.public[name]) if name in self.public else None

    def _find(self, file: Path, name: str, depth: int = 0) -> Definition | None:
        for statement in reversed(self._statements(file)):
            if isinstance(statement, DEFINITIONS) and name in defined_names(statement):
                return statement
            if isinstance(statement, ast.ImportFrom) and depth < 5:
                for alias in statement.names:
                    if name == (alias.asname or alias.name):
                        return self._find(self._source(file, statement), alias.name, depth + 1)
        return None

    def _statements(self, file: Path) -> list[ast.stmt]:
        if file not in self._modules:
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            self._modules[file] = ast.parse(text, str(file)).body
        return self._modules[file]

    def _source(self, file: Path, statement: ast.ImportFrom) -> Path:
        """Return the file that an import statement in `file` reads from."""
        parts = (statement.module or "").split(".")
        base = file.parents[statement.level - 1] if statement.level else self.folder.parent
        module = base.joinpath(*filter(None, parts))
        return module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
