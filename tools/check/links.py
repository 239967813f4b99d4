"""Rules about links and pictures."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tools.check.model import Notebook, Project
from tools.check.registry import Problem, notebook_rule, project_rule

_NO_LINK = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HTML = re.compile(r"<(?:img|a)\s[^>]*?(?:src|href)=[\"']([^\"']+)[\"']")
_ELSEWHERE = ("http://", "https://", "mailto:", "#")


def links(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield text and target of every link and picture."""
    text = _NO_LINK.sub("", markdown)
    yield from _LINK.findall(text)
    for target in _HTML.findall(text):
        yield "", target


def broken(markdown: str, folder: Path) -> Iterator[str]:
    """Yield a message for each link in a file of `folder` that leads nowhere or elsewhere."""
    for text, target in links(markdown):
        if target.startswith(_ELSEWHERE):
            continue
        path = unquote(target.partition("#")[0])
        if path.startswith(("/", "attachment:", "data:", "file:")):
            yield f"the link {target[:60]!r} works on one machine only; put the file beside it"
        elif not (folder / path).exists():
            yield f"the link {target!r} leads to no file; mend it"
        else:
            yield from _wrong_number(text, path)


def _wrong_number(text: str, path: str) -> Iterator[str]:
    """See a link whose text names another section than its target."""
    named = re.match(r"(\d+)\.(\d+)\b", text)
    meant = re.search(r"ch(\d\d)_\w+/(\d\d)_\w+\.ipynb$", path)
    if named and meant and [int(n) for n in named.groups()] != [int(n) for n in meant.groups()]:
        yield f"the link says {named[0]} and leads to {path}; make them agree"


@notebook_rule("links")
def _links(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.prose:
        for message in broken(cell.source, notebook.path.parent):
            yield Problem(message, cell.number)


@project_rule("links-in-files")
def _links_in_files(project: Project) -> Iterator[Problem]:
    for file in project.pages:
        for message in broken(file.read_text(encoding="utf-8"), file.parent):
            yield Problem(message, path=file.relative_to(project.root).as_posix())
