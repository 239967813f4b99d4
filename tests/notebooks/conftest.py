"""What a notebook defines, without running the notebook."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools.lessons import select
from tools.notebook import read

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def _is_literal(node: ast.AST) -> bool:
    """Tell whether `node` gives a name a value that is written out, as in ``lr, n = 0.1, 5``."""
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def _sources(section: str) -> Iterator[str]:
    (lesson,) = select([section])
    for cell in read(lesson.path).cells:
        if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", []):
            yield cell.source


@pytest.fixture
def definitions() -> Callable[..., tuple[Any, ...]]:
    """Return a function that gives what a section defines under certain names.

    ``softmax, net = definitions("3.6", "softmax", "net")`` executes the imports, functions,
    classes and literal assignments of the section in order, nothing else. What the functions
    read besides, such as parameters, is put beside them with keywords::

        net, = definitions("3.6", "net", W=W, b=b)

    A function whose defaults or decorators need more than that is passed over.
    """

    def get(section: str, *names: str, **given: Any) -> tuple[Any, ...]:
        namespace: dict[str, Any] = {"__name__": f"section_{section}"}
        for source in _sources(section):
            for node in ast.parse(source).body:
                if isinstance(node, DEFINITIONS) or _is_literal(node):
                    try:
                        exec(compile(ast.Module([node], []), section, "exec"), namespace)
                    except NameError:
                        continue
        namespace.update(given)
        missing = [name for name in names if name not in namespace]
        assert not missing, f"section {section} does not define {', '.join(missing)}"
        return tuple(namespace[name] for name in names)

    return get
