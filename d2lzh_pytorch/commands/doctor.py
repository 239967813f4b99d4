"""``doctor``: look at everything the course needs, and say how to repair what is wrong.

It needs nothing but Python: a check that fails for a reason of its own is one line of the report.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from d2lzh_pytorch.commands import diagnoses, probes
from d2lzh_pytorch.commands.data_state import check_data
from d2lzh_pytorch.commands.devices import check_device
from d2lzh_pytorch.commands.findings import PROBLEM, Finding, render, summary, warning

PINS = Path(__file__).resolve().parents[2] / "requirements.txt"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments of ``doctor``."""
    parser = subparsers.add_parser(
        "doctor", help="check Python, packages, kernel, device and data; say how to repair them"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one finding after the other; 1 if one of them is a problem."""
    findings = []
    for finding in examine():
        print(render(finding), flush=True)
        findings.append(finding)
    print(f"\n{summary(findings)}")
    return int(any(finding.level == PROBLEM for finding in findings))


def examine() -> Iterator[Finding]:
    """Run all checks, the quick ones first."""
    install, reinstall = install_command(), reinstall_command()
    yield diagnoses.check_python(sys.version_info[:3], sys.executable)
    yield from guarded("packages", lambda: [_packages(install)])
    torch = probes.run_probe(probes.TORCH)
    yield diagnoses.check_torch(torch, install, reinstall)
    yield from guarded("torchvision", lambda: [_torchvision(torch, install, reinstall)])
    yield from guarded("kernel", lambda: [_kernel(install)])
    yield from guarded("device", lambda: [_device(torch)])
    yield diagnoses.check_memory(probes.available_memory())
    yield from guarded("settings", lambda: _settings())
    yield from guarded("data", check_data)
    yield from guarded("cache", _cache)
    yield from guarded("folder", _current_folder)


def guarded(subject: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    """Run a check; one that fails gives a finding that says so."""
    try:
        return check()
    except Exception as error:
        text = f"could not be checked: {type(error).__name__}: {error}"
        return [warning(subject, text, "see the other findings first")]


def install_command() -> str:
    """Return the command that installs the tested versions of everything into this Python."""
    return f'"{sys.executable}" -m pip install -r "{PINS}" -e "{PINS.parent}"'


def reinstall_command() -> str:
    """Return the command that replaces torch and torchvision by the tested pair."""
    pins = PINS.read_text(encoding="utf-8").splitlines() if PINS.exists() else []
    pair = [line for line in pins if line.startswith(("torch==", "torchvision=="))]
    names = " ".join(pair) or "torch torchvision"
    return f'"{sys.executable}" -m pip install --force-reinstall {names}'


def _packages(install: str) -> Finding:
    requirements = probes.requirements("d2lzh_pytorch")
    names = [diagnoses.split_requirement(line)[0] for line in requirements or []]
    versions = {name: probes.installed_version(name) for name in names}
    return diagnoses.check_packages(requirements, versions, install)


def _torchvision(torch: dict[str, Any], install: str, reinstall: str) -> Finding:
    probe = probes.run_probe(probes.TORCHVISION)
    required = probes.requirements("torchvision")
    return diagnoses.check_torchvision(probe, torch, required, install, reinstall)


def _kernel(install: str) -> Finding:
    return diagnoses.check_kernel(probes.run_probe(probes.KERNEL), sys.executable, install)


def _device(torch: dict[str, Any]) -> Finding:
    return check_device(torch, probes.nvidia_driver(), os.environ.get("D2LZH_DEVICE"))


def _settings() -> list[Finding]:
    data = Path(os.environ.get("D2LZH_DATA", "")).expanduser()
    return diagnoses.check_settings(os.environ, data.is_dir())


def _cache() -> list[Finding]:
    from d2lzh_pytorch.data.store import cache_dir

    cache = cache_dir()
    repair = "make it writable (chmod u+w), or set D2LZH_DATA to a folder of your own"
    error = probes.write_error(cache)
    return [
        diagnoses.check_writable("cache", str(cache), error, repair),
        diagnoses.check_disk(probes.free_disk(cache), str(cache)),
    ]


def _current_folder() -> list[Finding]:
    here = Path.cwd()
    repair = "start Jupyter in a folder of your own: lessons write files beside the notebook"
    return [diagnoses.check_writable("folder", str(here), probes.write_error(here), repair)]
