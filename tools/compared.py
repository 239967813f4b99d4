"""Which stored outputs nbval really compares, counted by chapter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from d2lzh_pytorch.lessons import Lesson
from tools import notebook as notebooks
from tools.notebook import WIDGET_VIEW, Node

GOAL = 0.65
_EXCUSED = {"nbval-ignore-output", "nbval-skip"}
_PICTURES = {"image/png", "image/jpeg"}  # nbval looks at their other half, <Figure ...>, only


@dataclass(frozen=True)
class Share:
    """How many code cells have output, and of how many the output is compared."""

    with_output: int = 0
    compared: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.with_output + other.with_output, self.compared + other.compared)

    def __str__(self) -> str:
        percent = 100 * self.compared / self.with_output if self.with_output else 100
        return f"{self.compared} of {self.with_output} cells with output compared ({percent:.0f} %)"

    @property
    def reaches_goal(self) -> bool:
        """Whether enough is compared."""
        return self.compared >= GOAL * self.with_output


def share(notebook: Node) -> Share:
    """Count the cells of one notebook."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]
    return Share(len(cells), sum(_is_compared(cell) for cell in cells))


def by_chapter(lessons: Sequence[Lesson]) -> dict[int, Share]:
    """Count the cells of each chapter's lessons."""
    shares: dict[int, Share] = {}
    for lesson in lessons:
        counted = share(notebooks.read(lesson.path))
        shares[lesson.chapter] = shares.get(lesson.chapter, Share()) + counted
    return shares


def total(shares: Iterable[Share]) -> Share:
    """Add up."""
    return sum(shares, Share())


def _is_compared(cell: Node) -> bool:
    if _EXCUSED & set(cell.metadata.get("tags", ())):
        return False
    return any(_has_text(output) for output in cell.outputs)


def _has_text(output: Node) -> bool:
    kinds = set(output.get("data", ()))
    if kinds:
        return not kinds & _PICTURES and bool(kinds - {WIDGET_VIEW})
    return True  # a stream or an error
