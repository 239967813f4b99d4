"""Rules of Chinese typography, and the words that the course uses."""

import re
from collections.abc import Callable, Iterator

from tools.check.model import Notebook, Project
from tools.check.registry import Problem, notebook_rule, project_rule
from tools.check.terms import misused

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_HOLE = "\ufffc"  # stands where code, a formula or an address was
_NOT_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\\begin\{.*?\\end\{|<!--.*?-->|`+[^`]+`+|(?<!\\)\$[^$\n]+\$"
    r"|<[^>\n]+>|https?://[^\s）)]+",
    re.DOTALL,
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SPACING = re.compile(f"[{_HAN}][A-Za-z0-9]|[A-Za-z0-9][{_HAN}]")
_PUNCTUATION = re.compile(
    rf"(?<=[{_HAN}])[,;:?!]|[,;:?!](?=\s?[{_HAN}])|(?<=[{_HAN}])\.(?=\s|$|[{_HAN}.])"
    rf"|(?<=[{_HAN}])[()\"]|[()\"](?=[{_HAN}])",
    re.MULTILINE,
)
_BANNED = ("众所周知",)
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|@[A-Z]+@|待补|待写")


def plain(markdown: str) -> str:
    """Return the text of Markdown without code, formulas, addresses, tags and emphasis."""
    text = _NOT_PROSE.sub(_HOLE, markdown)
    return _LINK.sub(r"\1", text).replace("*", "")


def spacing(text: str) -> Iterator[str]:
    """Yield a message for each place where Chinese and Latin touch."""
    for match in _SPACING.finditer(text):
        yield f"no space in “{_around(text, match)}”; put one between Chinese and Latin"


def punctuation(text: str) -> Iterator[str]:
    """Yield a message for each half-width mark in Chinese text."""
    for match in _PUNCTUATION.finditer(text):
        yield f"half-width {match[0]} in “{_around(text, match)}”; write the full-width mark"


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 6) : match.end() + 6].replace("\n", " ")


def _over_cells(notebook: Notebook, messages: Callable[[str], Iterator[str]]) -> Iterator[Problem]:
    for cell in notebook.prose:
        for message in messages(plain(cell.source)):
            yield Problem(message, cell.number)


@notebook_rule("spacing")
def _spacing(notebook: Notebook, project: Project) -> Iterator[Problem]:
    yield from _over_cells(notebook, spacing)


@notebook_rule("punctuation")
def _punctuation(notebook: Notebook, project: Project) -> Iterator[Problem]:
    yield from _over_cells(notebook, punctuation)


@notebook_rule("banned-phrase")
def _banned_phrase(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.prose:
        for phrase in _BANNED:
            if phrase in cell.source:
                yield Problem(f"“{phrase}” explains nothing; say why it is so", cell.number)


@notebook_rule("unfinished")
def _unfinished(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.cells:
        match = _UNFINISHED.search(cell.source)
        if match:
            yield Problem(f"“{match[0]}” marks something unfinished; finish it", cell.number)


@notebook_rule("terms")
def _terms(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.prose:
        for variant, term in misused(plain(cell.source), project.terms):
            message = f"“{variant}” is not the course's term; write {term.chinese} (TERMS.md)"
            yield Problem(message, cell.number)


@project_rule("prose-in-files")
def _prose_in_files(project: Project) -> Iterator[Problem]:
    """Hold the Chinese Markdown files to the same typography."""
    for file in project.pages:
        if file.parent == project.root and file.name != "README.zh-CN.md":
            continue
        path = file.relative_to(project.root).as_posix()
        text = plain(file.read_text(encoding="utf-8"))
        for message in (*spacing(text), *punctuation(text)):
            yield Problem(message, path=path)
