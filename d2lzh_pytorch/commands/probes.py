"""Facts about this machine and this Python, for ``doctor``.

Whatever may be broken is imported in a process of its own: a PyTorch that crashes, or that never
comes back, costs one line of the report and not the report.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROBE_SECONDS = 120

TORCH = """
import json, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import torch
    available = torch.cuda.is_available()
    error = None
    if available:
        try:
            (torch.ones(2, device="cuda") + 1).sum().item()
        except Exception as failure:
            error = str(failure)
    devices = range(torch.cuda.device_count() if available else 0)
    facts = {
        "version": torch.__version__,
        "built_for": torch.version.cuda or torch.version.hip,
        "devices": [torch.cuda.get_device_name(i) for i in devices],
        "device_error": error,
        "mps": torch.backends.mps.is_available(),
        "threads": torch.get_num_threads(),
    }
print(json.dumps({**facts, "warnings": [str(w.message) for w in caught]}))
"""

TORCHVISION = """
import json, torch, torchvision
boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.0]])
kept = torchvision.ops.nms(boxes, torch.tensor([0.5, 1.0]), 0.5)
assert kept.tolist() == [1], kept
print(json.dumps({"version": torchvision.__version__}))
"""

KERNEL = """
import json, ipykernel
from jupyter_client.kernelspec import KernelSpecManager
spec = KernelSpecManager().get_kernel_spec("python3")
print(json.dumps({"argv": spec.argv, "folder": spec.resource_dir}))
"""


def run_probe(program: str, seconds: float = PROBE_SECONDS) -> dict[str, Any]:
    """Run `program` in this Python and return the JSON object in the last line it prints.

    Where that fails the dictionary has one entry, ``error``: the last line of the traceback, or
    how the process ended.
    """
    command = [sys.executable, "-c", program]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {seconds:g} seconds"}
    if done.returncode < 0:
        return {"error": f"the process was killed by {signal.Signals(-done.returncode).name}"}
    if done.returncode > 0:
        errors = [line for line in done.stderr.splitlines() if line.strip()]
        return {"error": errors[-1].strip() if errors else f"exit code {done.returncode}"}
    try:
        facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"error": "the process ended without an answer"}
    return facts


def requirements(package: str) -> list[str] | None:
    """Return what an installed package requires, extras aside; None if it is not installed."""
    try:
        lines = importlib.metadata.requires(package) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return [line for line in lines if "extra ==" not in line]


def installed_version(package: str) -> str | None:
    """Return the version of an installed package, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def nvidia_driver() -> str | None:
    """Return the first GPU and its driver as ``nvidia-smi`` tells them, or None."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = [program, "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, errors="replace", timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def available_memory() -> int | None:
    """Return the bytes of memory that programs can still use, or None where it is not known."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError):
        return None


def free_disk(folder: Path) -> int:
    """Return the free bytes where `folder` is, or will be."""
    return shutil.disk_usage(existing(folder)).free


def write_error(folder: Path) -> str | None:
    """Return why nothing can be written in `folder`, or where it would be made; None if it can."""
    try:
        with tempfile.TemporaryFile(dir=existing(folder)):
            return None
    except OSError as error:
        return error.strerror or str(error)


def existing(folder: Path) -> Path:
    """Return the folder itself, or the nearest one above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder
