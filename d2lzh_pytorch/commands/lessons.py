"""``lessons``: list the lessons of the course."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from d2lzh_pytorch.lessons import Lesson


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments of ``lessons``."""
    parser = subparsers.add_parser("lessons", help="list the lessons: number, minutes, title, file")
    parser.add_argument(
        "text", nargs="?", default="", help="only lessons with this in number, title or file name"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the lessons that match; 1 if there is none."""
    from d2lzh_pytorch.lessons import list_lessons

    try:
        lessons = list_lessons()
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    chosen = [lesson for lesson in lessons if _matches(lesson, args.text)]
    for lesson in chosen:
        print(render(lesson))
    if chosen:
        return 0
    if lessons:
        scope = f"The lessons go from {lessons[0].number} to {lessons[-1].number}."
        print(f"There is no lesson {args.text!r}. {scope}", file=sys.stderr)
    else:
        print("The folder `notebooks` holds no lesson at all.", file=sys.stderr)
    return 1


def render(lesson: Lesson) -> str:
    """Return one line: number, minutes of the stored run, file, title."""
    minutes = "-" if lesson.seconds is None else f"{lesson.seconds / 60:.1f} min"
    return f"{lesson.number:<6}{minutes:>9}  {lesson.name:<44}  {lesson.title}"


def _matches(lesson: Lesson, text: str) -> bool:
    wanted = text.strip().lower()
    if wanted[:1].isdigit():  # "3" is chapter 3, "3.1" is one section
        return lesson.number == wanted or lesson.number.startswith(f"{wanted.rstrip('.')}.")
    return wanted in lesson.name.lower() or wanted in lesson.title.lower()
