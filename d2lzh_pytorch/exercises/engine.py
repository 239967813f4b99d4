"""What an exercise is, and how one is found by its id.

An exercise is a reference function under the decorator :func:`exercise`, in the module of its
section::

    def _scores(rng: torch.Generator) -> Iterator[tuple[Any, ...]]:
        yield (torch.randn(4, 3, generator=rng),)
        yield (torch.tensor([[1000.0, 0.0, -1000.0]]),)


    @exercise("3.6-1", inputs=_scores, hint="先减去每一行的最大值，再取指数。")
    def stable_softmax(X: torch.Tensor) -> torch.Tensor:
        ...
"""

import difflib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

PACKAGE = "d2lzh_pytorch.exercises"
SEED = 0

Inputs = Callable[[torch.Generator], Iterator[tuple[Any, ...]]]
Function = TypeVar("Function", bound=Callable[..., Any])

_ID = re.compile(r"(\d+)\.(\d+)-(\d+)")
_registry: dict[str, "Exercise"] = {}


@dataclass(frozen=True)
class Exercise:
    """A reference function and what is needed to compare an answer with it.

    Attributes
    ----------
    id
        Section and number, e.g. ``"3.6-1"``.
    reference
        The reference answer.
    inputs
        Makes the argument tuples, edge cases included, from the random generator it is given.
    hint
        One or two sentences in Chinese.
    rtol, atol
        An element ``a`` is right if ``|a - b| <= atol + rtol * |b|``, with ``b`` the reference's.
    """

    id: str
    reference: Callable[..., Any]
    inputs: Inputs
    hint: str
    rtol: float
    atol: float

    def cases(self) -> list[tuple[Any, ...]]:
        """Return the argument tuples, the same ones at every call."""
        return list(self.inputs(torch.Generator().manual_seed(SEED)))

    def parameters(self, count: int) -> list[str]:
        """Return the names of the first `count` parameters of the reference."""
        names = list(inspect.signature(self.reference).parameters)
        return (names + [f"参数 {i + 1}" for i in range(len(names), count)])[:count]


def exercise(
    exercise_id: str, *, inputs: Inputs, hint: str, rtol: float = 1e-4, atol: float = 1e-5
) -> Callable[[Function], Function]:
    """Register the decorated function as the reference answer of an exercise.

    Parameters
    ----------
    exercise_id
        Section and number, e.g. ``"3.6-1"``.
    inputs
        Generator function of argument tuples. It draws from the ``torch.Generator`` it is given
        and from nothing else, so that the inputs are the same at every check.
    hint
        What ``d2l.hint`` prints, in Chinese.
    rtol, atol
        Relative and absolute tolerance for floating-point results.

    Raises
    ------
    ValueError
        If the id is malformed, or already belongs to another function.
    """
    if not _ID.fullmatch(exercise_id):
        raise ValueError(f"{exercise_id!r} is no exercise id; write it like '3.6-1'.")

    def register(reference: Function) -> Function:
        known = _registry.get(exercise_id)
        if known is not None and _origin(known.reference) != _origin(reference):
            raise ValueError(
                f"Exercise {exercise_id} is both {_origin(known.reference)} and "
                f"{_origin(reference)}; give one of them another number."
            )
        _registry[exercise_id] = Exercise(exercise_id, reference, inputs, hint, rtol, atol)
        return reference

    return register


def find(exercise_id: str) -> Exercise:
    """Return the exercise with this id, importing its section's module if need be.

    Raises
    ------
    LookupError
        If there is none; the message (in Chinese, for the reader) names the nearest ids.
    """
    parts = _ID.fullmatch(exercise_id) if isinstance(exercise_id, str) else None
    if parts and exercise_id not in _registry:
        _import_section(int(parts[1]), int(parts[2]))
    if exercise_id in _registry:
        return _registry[exercise_id]
    known = [each.id for each in discover()]
    nearest = difflib.get_close_matches(str(exercise_id), known, n=3, cutoff=0.5)
    advice = f"相近的编号有：{'、'.join(nearest)}。" if nearest else '编号的写法如 "3.6-1"。'
    raise LookupError(f"没有编号为 {exercise_id!r} 的练习。{advice}")


def discover() -> list[Exercise]:
    """Import the modules of all sections and return their exercises in order."""
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        if re.search(r"\.ch\d+\.sec\d+$", module.name):
            importlib.import_module(module.name)
    found = [e for e in _registry.values() if e.reference.__module__.startswith(f"{PACKAGE}.ch")]
    return sorted(found, key=lambda e: [int(number) for number in re.findall(r"\d+", e.id)])


def section_module(chapter: int, section: int) -> str:
    """Return the name of the module that holds the exercises of a section."""
    return f"{PACKAGE}.ch{chapter:02d}.sec{section:02d}"


def _import_section(chapter: int, section: int) -> None:
    name = section_module(chapter, section)
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in (name, name.rpartition(".")[0]):
            raise  # the section exists, but something that it imports does not


def _origin(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
