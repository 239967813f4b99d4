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
    start = find_part(notebook, part)
    if start is None:
        return ""
    texts = []
    for cell in notebook.prose:
        if cell.number < start[0]:
            continue
        text = cell.source[start[1] :] if cell.number == start[0] else cell.source
        heading = _PART.match(text) if cell.number == start[0] else None
        text = text[heading.end() :] if heading else text
        following = _PART.search(text)
        texts.append(text[: following.start()] if following else text)
        if following:
            break
    return "\n".join(texts).strip("：: \n")


def items(text: str) -> list[str]:
    """Return the items of the lists in `text`, without their marks."""
    return [_ITEM.sub("", line) for line in text.splitlines() if _ITEM.match(line)]
