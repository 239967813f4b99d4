"""The doctor as a whole: in process with invented facts, and in broken Pythons of its own."""

import ast
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from d2lzh_pytorch.__main__ import main
from d2lzh_pytorch.commands import doctor, probes
from d2lzh_pytorch.commands.findings import OK, PROBLEM, WARNING, ok, problem, warning

ROOT = Path(__file__).parents[2]
COMMANDS = ROOT / "d2lzh_pytorch" / "commands"
READ_BY_OLD_PYTHONS = [*sorted(COMMANDS.glob("*.py")), ROOT / "d2lzh_pytorch" / "__main__.py"]


@pytest.fixture
def healthy(monkeypatch, tmp_path):
    """A machine that is in order, without starting a process."""
    answers = {
        probes.TORCH: {
            "version": "2.15.0",
            "built_for": None,
            "devices": [],
            "device_error": None,
            "mps": False,
            "threads": 2,
            "warnings": [],
        },
        probes.TORCHVISION: {"version": "0.29.2"},
        probes.KERNEL: {"argv": ["python"], "folder": "/share/jupyter/kernels/python3"},
    }
    monkeypatch.setattr(probes, "run_probe", answers.__getitem__)
    monkeypatch.setattr(probes, "nvidia_driver", lambda: None)
    monkeypatch.setattr(probes, "available_memory", lambda: 2**34)
    monkeypatch.setattr(probes, "free_disk", lambda folder: 2**40)
    for name in [name for name in os.environ if name.startswith("D2LZH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return answers


def subjects(level: str) -> list[str]:
    return [finding.subject for finding in doctor.examine() if finding.level == level]


def test_healthy_machine(healthy, capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("Everything is in order.\n")
    for subject in ("Python", "packages", "torch", "torchvision", "kernel", "device", "data"):
        assert f"ok       {subject}" in out


def test_problem_gives_exit_code_1(healthy, capsys):
    healthy[probes.KERNEL] = {"error": "ModuleNotFoundError: No module named 'ipykernel'"}
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "problem  kernel" in out
    assert f'-> "{sys.executable}" -m pip install -r' in out
    assert out.endswith("\n1 problem.\n")


def test_warning_gives_exit_code_0(healthy, monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    assert subjects(WARNING) == ["settings"]
    assert main(["doctor"]) == 0


@pytest.mark.parametrize("command", [["doctor"], ["data", "list"], ["lessons"]])
def test_unsupported_python(monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert main(command) == 1
    first, *repair = capsys.readouterr().out.splitlines()
    assert first.startswith("problem  Python       3.10.13")
    assert "install Python 3.11 or newer" in repair[0]


def test_pair_that_was_not_built_together(healthy, capsys):
    healthy[probes.TORCHVISION] = {
        "error": "RuntimeError: operator torchvision::nms does not exist"
    }
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "was not built for the installed torch 2.15.0" in out
    assert "--force-reinstall torch==" in out


def test_no_write_access(healthy, monkeypatch):
    monkeypatch.setattr(probes, "write_error", lambda folder: "Permission denied")
    assert subjects(PROBLEM) == ["cache", "folder"]


def test_a_check_that_fails_is_one_finding(healthy, monkeypatch):
    def fails():
        raise OSError("disk on fire")

    monkeypatch.setattr(doctor, "check_data", fails)
    found = [f for f in doctor.examine() if f.level != OK]
    assert [(f.level, f.subject) for f in found] == [(WARNING, "data")]
    assert "OSError: disk on fire" in found[0].text
    assert "folder" in subjects(OK)


def test_reinstalls_the_tested_pair():
    pins = (ROOT / "requirements.txt").read_text()
    command = doctor.reinstall_command()
    names = command.split("--force-reinstall ")[1].split()
    assert len(names) == 2
    assert all(f"{name}\n" in pins for name in names)


def test_findings_have_levels():
    levels = [ok("a", "b").level, warning("a", "b", "c").level, problem("a", "b", "c").level]
    assert levels == [OK, WARNING, PROBLEM]


# --- in processes of their own ------------------------------------------------------------------

# Enough of a torch for the probe, so that a broken environment costs no real import.
FAKE_TORCH = """
import warnings
__version__ = "2.15.0"
def get_num_threads(): return 2
class version: cuda, hip = "13.2", None
class backends:
    class mps: is_available = staticmethod(lambda: False)
class cuda:
    def is_available():
        warnings.warn("CUDA initialization: The NVIDIA driver on your system is too old "
                      "(found version 11040). Please update your GPU driver")
        return False
"""


def run_doctor(python: str = sys.executable, **environ: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [python, "-m", "d2lzh_pytorch", "doctor"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
    )


def shadow(folder: Path, **modules: str) -> str:
    """Write modules that stand before the real ones in PYTHONPATH, and return that path."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    return str(folder)


def test_broken_torch_does_not_break_the_report(tmp_path):
    message = "libcudart.so.13: cannot open shared object file"
    done = run_doctor(PYTHONPATH=shadow(tmp_path, torch=f"raise OSError({message!r})"))
    assert done.stderr == ""
    assert f"problem  torch        cannot be imported: OSError: {message}" in done.stdout
    assert "ok       data" in done.stdout
    assert "ok       kernel" in done.stdout
    assert done.returncode == 1


def test_old_driver_and_torchvision_of_another_torch(tmp_path):
    vision = "raise RuntimeError('operator torchvision::nms does not exist')"
    done = run_doctor(PYTHONPATH=shadow(tmp_path, torch=FAKE_TORCH, torchvision=vision))
    assert done.stderr == ""
    assert "ok       torch        2.15.0\n" in done.stdout
    assert "problem  torchvision  was not built for the installed torch 2.15.0" in done.stdout
    assert "warning  device       the NVIDIA driver" in done.stdout
    assert "-> update the NVIDIA driver" in done.stdout
    assert done.returncode == 1


def test_python_without_any_package(tmp_path):
    venv.create(tmp_path, with_pip=False, symlinks=os.name == "posix")
    folder = "Scripts" if os.name == "nt" else "bin"
    done = run_doctor(str(tmp_path / folder / "python"))
    assert done.stderr == ""
    assert "problem  packages" in done.stdout
    assert "problem  torch        is not installed" in done.stdout
    assert "problem  kernel" in done.stdout
    assert done.returncode == 1


def test_import_without_any_package_points_to_the_doctor(tmp_path):
    venv.create(tmp_path, with_pip=False, symlinks=os.name == "posix")
    folder = "Scripts" if os.name == "nt" else "bin"
    program = "import d2lzh_pytorch as d2l; d2l.get_device"
    done = subprocess.run(
        [str(tmp_path / folder / "python"), "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert "AttributeError: d2lzh_pytorch.get_device cannot be loaded" in done.stderr
    assert "What to do: python -m d2lzh_pytorch doctor" in done.stderr


@pytest.mark.parametrize("path", READ_BY_OLD_PYTHONS, ids=lambda path: path.name)
def test_old_pythons_can_read_it(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    imports = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    has_code = any(isinstance(n, ast.Import | ast.FunctionDef) for n in tree.body)
    assert imports or not has_code, "annotations are evaluated without `from __future__`"
