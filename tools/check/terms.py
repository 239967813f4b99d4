"""The table of terms, notebooks/TERMS.md.

Its rows are ``| 中文 | English | 说明 | 避免 |``. The last column may be empty or hold variants
that the course does not use, separated by ``、``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADER = ["中文", "English", "说明", "避免"]


@dataclass(frozen=True)
class Term:
    """One row of the table."""

    chinese: str
    english: str
    avoid: tuple[str, ...]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every line of a Markdown table but the rule under its header."""
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                yield cells


def read_terms(text: str) -> list[Term]:
    """Return the terms of the table in `text`; rows of another form are left out."""
    return [
        Term(cells[0], cells[1], tuple(filter(None, re.split(r"[、\s]+", cells[3]))))
        for cells in rows(text)
        if len(cells) == len(HEADER) and cells != HEADER
    ]


def misused(text: str, terms: Sequence[Term]) -> Iterator[tuple[str, Term]]:
    """Yield each variant to avoid that `text` uses, with the term to use in its place.

    A variant inside a term of the table is no misuse: 批量归一化 holds 归一化.
    """
    for term in sorted(terms, key=lambda term: -len(term.chinese)):
        text = text.replace(term.chinese, "\ufffc")
    for term in terms:
        for variant in term.avoid:
            if variant in text:
                yield variant, term
