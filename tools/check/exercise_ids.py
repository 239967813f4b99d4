"""Every exercise that a notebook uses exists, and the other way round."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tools.check.model import Notebook, Project, dotted
from tools.check.registry import Problem, notebook_rule, project_rule

_CALLS = ("d2l.check", "d2l.hint", "d2l.solution")


@notebook_rule("exercise-ids")
def _exercise_ids(notebook: Notebook, project: Project) -> Iterator[Problem]:
    checked = set()
    for cell, node in notebook.nodes():
        if not isinstance(node, ast.Call) or dotted(node.func) not in _CALLS:
            continue
        first = node.args[0] if node.args else None
        exercise = first.value if isinstance(first, ast.Constant) else None
        if not isinstance(exercise, str):
            message = f"{dotted(node.func)} without an id; write it as text, such as '3.6-1'"
            yield Problem(message, cell.number)
            continue
        if dotted(node.func) == "d2l.check":
            checked.add(exercise)
        if exercise not in project.exercises.ids:
            message = f"there is no exercise {exercise}; add it to d2lzh_pytorch/exercises"
            yield Problem(message, cell.number)
        elif not exercise.startswith(f"{notebook.section}-"):
            message = f"exercise {exercise} belongs to another section; use one of this section"
            yield Problem(message, cell.number)
    for known in project.exercises.all:
        if known.id.startswith(f"{notebook.section}-") and known.id not in checked:
            yield Problem(f"exercise {known.id} is not used; add a cell with d2l.check")


@project_rule("exercise-files")
def _exercise_files(project: Project) -> Iterator[Problem]:
    sections = {notebook.section for notebook in project.notebooks}
    for exercise in project.exercises.all:
        section = exercise.id.partition("-")[0]
        if not re.fullmatch(r"\d+\.\d+-\d+", exercise.id):
            message = f"malformed id {exercise.id!r}; write it like 3.6-1"
        elif section != exercise.section:
            message = f"exercise {exercise.id} stands in the file of {exercise.section}; move it"
        elif section not in sections:
            message = f"exercise {exercise.id} has no notebook; write section {section}"
        else:
            continue
        yield Problem(message, path=exercise.path)
    for exercise_id, count in Counter(exercise.id for exercise in project.exercises.all).items():
        if count > 1:
            yield Problem(
                f"{exercise_id} is the id of {count} functions; give each its own",
                path=next(e.path for e in project.exercises.all if e.id == exercise_id),
            )
