"""Reading and writing notebook files in the one form that the repository keeps."""

import copy
import hashlib
import json
import os
import uuid
from pathlib import Path
from typing import Any

import nbformat

from d2lzh_pytorch.lessons import METADATA_KEY

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# nbformat's notebooks are dictionaries whose keys are attributes too; no type describes them,
# and its functions carry no types.
Node = Any
_format: Any = nbformat


def read(path: Path) -> Node:
    """Return the notebook at `path` in format 4.

    Raises
    ------
    ValueError
        If the file is no notebook.
    """
    try:
        return _format.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds
        raise ValueError(f"{path} cannot be read as a notebook: {error}") from error


def write(notebook: Node, path: Path) -> None:
    """Write the notebook in one step, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(_format.writes(notebook).rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    new.replace(path)


def code_hash(notebook: Node) -> str:
    """Return the digest of the code cells, by which stored outputs are known to be stale."""
    sources = [cell.source.strip() for cell in notebook.cells if cell.cell_type == "code"]
    text = json.dumps([source for source in sources if source], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def run_record(notebook: Node) -> dict[str, Any]:
    """Return what was stored about the notebook's last run, empty where it never ran."""
    return dict(notebook.metadata.get(METADATA_KEY, {}))


def normalised(notebook: Node, record: dict[str, Any], root: Path) -> Node:
    """Return a copy with nothing in it but content, tags, outputs and the record of its run.

    Parameters
    ----------
    notebook
        A notebook that was just executed.
    record
        What to store about the run.
    root
        The repository; its place on this machine is cut out of tracebacks.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata = _format.from_dict(
        {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}, METADATA_KEY: record}
    )
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.setdefault("id", uuid.uuid4().hex[:8])
        cell.metadata = _format.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = _tidy(cell.outputs, root)
    return notebook


def _tidy(outputs: list[Node], root: Path) -> list[Node]:
    """Merge adjacent pieces of one stream, drop widgets, make tracebacks the same everywhere."""
    tidied: list[Node] = []
    for output in outputs:
        last = tidied[-1] if tidied else {}
        if WIDGET_VIEW in output.get("data", {}):
            continue
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
            continue
        if output.output_type == "error":
            output.traceback = [_portable(line, root) for line in output.traceback]
        tidied.append(output)
    return tidied


def _portable(text: str, root: Path) -> str:
    text = text.replace(f"{root}{os.sep}", "")
    if root.is_relative_to(Path.home()):  # IPython writes such paths with ~
        text = text.replace(f"~{os.sep}{root.relative_to(Path.home())}{os.sep}", "")
    return text
