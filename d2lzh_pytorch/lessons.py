"""The lessons (notebooks) of the course and how one is found by number, file name or title."""

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA_KEY = "d2lzh"  # what tools/execute writes into a notebook's metadata
CHAPTERS = {
    1: "深度学习简介",
    2: "预备知识",
    3: "深度学习基础",
    4: "深度学习计算",
    5: "卷积神经网络",
    6: "循环神经网络",
    7: "优化算法",
    8: "计算性能",
    9: "计算机视觉",
    10: "自然语言处理",
    11: "用 NumPy 从零实现",
    12: "生成模型",
    13: "注意力机制",
    14: "综合项目",
}

_FILE = re.compile(r"ch(\d\d)_[a-z0-9_]+/(\d\d)_([a-z0-9_]+)\.ipynb")
_TITLE = re.compile(r"#\s+(?:\d+\.\d+\s+)?(.+)")


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course.

    Attributes
    ----------
    chapter, section
        Both numbers; lessons sort by them.
    title
        The title without its number, empty where the notebook has none.
    path
        The notebook's file.
    seconds
        How long the stored run took, or None where the notebook was never run.
    device
        The device of that run, such as ``"cpu"``.
    """

    chapter: int
    section: int
    title: str
    path: Path
    seconds: float | None
    device: str | None

    @property
    def number(self) -> str:
        """Chapter and section, e.g. ``"5.5"``."""
        return f"{self.chapter}.{self.section}"

    @property
    def name(self) -> str:
        """Folder and file without the ending, e.g. ``"ch05_cnn/05_lenet"``."""
        return f"{self.path.parent.name}/{self.path.stem}"


class LessonNotFoundError(LookupError):
    """No lesson answers to a name; the message holds the nearest ones."""


def list_lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """Return the lessons under `folder` in the order of the course.

    Files that are not named ``chNN_topic/MM_name.ipynb`` are left out.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist: the package was installed without its repository.
    ValueError
        If a notebook is not JSON.
    """
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There are no notebooks at {folder}. Install the package from a clone of the "
            "repository with `pip install --editable .`."
        )
    found = []
    for path in folder.glob("ch*/*.ipynb"):
        parts = _FILE.fullmatch(f"{path.parent.name}/{path.name}")
        if parts:
            found.append(_read(path, int(parts[1]), int(parts[2])))
    return sorted(found, key=lambda lesson: (lesson.chapter, lesson.section))


def find_lesson(text: str, lessons: Sequence[Lesson]) -> Lesson:
    """Return the lesson with this number, file name, path or title.

    Parameters
    ----------
    text
        ``5.5``, ``lenet``, ``05_lenet``, ``ch05_cnn/05_lenet``, a path, or the title.
    lessons
        Where to look, from :func:`list_lessons`.

    Raises
    ------
    LessonNotFoundError
        If there is none; the message names the nearest ones.

    Examples
    --------
    >>> find_lesson("5.5", list_lessons()).name
    'ch05_cnn/05_lenet'
    """
    wanted = text.strip().lower()
    stem = "/".join(Path(wanted).parts[-2:]).removesuffix(".ipynb")
    for lesson in lessons:
        if {wanted, stem} & set(_names(lesson)):
            return lesson
    raise LessonNotFoundError(f"There is no lesson {text!r}. {_advice(wanted, lessons)}")


def _names(lesson: Lesson) -> list[str]:
    short = lesson.path.stem.partition("_")[2]
    return [lesson.number, lesson.name, lesson.path.stem, short, lesson.title.lower()]


def _advice(wanted: str, lessons: Sequence[Lesson]) -> str:
    if not lessons:
        return "The folder `notebooks` holds no lesson at all."
    by_name = {name: lesson for lesson in lessons for name in _names(lesson) if name}
    near = [name for name in by_name if wanted and wanted in name]
    near += difflib.get_close_matches(wanted, by_name, n=3, cutoff=0.5)
    nearest = list(dict.fromkeys(by_name[name] for name in near))[:3]
    if not nearest:
        return f"The lessons go from {lessons[0].number} to {lessons[-1].number}."
    return "Nearest: " + "; ".join(f"{each.number} {each.title}" for each in nearest) + "."


def _read(path: Path, chapter: int, section: int) -> Lesson:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(
            f"{path} is not a notebook: {error}. Restore it with `git checkout -- {path.name}` "
            "in its folder."
        ) from None
    title = ""
    cells = notebook.get("cells", [])
    if cells and cells[0].get("cell_type") == "markdown":
        heading = _TITLE.match("".join(cells[0]["source"]))
        title = heading[1].strip() if heading else ""
    run = notebook.get("metadata", {}).get(METADATA_KEY, {})
    return Lesson(chapter, section, title, path, run.get("seconds"), run.get("device"))
