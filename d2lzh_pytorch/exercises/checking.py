"""Run an answer against the reference, and tell the reader the outcome in Chinese."""

import ast
import copy
import dis
import enum
import inspect
import textwrap
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from d2lzh_pytorch.exercises.compare import difference
from d2lzh_pytorch.exercises.engine import SEED, Exercise, find
from d2lzh_pytorch.exercises.show import MAX_LENGTH, show


class Verdict(enum.Enum):
    """Outcome of a check."""

    PASSED = "passed"
    UNANSWERED = "unanswered"
    WRONG = "wrong"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Result:
    """Outcome of a check, what to tell the reader, and the number of the input that failed."""

    verdict: Verdict
    message: str
    failed_input: int | None = None


def check(exercise_id: str, function: Callable[..., Any]) -> None:
    """Compare an answer with the reference on several inputs and print the outcome in Chinese.

    Parameters
    ----------
    exercise_id
        Section and number, e.g. ``"3.6-1"``.
    function
        The reader's answer. It gets copies of the inputs of its own, so it may change them
        if the reference does. A function that only holds ``...`` counts as not yet answered.

    Raises
    ------
    LookupError
        If there is no exercise with this id.
    TypeError
        If `function` cannot be called.

    Notes
    -----
    Introduced in section 2.2.
    """
    exercise = find(exercise_id)
    if not callable(function):
        raise TypeError(
            f"check 的第二个参数应当是函数，得到的是 {show(function)}。"
            f"请传入函数本身，不要先调用它，例如 "
            f'd2l.check("{exercise_id}", {exercise.reference.__name__})。'
        )
    print(examine(exercise, function).message)


def hint(exercise_id: str) -> None:
    """Print the hint of an exercise.

    Parameters
    ----------
    exercise_id
        Section and number, e.g. ``"3.6-1"``.

    Raises
    ------
    LookupError
        If there is no exercise with this id.

    Notes
    -----
    Introduced in section 2.2.
    """
    exercise = find(exercise_id)
    print(f"{exercise.id} 提示：{exercise.hint}")


def solution(exercise_id: str) -> None:
    """Print the source of the reference answer of an exercise.

    Parameters
    ----------
    exercise_id
        Section and number, e.g. ``"3.6-1"``.

    Raises
    ------
    LookupError
        If there is no exercise with this id.

    Notes
    -----
    Introduced in section 2.2.
    """
    print(reference_source(find(exercise_id)))


def reference_source(exercise: Exercise) -> str:
    """Return the source of the reference without its decorator."""
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    first_line = ast.parse(source).body[0].lineno  # that of `def`; decorators come before
    return "\n".join(source.splitlines()[first_line - 1 :])


def examine(exercise: Exercise, function: Callable[..., Any]) -> Result:
    """Run the answer and the reference on the same inputs, up to the first that differs."""
    if _is_stub(function):
        return _unanswered(exercise)
    cases = exercise.cases()
    for number, arguments in enumerate(cases, start=1):
        result = _examine_case(exercise, function, number, arguments)
        if result is not None:
            return result
    message = f"{exercise.id} 通过：{len(cases)} 组输入的结果都与参考答案一致。"
    return Result(Verdict.PASSED, message)


def _examine_case(
    exercise: Exercise, function: Callable[..., Any], number: int, arguments: tuple[Any, ...]
) -> Result | None:
    names = exercise.parameters(len(arguments))
    theirs, ours = copy.deepcopy(arguments), copy.deepcopy(arguments)
    with _same_random_numbers():
        expected = exercise.reference(*ours)

    def failed(verdict: Verdict, reason: str, *lines: str) -> Result:
        pairs = zip(names, arguments, strict=True)
        inputs = "，".join(f"{name} = {show(value)}" for name, value in pairs)
        first = f"{exercise.id} 未通过，第 {number} 组输入：{reason}。"
        return Result(verdict, "\n  ".join([first, f"输入：{inputs}", *lines]), number)

    try:
        with _same_random_numbers():
            received = function(*theirs)
    except Exception as error:
        return failed(Verdict.CRASHED, *_describe(error, function))
    if received is ...:
        return _unanswered(exercise)
    found = difference(expected, received, exercise.rtol, exercise.atol)
    if found:
        lines = f"期望：{show(expected)}", f"得到：{show(received)}"
        return failed(Verdict.WRONG, found, *lines)
    for name, before, wanted, after in zip(names, arguments, ours, theirs, strict=True):
        found = difference(wanted, after, exercise.rtol, exercise.atol)
        if found is None:
            continue
        if difference(before, wanted, 0, 0) is None:
            reason = f"你的函数改动了参数 {name}，参考答案不改动它；请先复制再修改"
        else:
            reason = f"调用之后参数 {name} 的值不对：{found}"
        return failed(Verdict.WRONG, reason, f"调用之后：{name} = {show(after)}")
    return None


def _unanswered(exercise: Exercise) -> Result:
    message = f"{exercise.id} 尚未作答：把 ... 换成你的代码，再运行这个单元。"
    return Result(Verdict.UNANSWERED, message)


def _is_stub(function: Callable[..., Any]) -> bool:
    """Tell whether the body holds nothing but a docstring and ``...`` or ``pass``."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return isinstance(code, types.CodeType) and _operations(code) == _EMPTY_BODY


def _operations(code: types.CodeType) -> list[tuple[str, Any]]:
    instructions = dis.get_instructions(code)
    return [(i.opname, i.argval) for i in instructions if i.opname not in ("RESUME", "NOP")]


def _empty() -> None: ...


_EMPTY_BODY = _operations(_empty.__code__)


@contextmanager
def _same_random_numbers() -> Iterator[None]:
    """Give the answer and the reference the same random numbers; leave the reader's as they are."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(SEED)
        yield


def _describe(error: Exception, function: Callable[..., Any]) -> tuple[str, ...]:
    """Return type, message and place of an error in the reader's function."""
    text = (str(error).strip().splitlines() or [""])[0]
    if len(text) > MAX_LENGTH:
        text = text[: MAX_LENGTH - 1] + "…"
    name = type(error).__name__ + (f": {text}" if text else "")
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if code is not None and frame.filename == code.co_filename]
    if not own:
        return (f"运行时出错，{name}",)
    return f"第 {own[-1].lineno} 行出错，{name}", f"出错的一行：{own[-1].line}"
