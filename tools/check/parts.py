"""The parts that every section has, found in its prose."""

import re

from tools.check.model import Notebook

PARTS = ("学习目标", "先修", "小结", "练习", "参考")

_PART = re.compile(
    rf"^(?:#{{2,4}}[ \t]+({'|'.join(PARTS)})(?:资料|文献)?[ \t]*$"
    rf"|\*\*({'|'.join(PARTS)})(?:资料|文献)?[：。]?\*\*)",
    re.MULTILINE,
)
_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|\d+[.、)）])\s")


def find_part(notebook: Notebook, part: str) -> tuple[int, int] | None:
    """Return the cell number and the offset of a part's heading or bold name."""
    for cell in notebook.prose:
        for match in _PART.finditer(cell.source):
            if part in match.groups():
                return cell.number, match.start()
    return None


def part_text(notebook: Notebook, part: str) -> str:
    """Return the prose from a part's name to the next part's, empty where it is missing."""
    prose = _all_prose(notebook)
    matches = list(_PART.finditer(prose))
    ends = [match.start() for match in matches[1:]] + [len(prose)]
    for match, end in zip(matches, ends, strict=False):
        if part in match.groups():
            return prose[match.end() : end].strip("：: \n")
    return ""


def text_before_parts(notebook: Notebook) -> str:
    """Return the prose before the first part's name, without headings."""
    prose = _all_prose(notebook)
    first = _PART.search(prose)
    return re.sub(r"^#.*$", "", prose[: first.start()] if first else prose, flags=re.MULTILINE)


def _all_prose(notebook: Notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.prose)


def items(text: str) -> list[str]:
    """Return the items of the lists in `text`, without their marks."""
    return [_ITEM.sub("", line) for line in text.splitlines() if _ITEM.match(line)]
