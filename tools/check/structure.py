"""Rules of shape: names, titles, the parts of a section and their order."""

import ast
import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from tools.check.model import Cell, Notebook, Project, dotted
from tools.check.parts import PARTS, find_part, items, part_text, text_before_parts
from tools.check.registry import Problem, notebook_rule

MAX_LINES = 25
MAX_CODE_CELLS_IN_A_ROW = 2
PACKAGE = "d2lzh_pytorch"

_NUMBERED = re.compile(r"^(?:\s{0,3}\d+[.、)）]\s|#{3,4}\s|\*\*[^*]*\d)", re.MULTILINE)
_RANDOM = re.compile(
    r"(torch|np|numpy|random)(\.\w+)*"
    r"\.(rand\w*|normal|shuffle|sample|choice|multinomial|bernoulli|uniform)"
    r"|(torch\.)?nn\.(init\.\w+|Linear|Lazy\w+|Conv\w+|RNN|GRU|LSTM|Embedding|Dropout\w*)"
)


@notebook_rule("file-name")
def _file_name(notebook: Notebook, project: Project) -> Iterator[Problem]:
    if notebook.numbers is None:
        yield Problem(
            "the file's name is malformed; call it notebooks/chNN_topic/MM_name.ipynb, lower case"
        )


@notebook_rule("title")
def _title(notebook: Notebook, project: Project) -> Iterator[Problem]:
    first = notebook.cells[0] if notebook.cells else None
    title = re.match(r"# (\d+\.\d+) \S", first.source) if first and first.kind != "code" else None
    if title is None:
        yield Problem("the first cell is no title; begin with a line like “# 5.5 标题”", 1)
    elif title[1] != notebook.section:
        yield Problem(f"the title says {title[1]}, the file {notebook.section}; make them agree", 1)
    for cell in notebook.prose[1:]:
        without_code = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
        if re.search(r"^# ", without_code, re.MULTILINE):
            yield Problem("a second title; use ## and lower", cell.number)


@notebook_rule("opening")
def _opening(notebook: Notebook, project: Project) -> Iterator[Problem]:
    if not text_before_parts(notebook).strip():
        yield Problem("no paragraph under the title; say what question is answered, and why", 1)


@notebook_rule("parts")
def _parts(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """See that every part is there, and the import cell like a part after 先修."""
    places = [(find_part(notebook, part), part) for part in PARTS]
    for place, part in places:
        if place is None:
            yield Problem(f"no {part}; write it as **{part}** or as a heading ## {part}")
    if notebook.code:
        places.insert(PARTS.index("先修") + 1, ((notebook.code[0].number, 0), "the import cell"))
    order = [(place, part) for place, part in places if place]
    for (place, part), (next_place, next_part) in pairwise(order):
        if next_place < place:
            yield Problem(f"{next_part} stands before {part}; exchange them", next_place[0])


@notebook_rule("goals")
def _goals(notebook: Notebook, project: Project) -> Iterator[Problem]:
    count = len(items(part_text(notebook, "学习目标")))
    if find_part(notebook, "学习目标") and not 2 <= count <= 4:
        yield Problem(f"学习目标 has {count} list items; write 2 to 4")


@notebook_rule("prerequisites")
def _prerequisites(notebook: Notebook, project: Project) -> Iterator[Problem]:
    text = part_text(notebook, "先修")
    if find_part(notebook, "先修") and ".ipynb" not in text and "无" not in text:
        yield Problem("先修 links to no section; link the notebooks, or write 无")


@notebook_rule("summary")
def _summary(notebook: Notebook, project: Project) -> Iterator[Problem]:
    text = part_text(notebook, "小结")
    count = len(items(text)) or len(re.findall(r"[。！？]", text))
    if find_part(notebook, "小结") and not 3 <= count <= 5:
        yield Problem(f"小结 has {count} items or sentences; write 3 to 5")


@notebook_rule("exercises")
def _exercises(notebook: Notebook, project: Project) -> Iterator[Problem]:
    place = find_part(notebook, "练习")
    if place is None:
        return
    text = part_text(notebook, "练习")
    count = len(_NUMBERED.findall(text)) or len(items(text))
    if count < 3:
        yield Problem(f"练习 has {count} items; number at least three", place[0])
    after = [cell for cell in notebook.code if cell.number > place[0]]
    checked = any(dotted(node) == "d2l.check" for cell in after for node in cell.nodes())
    if notebook.code and not checked:
        yield Problem("no exercise checks itself; add one with d2l.check(id, function)", place[0])


@notebook_rule("import-cell")
def _import_cell(notebook: Notebook, project: Project) -> Iterator[Problem]:
    if not notebook.code:
        return
    first = notebook.code[0]
    if not any(
        isinstance(node, ast.Import) and (alias.name, alias.asname) == (PACKAGE, "d2l")
        for node in first.nodes()
        for alias in getattr(node, "names", ())
    ):
        message = f"the first code cell lacks `import {PACKAGE} as d2l`; put all imports there"
        yield Problem(message, first.number)


@notebook_rule("seed")
def _seed(notebook: Notebook, project: Project) -> Iterator[Problem]:
    calls = [(cell, node) for cell, node in notebook.nodes() if isinstance(node, ast.Call)]
    if any(dotted(call.func) == "d2l.set_seed" for _, call in calls):
        return
    for cell, call in calls:
        own_generator = any(keyword.arg == "generator" for keyword in call.keywords)
        if _RANDOM.fullmatch(dotted(call.func)) and not own_generator:
            message = f"{dotted(call.func)} is random; call d2l.set_seed(0) in the import cell"
            yield Problem(message, cell.number)
            return


@notebook_rule("cell-length")
def _cell_length(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        lines = len(cell.source.strip().splitlines())
        if lines > MAX_LINES:
            yield Problem(f"{lines} lines; split it, {MAX_LINES} is the most", cell.number)


@notebook_rule("empty-cell")
def _empty_cell(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.cells:
        if not cell.source.strip():
            yield Problem("the cell is empty; delete it", cell.number)


@notebook_rule("prose-between-code")
def _prose_between_code(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """Two code cells in a row may belong to one thought, three never do."""
    for kind, group in groupby(notebook.cells, key=lambda cell: cell.kind):
        run: list[Cell] = list(group)
        if kind == "code" and len(run) > MAX_CODE_CELLS_IN_A_ROW:
            message = f"{len(run)} code cells without a word between them; say what they show"
            yield Problem(message, run[MAX_CODE_CELLS_IN_A_ROW].number)
