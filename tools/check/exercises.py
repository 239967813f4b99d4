"""The exercises of the package, read from its source."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_MODULE = re.compile(r"ch(\d\d)/sec(\d\d)\.py")


@dataclass(frozen=True)
class Exercise:
    """An exercise: its id, the file that holds it and the section that the file is for."""

    id: str
    path: str
    section: str


@dataclass(frozen=True)
class Exercises:
    """The functions under the decorator ``@exercise(id, ...)`` in d2lzh_pytorch/exercises."""

    root: Path

    @cached_property
    def all(self) -> list[Exercise]:
        """Every exercise, in the order of the files."""
        folder = self.root / "d2lzh_pytorch" / "exercises"
        found = []
        for file in sorted(folder.glob("ch*/sec*.py")):
            parts = _MODULE.fullmatch(file.relative_to(folder).as_posix())
            section = f"{int(parts[1])}.{int(parts[2])}" if parts else ""
            path = file.relative_to(self.root).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    found += [Exercise(each, path, section) for each in _ids(node)]
        return found

    @cached_property
    def ids(self) -> set[str]:
        """The ids alone."""
        return {exercise.id for exercise in self.all}


def _ids(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    return [
        decorator.args[0].value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "exercise"
        and decorator.args
        and isinstance(decorator.args[0], ast.Constant)
        and isinstance(decorator.args[0].value, str)
    ]
