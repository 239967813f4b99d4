"""Rules about tags, stored outputs and the metadata of a notebook."""

import re
from collections.abc import Iterator

from nbformat.validator import NotebookValidationError, validate

from tools import notebook as notebooks
from tools.check.model import Cell, Notebook, Project
from tools.check.registry import Problem, notebook_rule
from tools.notebook import WIDGET_VIEW

IGNORE = "nbval-ignore-output"
REASONS = {"training", "timing", "device", "random"}
TAGS = REASONS | {IGNORE, "saved", "nbval-skip", "raises-exception"}
MAX_BYTES = 600 * 1024
RUN_RECORD = ("code_hash", "device", "python", "seconds", "torch")

_MACHINE_PATH = re.compile(r"/(?:home|Users)/\w+|[A-Z]:\\\\Users|/tmp/ipykernel_\d+|site-packages/")


def _of_type(cell: Cell, output_type: str) -> bool:
    return any(output.output_type == output_type for output in cell.outputs)


@notebook_rule("tags")
def _tags(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.cells:
        reasons = REASONS & set(cell.tags)
        for tag in sorted(set(cell.tags) - TAGS):
            message = f"unknown tag {tag!r}; known are {', '.join(sorted(TAGS))}"
            yield Problem(message, cell.number)
        if cell.tags and cell.kind != "code":
            yield Problem("tags on a cell without code; remove them", cell.number)
        if len(set(cell.tags)) < len(cell.tags):
            yield Problem("a tag stands twice; remove one", cell.number)
        if IGNORE in cell.tags and len(reasons) != 1:
            known = ", ".join(sorted(REASONS))
            message = f"{IGNORE} with {len(reasons)} reasons; give one of {known}"
            yield Problem(message, cell.number)
        if reasons and IGNORE not in cell.tags:
            yield Problem(f"the reason {min(reasons)!r} without {IGNORE}; add it", cell.number)
        if IGNORE in cell.tags and cell.execution_count and not cell.outputs:
            yield Problem(f"{IGNORE} on a cell that shows nothing; remove it", cell.number)


@notebook_rule("execution-count")
def _execution_count(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for expected, cell in enumerate(notebook.code, start=1):
        if cell.execution_count != expected:
            yield Problem(
                f"execution count {cell.execution_count}, not {expected}; "
                f"run `python -m tools.execute {notebook.section}`",
                cell.number,
            )
            return


@notebook_rule("stderr")
def _stderr(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                start = output.text.strip()[:60]
                message = f"output on stderr: “{start}”; mend what it warns of"
                yield Problem(message, cell.number)


@notebook_rule("error-output")
def _error_output(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        allowed, failed = "raises-exception" in cell.tags, _of_type(cell, "error")
        if failed and not allowed:
            message = "the cell ended in an error; mend it, or tag it raises-exception"
            yield Problem(message, cell.number)
        if allowed and not failed and cell.execution_count:
            yield Problem("tagged raises-exception but raises nothing; remove it", cell.number)


@notebook_rule("machine-path")
def _machine_path(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """No output names a folder of the machine it was made on; tracebacks are not compared."""
    for cell in notebook.code:
        for output in cell.outputs:
            texts = [output.get("text", ""), output.get("evalue", "")]
            texts += [part for part in output.get("data", {}).values() if isinstance(part, str)]
            for text in texts:
                match = _MACHINE_PATH.search(text)
                if match or str(project.root) in text:
                    place = match[0] if match else str(project.root)
                    message = f"the output names {place}, which others lack; print less"
                    yield Problem(message, cell.number)


@notebook_rule("widgets")
def _widgets(notebook: Notebook, project: Project) -> Iterator[Problem]:
    advice = f"run `python -m tools.execute {notebook.section}`"
    if "widgets" in notebook.node.metadata:
        yield Problem(f"widget state in the metadata; {advice}")
    for cell in notebook.code:
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            yield Problem(f"a widget in the output; {advice}", cell.number)


@notebook_rule("kernelspec")
def _kernelspec(notebook: Notebook, project: Project) -> Iterator[Problem]:
    name = notebook.node.metadata.get("kernelspec", {}).get("name")
    if name != "python3":
        message = f"kernelspec {name!r}, not 'python3'; run `python -m tools.execute` on it"
        yield Problem(message)


@notebook_rule("file-size")
def _file_size(notebook: Notebook, project: Project) -> Iterator[Problem]:
    size = notebook.path.stat().st_size
    if size > MAX_BYTES:
        message = f"{size // 1024} KB; {MAX_BYTES // 1024} KB is the most, draw fewer or smaller"
        yield Problem(f"{message} pictures")


@notebook_rule("format")
def _format(notebook: Notebook, project: Project) -> Iterator[Problem]:
    try:
        validate(notebook.node)
    except NotebookValidationError as error:
        reason = str(error).splitlines()[0]
        yield Problem(f"not a valid notebook: {reason}; open and save it in JupyterLab")
    if (notebook.node.nbformat, notebook.node.nbformat_minor) < (4, 5):
        yield Problem("older than format 4.5; run `python -m tools.execute` on it")


@notebook_rule("run-record")
def _run_record(notebook: Notebook, project: Project) -> Iterator[Problem]:
    record = notebooks.run_record(notebook.node)
    if not notebook.code:
        return
    missing = [key for key in RUN_RECORD if not record.get(key)]
    if missing:
        yield Problem(
            f"no {', '.join(missing)} of the stored run; "
            f"run `python -m tools.execute {notebook.section}`"
        )


@notebook_rule("stale")
def _stale(notebook: Notebook, project: Project) -> Iterator[Problem]:
    stored = notebooks.run_record(notebook.node).get("code_hash")
    if stored and stored != notebooks.code_hash(notebook.node):
        yield Problem(
            "the code changed since the outputs were stored; "
            f"run `python -m tools.execute {notebook.section}`"
        )
