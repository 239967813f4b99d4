"""What every exercise of the course must satisfy, and that notebooks and exercises agree.

A section's wrong answers stand in ``test_chNN_secMM.py`` as ``WRONG = {id: [function, ...]}``.
"""

import ast
import importlib.util
import inspect
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from d2lzh_pytorch.exercises.checking import Verdict, examine, reference_source
from d2lzh_pytorch.exercises.compare import difference
from d2lzh_pytorch.exercises.engine import discover, section_module

ROOT = Path(__file__).parents[2]
EXERCISES = discover()
CALL = re.compile(r"""\bd2l\.(?:check|hint|solution)\(\s*["']([^"']*)["']""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def load_test_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def collect_wrong_answers() -> dict:
    wrong = {}
    for path in sorted(Path(__file__).parent.glob("test_ch*_sec*.py")):
        answers = load_test_module(path).WRONG
        assert not wrong.keys() & answers.keys(), f"{path.name} repeats ids of another file"
        wrong.update(answers)
    return wrong


def course_notebooks() -> list[Path]:
    paths = (ROOT / "notebooks").rglob("*.ipynb")
    return sorted(path for path in paths if ".ipynb_checkpoints" not in path.parts)


def section_of(notebook: Path) -> str:
    """'3.6' for notebooks/ch03_deep_learning_basics/06_softmax_scratch.ipynb."""
    chapter = re.match(r"ch(\d+)_", notebook.parent.name)
    section = re.match(r"(\d+)_", notebook.name)
    assert chapter, f"{notebook}: the folder's name does not begin like ch03_"
    assert section, f"{notebook}: the name does not begin like 06_"
    return f"{int(chapter[1])}.{int(section[1])}"


def code_cells(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


WRONG = collect_wrong_answers()
NOTEBOOKS = course_notebooks()
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=section_of)


def test_there_are_exercises():
    assert EXERCISES


@every_exercise
def test_stands_in_the_module_of_its_section(exercise):
    chapter, section, _ = re.findall(r"\d+", exercise.id)
    assert exercise.reference.__module__ == section_module(int(chapter), int(section))


@every_exercise
def test_reference_passes_its_own_check(exercise):
    assert examine(exercise, exercise.reference).verdict is Verdict.PASSED


@every_exercise
def test_inputs_are_several_and_always_the_same(exercise):
    cases, again = exercise.cases(), exercise.cases()
    assert len(cases) >= 3
    assert all(isinstance(case, tuple) for case in cases)
    assert difference(cases, again, rtol=0, atol=0) is None


@every_exercise
def test_a_constant_is_refused(exercise):
    result_of_the_first_input = exercise.reference(*exercise.cases()[0])
    result = examine(exercise, lambda *arguments: result_of_the_first_input)
    assert result.verdict is Verdict.WRONG, "every input has the same answer"


@every_exercise
def test_hint_is_chinese(exercise):
    assert CHINESE.search(exercise.hint)
    assert exercise.hint[-1] in "。？！"


@every_exercise
def test_reference_says_in_chinese_what_it_does(exercise):
    assert CHINESE.search(inspect.getdoc(exercise.reference) or "")


@every_exercise
def test_solution_is_the_function_alone(exercise):
    tree = ast.parse(reference_source(exercise))
    assert isinstance(tree.body[0], ast.FunctionDef)
    assert tree.body[0].decorator_list == []


@every_exercise
def test_has_wrong_answers(exercise):
    assert WRONG.get(exercise.id), f"give wrong answers for {exercise.id}"


def test_wrong_answers_belong_to_exercises():
    assert WRONG.keys() <= {exercise.id for exercise in EXERCISES}


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        pytest.param(exercise, answer, id=f"{exercise.id}-{answer.__name__}")
        for exercise in EXERCISES
        for answer in WRONG.get(exercise.id, [])
    ],
)
def test_wrong_answer_is_refused(exercise, answer):
    result = examine(exercise, answer)
    if result.verdict is Verdict.CRASHED:
        # A plausible answer works on the first input at least.
        assert result.failed_input != 1, result.message
    else:
        assert result.verdict is Verdict.WRONG, result.message


@every_notebook
def test_notebook_uses_exercises_of_its_own_section(notebook):
    known = {exercise.id for exercise in EXERCISES}
    text = notebook.read_text(encoding="utf-8").replace('\\"', '"')
    for used in CALL.findall(text):
        assert used in known, f"there is no exercise {used}"
        assert used.partition("-")[0] == section_of(notebook)


@every_exercise
def test_notebook_of_its_section_asks_for_it(exercise):
    section = exercise.id.partition("-")[0]
    notebooks = [path for path in NOTEBOOKS if section_of(path) == section]
    assert len(notebooks) == 1, f"{len(notebooks)} notebooks of section {section}"
    cells = code_cells(notebooks[0])
    call = rf"""\bd2l\.check\(\s*["']{re.escape(exercise.id)}["']"""
    assert re.search(call, "\n".join(cells)), f"no cell checks {exercise.id}"

    # The report names inputs by the reference's parameters; the reader knows the stub's.
    stubs = {}
    for cell in cells:
        for node in ast.walk(ast.parse(TransformerManager().transform_cell(cell))):
            if isinstance(node, ast.FunctionDef):
                stubs[node.name] = [argument.arg for argument in node.args.args]
    parameters = list(inspect.signature(exercise.reference).parameters)
    assert stubs.get(exercise.reference.__name__) == parameters
