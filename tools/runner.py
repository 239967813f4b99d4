"""Running a notebook from top to bottom in a fresh kernel of this interpreter."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

from tools.notebook import Node

# Switched off or fixed, so that the outputs are those of a full run and the same every time.
STUDY = {"TQDM_DISABLE": "1", "PYTHONHASHSEED": "0"}
NOT_STUDY = ("D2LZH_SMOKE", "MPLBACKEND")  # MPLBACKEND would keep figures out of the notebook


class NotebookError(RuntimeError):
    """A notebook did not run to its end.

    Attributes
    ----------
    place, reason
        Where it stopped and why, in a few words.
    details
        The source of the cell and the traceback, where there is one.
    """

    def __init__(self, place: str, reason: str, details: str = "") -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason, self.details = place, reason, details


@dataclass(frozen=True)
class Run:
    """What :func:`run` is asked to do.

    Attributes
    ----------
    label
        What stands in front of the progress bar.
    folder
        The working directory of the kernel.
    timeout
        The longest a cell may take, in seconds.
    on_line
        Called with every line that a cell prints, as it comes, and the progress bar.
    """

    label: str
    folder: Path
    timeout: int
    on_line: Callable[[str, "tqdm[NoReturn]"], None] = lambda line, bar: None


def run(notebook: Node, plan: Run) -> float:
    """Execute the notebook in place, with a progress bar over its cells.

    Returns
    -------
    seconds : float
        How long the cells took.

    Raises
    ------
    NotebookError
        If a cell raises an error, takes too long, or ends the kernel. What was executed until
        then stands in `notebook`.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:  # so that no output of an earlier run is taken for one of this
        cell.outputs, cell.execution_count = [], None
    cells = sum(bool(cell.source.strip()) for cell in code)
    environment = {key: value for key, value in os.environ.items() if key not in NOT_STUDY} | STUDY
    with tqdm(total=cells, desc=plan.label, unit="cell") as bar, TemporaryFile() as log:
        client = _Client(notebook, plan, bar)
        try:
            client.execute(env=environment, stderr=log)
        except CellExecutionError as error:
            reason = f"{error.ename}: {error.evalue}"
            raise NotebookError(client.place(), reason, error.traceback) from None
        except CellTimeoutError:
            reason = f"took more than {plan.timeout} seconds (--timeout)"
            raise NotebookError(client.place(), reason) from None
        except DeadKernelError:
            reason = "the kernel died; most often the machine ran out of memory"
            raise NotebookError(client.place(), reason, _last_words(log)) from None
        return client.seconds


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel, that of this interpreter, whatever is installed on the machine."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec = ipykernel.kernelspec.get_kernel_dict()
        return KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **spec)


class _Manager(AsyncKernelManager):
    def __init__(self, **options: Any) -> None:
        super().__init__(kernel_spec_manager=_ThisInterpreter(), **options)


class _Client(NotebookClient):
    """Tells how far it is, and passes on printed lines while a cell still runs."""

    def __init__(self, notebook: Node, plan: Run, bar: "tqdm[NoReturn]") -> None:
        super().__init__(
            notebook,
            kernel_name="python3",
            kernel_manager_class=_Manager,
            timeout=plan.timeout,
            store_widget_state=False,
            resources={"metadata": {"path": str(plan.folder)}},
            on_notebook_start=_let_interrupts_through,
            on_cell_start=self._start,
            on_cell_executed=self._executed,
        )
        self._plan = plan
        self._bar = bar
        self._cell_number = 0
        self._began = 0.0
        self.seconds = 0.0
        self._unfinished = ""

    def place(self) -> str:
        """Return the cell at work, as the other tools count cells: from 1, text included."""
        return f"cell {self._cell_number}" if self._cell_number else "before the first cell"

    def process_message(self, msg: dict[str, Any], cell: Node, cell_index: int) -> Node | None:
        if msg["msg_type"] == "stream" and msg["content"]["name"] == "stdout":
            *lines, self._unfinished = (self._unfinished + msg["content"]["text"]).split("\n")
            for line in lines:
                self._plan.on_line(line, self._bar)
        return super().process_message(msg, cell, cell_index)

    def _start(self, cell_index: int, **_: object) -> None:
        self._began = self._began or time.perf_counter()
        self._cell_number = cell_index + 1
        self._unfinished = ""

    def _executed(self, **_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._bar.update()


def _let_interrupts_through(**_: object) -> None:
    """Let Ctrl-C raise KeyboardInterrupt; nbclient's handler ends in an internal error."""
    with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


def _last_words(log: IO[bytes]) -> str:
    """Return the end of what a kernel wrote to its standard error, less its greeting."""
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    return "\n".join([line for line in lines if not line.startswith("[IPKernelApp]")][-30:])
