"""How doctor gathers its facts, from this machine and from broken Pythons."""

import os
from pathlib import Path

import pytest
import torch
import torchvision

from d2lzh_pytorch.commands import probes


def test_probe_returns_the_last_line():
    assert probes.run_probe("print('noise'); print('{\"a\": 1}')") == {"a": 1}


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("import sys; sys.exit(3)", "exit code 3"),
        ("import os; os._exit(0)", "the process ended without an answer"),
        ("print('no answer')", "the process ended without an answer"),
    ],
)
def test_probe_that_fails(program, error):
    assert probes.run_probe(program) == {"error": error}


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_probe_that_crashes():
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert probes.run_probe(program) == {"error": "the process was killed by SIGKILL"}


def test_probe_that_never_ends():
    found = probes.run_probe("import time; time.sleep(60)", seconds=0.2)
    assert found == {"error": "no answer within 0.2 seconds"}


def test_torch_and_torchvision_of_this_environment():
    facts = probes.run_probe(probes.TORCH)
    assert facts["version"] == torch.__version__
    assert facts["threads"] >= 1
    assert probes.run_probe(probes.TORCHVISION) == {"version": torchvision.__version__}


def test_kernel_of_this_environment():
    assert "ipykernel_launcher" in probes.run_probe(probes.KERNEL)["argv"]


def test_requirements():
    assert any(line.startswith("torch<") for line in probes.requirements("d2lzh_pytorch"))
    assert not any("extra" in line for line in probes.requirements("d2lzh_pytorch"))
    assert probes.requirements("no-such-package") is None


def test_installed_version():
    assert probes.installed_version("no-such-package") is None
    assert probes.installed_version("pytest") == pytest.__version__


def fake_nvidia_smi(folder: Path, body: str) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="the fake is a shell script")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("echo 'NVIDIA H200, 580.95'; echo 'NVIDIA H200, 580.95'", "NVIDIA H200, 580.95"),
        ("echo 'NVIDIA-SMI has failed'; exit 9", None),
        ("exit 0", None),
    ],
)
def test_nvidia_driver(tmp_path, monkeypatch, body, expected):
    fake_nvidia_smi(tmp_path, body)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert probes.nvidia_driver() == expected


def test_no_nvidia_driver(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert probes.nvidia_driver() is None


def test_memory_and_disk(tmp_path):
    assert probes.available_memory() is None or probes.available_memory() > 0
    assert probes.free_disk(tmp_path / "not" / "yet" / "there") > 0


def test_writable_folder_leaves_nothing_behind(tmp_path):
    assert probes.write_error(tmp_path) is None
    assert probes.write_error(tmp_path / "later") is None
    assert list(tmp_path.iterdir()) == []


def test_folder_below_a_file_is_not_writable(tmp_path):
    (tmp_path / "file").write_text("")
    assert probes.write_error(tmp_path / "file" / "cache") == "Not a directory"
