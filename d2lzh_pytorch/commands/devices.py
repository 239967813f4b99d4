"""Which device the course can compute on, and if not the GPU then why: a check of ``doctor``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from d2lzh_pytorch.commands.findings import Finding, ok, problem, warning

CPU_WORKS = "or go on without it: every lesson runs on the CPU"


def check_device(probe: Mapping[str, Any], driver: str | None, requested: str | None) -> Finding:
    """Check which device PyTorch can use.

    Parameters
    ----------
    probe
        What came of importing torch and computing on its first GPU.
    driver
        GPU and driver as ``nvidia-smi`` tells them, None where there is no such program.
    requested
        The value of ``D2LZH_DEVICE``.
    """
    if "error" in probe:
        return warning("device", "not checked: it needs torch", "repair torch first")
    threads = f"{probe['threads']} CPU thread{'' if probe['threads'] == 1 else 's'}"
    kind = (requested or "").partition(":")[0]
    if kind not in ("", "cpu", "cuda", "mps"):
        text = f"D2LZH_DEVICE={requested} is no device"
        return problem("device", text, "set it to cpu, cuda, cuda:N or mps")
    if kind == "cpu":
        return ok("device", f"{threads}, as D2LZH_DEVICE asks")
    if kind == "mps" and not probe["mps"]:
        return problem("device", "D2LZH_DEVICE asks for mps, but PyTorch sees no Apple GPU", UNSET)
    unusable = _unusable_gpu(probe, driver)
    if kind == "cuda" and (unusable or not probe["devices"]):
        text = unusable.text if unusable else "PyTorch sees no CUDA device"
        return problem("device", f"D2LZH_DEVICE asks for {requested}, but {text}", UNSET)
    if unusable:
        return unusable
    if probe["devices"]:
        names = ", ".join(probe["devices"])
        return ok("device", f"{names} (PyTorch built for {probe['built_for']}), {threads}")
    if probe["mps"]:
        use = "in use" if kind == "mps" else "used if D2LZH_DEVICE=mps"
        return ok("device", f"{threads}; Apple GPU, {use}")
    return ok("device", f"{threads}; no GPU, none is needed")


UNSET = "unset D2LZH_DEVICE, and the best device that works is taken"


def _unusable_gpu(probe: Mapping[str, Any], driver: str | None) -> Finding | None:
    """Return why a GPU that is there cannot be used, or None."""
    warnings = " ".join(" ".join(probe["warnings"]).split())
    if probe["device_error"]:
        first = str(probe["device_error"]).strip().splitlines()[0]
        return problem(
            "device",
            f"{probe['devices'][0]} is there, but computing on it fails: {first}",
            "set D2LZH_DEVICE=cpu, or install a PyTorch built for this GPU (pytorch.org)",
        )
    if probe["devices"]:
        return None
    too_old = re.search(r"driver on your system is too old(?: \(found version (\d+)\))?", warnings)
    if too_old:
        found = too_old.group(1)
        supports = f"supports CUDA {int(found) // 1000}.{int(found) % 1000 // 10}" if found else ""
        known = "; ".join(part for part in (driver, supports) if part)
        return warning(
            "device",
            f"the NVIDIA driver{f' ({known})' if known else ''} is too old for this PyTorch, "
            f"which was built for CUDA {probe['built_for']}; the GPU is not used",
            "update the NVIDIA driver (nvidia.com/drivers), or install a PyTorch built for an "
            f"older CUDA (pytorch.org),\n{CPU_WORKS}",
        )
    if driver and not probe["built_for"]:
        return warning(
            "device",
            f"there is a GPU ({driver}), but this PyTorch was built without CUDA",
            f"install torch and torchvision with CUDA (pytorch.org),\n{CPU_WORKS}",
        )
    if driver:
        reason = warnings or "no reason given"
        return warning(
            "device",
            f"there is a GPU ({driver}), but PyTorch cannot use it: {reason}",
            f"restart the machine; look at nvidia-smi and CUDA_VISIBLE_DEVICES,\n{CPU_WORKS}",
        )
    return None
