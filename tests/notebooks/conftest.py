"""What a notebook defines, without running the notebook."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from tools.lessons import select
from tools.notebook import read

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


# What an assignment such as `lr, num_inputs = 0.1, 28 * 28` consists of.
SIMPLE = (
    ast.Assign, ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.BinOp,
    ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip


def _is_simple(node: ast.AST) -> bool:
    """Tell whether `node` gives names values that are written out, with no call or indexing."""
    if not isinstance(node, ast.Assign):
        return False
    return all(isinstance(part, SIMPLE) for part in ast.walk(node))


def _sources(section: str) -> Iterator[str]:
    (lesson,) = select([section])
    for cell in read(lesson.path).cells:
        if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", []):
            yield cell.source


@pytest.fixture
def definitions() -> Callable[..., tuple[Any, ...]]:
    """Return a function that gives what a section defines under certain names.

    ``softmax, net = definitions("3.6", "softmax", "net")`` executes the imports, functions,
    classes and simple assignments of the section in order, nothing else. What the functions
    read besides, such as parameters, is put beside them with keywords::

        net, = definitions("3.6", "net", W=W, b=b)

    What needs more than that, such as a default value that is computed, is passed over.
    """

    def get(section: str, *names: str, **given: Any) -> tuple[Any, ...]:
        namespace: dict[str, Any] = {"__name__": f"section_{section}"}
        for source in _sources(section):
            for node in ast.parse(source).body:
                if isinstance(node, DEFINITIONS) or _is_simple(node):
                    try:
                        exec(compile(ast.Module([node], []), section, "exec"), namespace)
                    except NameError:
                        continue
        namespace.update(given)
        missing = [name for name in names if name not in namespace]
        assert not missing, f"section {section} does not define {', '.join(missing)}"
        return tuple(namespace[name] for name in names)

    return get


@pytest.fixture
def assert_path_is_torchs() -> Callable[..., None]:
    """Return a function that has an optimizer of torch walk on ``f(x1, x2)`` along a path.

    ``check(path, f, torch.optim.SGD, lr=0.1)`` compares all points of the path after the first.
    """

    def check(
        path: list[tuple[float, float]],
        f: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
        optimizer_class: Callable[..., torch.optim.Optimizer],
        **settings: Any,
    ) -> None:
        x = torch.tensor(path[0], dtype=torch.float64, requires_grad=True)
        optimizer = optimizer_class([x], **settings)
        for expected in path[1:]:
            optimizer.zero_grad()
            f(*x).backward()
            optimizer.step()
            torch.testing.assert_close(x.detach(), torch.tensor(expected, dtype=torch.float64))

    return check


@pytest.fixture
def assert_steps_are_torchs() -> Callable[..., None]:
    """Return a function that gives a step by hand and an optimizer of torch the same gradients.

    ``check(step, torch.optim.SGD, states, {"lr": 0.1})`` compares all parameters after each step;
    the settings go to ``step(params, states, settings)`` and, by name, to the optimizer.
    """

    def check(
        step: Callable[..., object],
        optimizer_class: Callable[..., torch.optim.Optimizer],
        states: Any,
        settings: dict[str, Any],
        *,
        num_steps: int = 20,
        scale: float = 1.0,
        rtol: float | None = None,
        atol: float | None = None,
    ) -> None:
        ours = [torch.ones(4, 1, requires_grad=True), torch.zeros(1, requires_grad=True)]
        theirs = [p.detach().clone().requires_grad_() for p in ours]
        optimizer = optimizer_class(theirs, **settings)
        for _ in range(num_steps):
            for p, q in zip(ours, theirs, strict=True):
                p.grad = q.grad = scale * torch.randn(p.shape)
            step(ours, states, settings)
            optimizer.step()
            torch.testing.assert_close(ours, theirs, rtol=rtol, atol=atol)

    return check
