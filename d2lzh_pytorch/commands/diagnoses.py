"""What facts about a machine mean for the course: the checks of ``doctor`` that need no device.

Pure functions: facts come in (see ``probes``), a :class:`Finding` comes out. `install` is the
command that installs the tested versions into this Python, `reinstall` the one that replaces
torch and torchvision even where their version numbers are already right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from d2lzh_pytorch.commands.findings import Finding, ok, problem, warning

OLDEST_PYTHON = (3, 11)
NOT_BUILT_TOGETHER = ("torchvision::nms", "custom C++ ops", "undefined symbol", "DLL load failed")
OTHER_PYTHON = "or use the Python that has them: the one in .venv, which `make run` prepares"
GIB = 2**30
LEAST_MEMORY = 2 * GIB
LEAST_DISK = GIB
ON, OFF = ("1", "true", "yes"), ("0", "false", "no")
SWITCHES = ("D2LZH_SMOKE", "D2LZH_OFFLINE")
SETTINGS = (*SWITCHES, "D2LZH_DATA", "D2LZH_DEVICE")


def check_python(version: Sequence[int], executable: str) -> Finding:
    """Check that the course supports this Python."""
    text = f"{'.'.join(map(str, version[:3]))} ({executable})"
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ok("Python", text)
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return problem(
        "Python",
        f"{text} is too old; the course needs {oldest} or newer",
        f"install Python {oldest} or newer, then build the environment with it, for instance\n"
        f"make PYTHON=python{oldest} run",
    )


def check_packages(
    requirements: Sequence[str] | None, versions: Mapping[str, str | None], install: str
) -> Finding:
    """Check that every required package is installed in a supported version.

    Parameters
    ----------
    requirements
        Lines such as ``"torch<3,>=2.14"``; None where the course's package is not installed.
    versions
        The installed version of each package named there, None for those that are missing.
    install
        The command that installs everything.
    """
    if requirements is None:
        text = "d2lzh_pytorch is not installed in this Python; it was found in the current folder"
        return problem("packages", text, f"{install}\n{OTHER_PYTHON}")
    missing, unsupported = [], []
    for line in requirements:
        name, specifier = split_requirement(line)
        version = versions.get(name)
        if version is None:
            missing.append(name)
        elif not satisfies(version, specifier):
            unsupported.append(f"{name} {version} (needs {specifier})")
    faults = []
    if missing:
        faults.append("missing: " + ", ".join(missing))
    if unsupported:
        faults.append("unsupported: " + ", ".join(unsupported))
    if faults:
        return problem("packages", "; ".join(faults), f"{install}\n{OTHER_PYTHON}")
    return ok("packages", f"the {len(requirements)} required packages are installed")


def check_torch(probe: Mapping[str, Any], install: str, reinstall: str) -> Finding:
    """Check that PyTorch can be imported; `probe` is what came of trying."""
    if "No module named 'torch'" in probe.get("error", ""):
        return problem("torch", "is not installed", install)
    if "error" in probe:
        return problem("torch", f"cannot be imported: {probe['error']}", reinstall)
    return ok("torch", str(probe["version"]))


def check_torchvision(
    probe: Mapping[str, Any],
    torch_probe: Mapping[str, Any],
    requirements: Sequence[str] | None,
    install: str,
    reinstall: str,
) -> Finding:
    """Check that torchvision can be imported and was built for the installed PyTorch.

    Parameters
    ----------
    probe, torch_probe
        What came of importing torchvision and running one of its compiled operators, and of
        importing torch.
    requirements
        What torchvision's own metadata requires, None if it is not installed.
    install, reinstall
        The commands that install everything, and the tested pair once more.
    """
    if "error" in torch_probe:
        return warning("torchvision", "not checked: it needs torch", "repair torch first")
    torch_version = str(torch_probe["version"])
    wanted = [s for name, s in map(split_requirement, requirements or []) if name == "torch"]
    error = probe.get("error", "")
    if "No module named 'torchvision'" in error:
        return problem("torchvision", "is not installed", install)
    if wanted and not satisfies(torch_version, wanted[0]):
        reason = f"it requires torch {wanted[0]}"
    elif any(sign in error for sign in NOT_BUILT_TOGETHER):
        reason = f"importing it fails with: {error}"
    elif error:
        return problem("torchvision", f"cannot be imported: {error}", reinstall)
    else:
        return ok("torchvision", f"{probe['version']}, built for torch {torch_version}")
    return problem(
        "torchvision",
        f"was not built for the installed torch {torch_version}: {reason}",
        "torch and torchvision only work as a pair, from the same source:\n" + reinstall,
    )


def check_kernel(probe: Mapping[str, Any], executable: str, install: str) -> Finding:
    """Check that notebooks run in this Python: ``ipykernel`` and the kernelspec ``python3``."""
    error = probe.get("error", "")
    if "No module named 'ipykernel'" in error or "No module named 'jupyter_client'" in error:
        return problem("kernel", f"notebooks cannot run in this Python: {error}", install)
    add = f'"{executable}" -m ipykernel install --sys-prefix --name python3'
    if error:
        return problem("kernel", f"the Jupyter kernel python3 cannot be used: {error}", add)
    program = str(probe["argv"][0])
    here = os.path.dirname(os.path.abspath(executable))  # noqa: PTH100, PTH120 (links stay links)
    if os.path.isabs(program) and os.path.dirname(program) != here:  # noqa: PTH117, PTH120
        return problem(
            "kernel",
            f"the Jupyter kernel python3 starts another Python, {program}",
            f'"{executable}" -m jupyter kernelspec remove -y python3\n{add}',
        )
    return ok("kernel", f"python3 in {probe['folder']}")


def check_memory(available: int | None) -> Finding:
    """Check that there is memory for the larger lessons."""
    if available is None:
        return ok("memory", "not known on this system")
    text = f"{available / GIB:.1f} GiB available"
    if available < LEAST_MEMORY:
        advice = "close other programs; lessons with large networks (5.6, 5.7) may not fit"
        return warning("memory", text, advice)
    return ok("memory", text)


def check_disk(free: int, folder: str) -> Finding:
    """Check that there is room for downloaded data."""
    text = f"{free / GIB:.1f} GiB free for {folder}"
    if free < LEAST_DISK:
        return warning("disk", text, "make room, or set D2LZH_DATA to a folder on another disk")
    return ok("disk", text)


def check_writable(subject: str, folder: str, error: str | None, repair: str) -> Finding:
    """Check that files can be written in `folder`; `error` says why they cannot."""
    if error is None:
        return ok(subject, f"{folder} can be written to")
    return problem(subject, f"nothing can be written to {folder}: {error}", repair)


def check_settings(environ: Mapping[str, str], data_exists: bool) -> list[Finding]:
    """Check the environment variables of the course, one finding for each that is set."""
    found = []
    for name in sorted(key for key in environ if key.startswith("D2LZH_") and environ[key]):
        value = environ[name]
        text = f"{name}={value}"
        if name not in SETTINGS:
            known = ", ".join(SETTINGS)
            found.append(warning("settings", f"{text} is not known", f"the settings are {known}"))
        elif name in SWITCHES and value.strip().lower() not in ON + OFF:
            found.append(problem("settings", f"{text} is neither 1 nor 0", f"set {name} to 1 or 0"))
        elif name == "D2LZH_SMOKE" and value.strip().lower() in ON:
            found.append(
                warning(
                    "settings",
                    f"{text}: lessons stop after two rounds and their results mean nothing",
                    "unset D2LZH_SMOKE to study",
                )
            )
        elif name == "D2LZH_DATA" and not data_exists:
            repair = "create that folder, or unset D2LZH_DATA"
            found.append(problem("settings", f"{text} does not exist", repair))
        else:
            found.append(ok("settings", text))
    return found or [ok("settings", "no D2LZH_ variable is set")]


def split_requirement(line: str) -> tuple[str, str]:
    """Split ``"torch (>=2.14,<3) ; marker"`` into ``("torch", ">=2.14,<3")``."""
    found = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)", line)
    if found is None:
        raise ValueError(f"{line!r} is no requirement")
    return found.group(1), found.group(2).strip()


def satisfies(version: str, specifier: str) -> bool:
    """Tell whether a version is within a specifier; True where ``packaging`` is missing.

    Build suffixes such as ``+cu132`` do not count. A missing ``packaging`` is a broken
    installation, which other findings report.
    """
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True
    return SpecifierSet(specifier).contains(version.partition("+")[0], prereleases=True)
