"""Choosing notebooks on a command line."""

from collections.abc import Sequence
from pathlib import Path

from d2lzh_pytorch.lessons import Lesson, find_lesson, list_lessons

ROOT = Path(__file__).resolve().parent.parent

__all__ = ["ROOT", "Lesson", "relative", "select"]


def select(names: Sequence[str], root: Path = ROOT) -> list[Lesson]:
    """Return the lessons that `names` stand for, all lessons where `names` is empty.

    Raises
    ------
    LessonNotFoundError
        If a name fits no lesson.
    """
    lessons = list_lessons(root / "notebooks")
    if not names:
        return lessons
    chosen = {find_lesson(name, lessons) for name in names}
    return [lesson for lesson in lessons if lesson in chosen]


def relative(path: Path, root: Path = ROOT) -> str:
    """Return `path` as it is written from the repository root, with forward slashes."""
    return path.relative_to(root).as_posix()
