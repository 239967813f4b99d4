"""Each check of doctor, fed the facts of a healthy machine and of broken ones."""

import pytest

from d2lzh_pytorch.commands import diagnoses
from d2lzh_pytorch.commands.devices import check_device
from d2lzh_pytorch.commands.findings import OK, PROBLEM, WARNING, Finding, render, summary

INSTALL = "pip install -r requirements.txt"
REINSTALL = "pip install --force-reinstall torch torchvision"
GIB = 2**30
TORCH = {
    "version": "2.15.0+cu132",
    "built_for": "13.2",
    "devices": [],
    "device_error": None,
    "mps": False,
    "threads": 8,
    "warnings": [],
}
VISION = {"version": "0.29.2"}


# --- findings -----------------------------------------------------------------------------------


def test_a_fault_says_how_to_repair_it():
    with pytest.raises(ValueError, match="does not say how to repair it"):
        Finding(PROBLEM, "torch", "is missing")


def test_render():
    finding = Finding(PROBLEM, "torch", "is missing", "install it\nor do not")
    assert render(finding) == (
        "problem  torch        is missing\n"
        "                      -> install it\n"
        "                      -> or do not"
    )


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([OK], "Everything is in order."),
        ([OK, WARNING], "1 warning."),
        ([PROBLEM, WARNING, PROBLEM], "2 problems, 1 warning."),
    ],
)
def test_summary(levels, text):
    assert summary([Finding(level, "x", "x", "x") for level in levels]) == text


# --- Python and packages ------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 15, 2), (4, 0, 0)])
def test_supported_python(version):
    assert diagnoses.check_python(version, "/bin/python").level == OK


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 8, 18), (2, 7, 18)])
def test_unsupported_python(version):
    found = diagnoses.check_python(version, "/bin/python")
    assert found.level == PROBLEM
    assert "needs 3.11 or newer" in found.text
    assert "make PYTHON=" in found.repair


REQUIREMENTS = ["torch<3,>=2.14", "numpy>=2.0", "lazy-loader>=0.4"]


def packages(**versions):
    installed = {"torch": "2.15.0", "numpy": "2.4.6", "lazy-loader": "0.6"}
    return diagnoses.check_packages(REQUIREMENTS, {**installed, **versions}, INSTALL)


def test_packages():
    assert packages().level == OK


def test_missing_and_old_packages():
    found = packages(numpy=None, torch="2.13.1+cpu")
    assert found.level == PROBLEM
    assert "missing: numpy" in found.text
    assert "unsupported: torch 2.13.1+cpu (needs <3,>=2.14)" in found.text
    assert "lazy-loader" not in found.text
    assert found.repair.startswith(INSTALL)


def test_the_package_itself_is_not_installed():
    found = diagnoses.check_packages(None, {}, INSTALL)
    assert found.level == PROBLEM
    assert "not installed in this Python" in found.text
    assert INSTALL in found.repair


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("torch", ("torch", "")),
        ("torch (>=2.14.0)", ("torch", ">=2.14.0")),
        ("torch==2.5.1", ("torch", "==2.5.1")),
        ("lazy-loader>=0.4 ; python_version < '4'", ("lazy-loader", ">=0.4")),
        ("jupyter-client[test] !=8.0,>=7", ("jupyter-client", "!=8.0,>=7")),
    ],
)
def test_split_requirement(line, parts):
    assert diagnoses.split_requirement(line) == parts


@pytest.mark.parametrize(
    ("version", "specifier", "expected"),
    [
        ("2.15.0+cu132", "==2.15.0", True),
        ("2.9.0", ">=2.14", False),
        ("2.15.0.dev20260101", ">=2.14,<3", True),
        ("3.0", "<3,>=2.14", False),
        ("1.0", "", True),
    ],
)
def test_satisfies(version, specifier, expected):
    assert diagnoses.satisfies(version, specifier) is expected


# --- torch and torchvision ----------------------------------------------------------------------


def test_torch():
    assert diagnoses.check_torch(TORCH, INSTALL, REINSTALL).level == OK


@pytest.mark.parametrize(
    "error",
    [
        "OSError: libcudart.so.13: cannot open shared object file",
        "the process was killed by SIGSEGV",
    ],
)
def test_broken_torch(error):
    found = diagnoses.check_torch({"error": error}, INSTALL, REINSTALL)
    assert found.level == PROBLEM
    assert error in found.text
    assert found.repair == REINSTALL


def test_missing_torch():
    error = "ModuleNotFoundError: No module named 'torch'"
    found = diagnoses.check_torch({"error": error}, INSTALL, REINSTALL)
    assert (found.level, found.text, found.repair) == (PROBLEM, "is not installed", INSTALL)


def vision(probe, requires=("numpy", "torch (>=2.14.0)"), torch=TORCH):
    return diagnoses.check_torchvision(probe, torch, requires, INSTALL, REINSTALL)


def test_torchvision():
    found = vision(VISION)
    assert found.level == OK
    assert "0.29.2, built for torch 2.15.0+cu132" in found.text
    assert vision(VISION, requires=()).level == OK


@pytest.mark.parametrize(
    ("probe", "requires", "reason"),
    [
        (
            {"error": "RuntimeError: operator torchvision::nms does not exist"},
            ["torch (>=2.14.0)"],
            "operator torchvision::nms does not exist",
        ),
        ({"error": "RuntimeError: Couldn't load custom C++ ops."}, [], "custom C++ ops"),
        ({"error": "ImportError: _C.so: undefined symbol: _ZN3c10"}, [], "undefined symbol"),
        ({"version": "0.20.1"}, ["torch==2.5.1"], "it requires torch ==2.5.1"),
    ],
)
def test_torchvision_not_built_for_this_torch(probe, requires, reason):
    found = vision(probe, requires)
    assert found.level == PROBLEM
    assert "was not built for the installed torch 2.15.0+cu132" in found.text
    assert reason in found.text
    assert "only work as a pair" in found.repair
    assert REINSTALL in found.repair


def test_torchvision_missing_or_otherwise_broken():
    missing = vision({"error": "ModuleNotFoundError: No module named 'torchvision'"}, None)
    assert (missing.level, missing.text) == (PROBLEM, "is not installed")
    assert missing.repair == INSTALL
    broken = vision({"error": "ImportError: cannot import name 'x'"})
    assert broken.level == PROBLEM
    assert "cannot import name 'x'" in broken.text
    assert "not built" not in broken.text


def test_torchvision_is_not_blamed_for_torch():
    found = vision({"error": "x"}, torch={"error": "No module named 'torch'"})
    assert found.level == WARNING
    assert found.repair == "repair torch first"


# --- kernel -------------------------------------------------------------------------------------


def kernel(probe, executable="/course/.venv/bin/python"):
    return diagnoses.check_kernel(probe, executable, INSTALL)


@pytest.mark.parametrize(
    "program", ["python", "python3", "/course/.venv/bin/python", "/course/.venv/bin/python3.12"]
)
def test_kernel(program):
    probe = {"argv": [program, "-m", "ipykernel_launcher"], "folder": "/course/.venv/share"}
    assert kernel(probe).level == OK


@pytest.mark.parametrize("module", ["ipykernel", "jupyter_client"])
def test_missing_kernel(module):
    found = kernel({"error": f"ModuleNotFoundError: No module named '{module}'"})
    assert found.level == PROBLEM
    assert found.repair == INSTALL


def test_no_kernelspec():
    found = kernel({"error": "NoSuchKernel: No such kernel named python3"})
    assert found.level == PROBLEM
    assert "-m ipykernel install --sys-prefix --name python3" in found.repair


def test_kernel_of_another_python():
    probe = {"argv": ["/opt/conda/bin/python", "-m", "ipykernel_launcher"], "folder": "/home"}
    found = kernel(probe)
    assert found.level == PROBLEM
    assert "starts another Python, /opt/conda/bin/python" in found.text
    assert "kernelspec remove" in found.repair


# --- device -------------------------------------------------------------------------------------

TOO_OLD = (
    "CUDA initialization: The NVIDIA driver on your system is too old (found version 11040). "
    "Please update your GPU driver"
)
DRIVER = "NVIDIA GeForce GTX 1050, 470.82.01"


def device(driver=None, requested=None, **facts):
    return check_device({**TORCH, **facts}, driver, requested)


def test_cpu_only():
    found = device()
    assert found.level == OK
    assert "8 CPU threads; no GPU" in found.text
    assert "1 CPU thread;" in device(threads=1).text


def test_gpu():
    found = device("NVIDIA H200, 580.1", devices=["NVIDIA H200"])
    assert found.level == OK
    assert "NVIDIA H200 (PyTorch built for 13.2)" in found.text


def test_apple_gpu():
    assert "used if D2LZH_DEVICE=mps" in device(mps=True).text
    assert "in use" in device(mps=True, requested="mps").text


def test_old_driver():
    found = device(DRIVER, warnings=[TOO_OLD])
    assert found.level == WARNING
    assert "NVIDIA GeForce GTX 1050, 470.82.01; supports CUDA 11.4" in found.text
    assert "too old for this PyTorch, which was built for CUDA 13.2" in found.text
    assert "update the NVIDIA driver" in found.repair
    assert "every lesson runs on the CPU" in found.repair


def test_old_driver_without_nvidia_smi_or_version():
    text = "The NVIDIA driver on your system is too old."
    found = device(None, warnings=[text])
    assert found.level == WARNING
    assert "the NVIDIA driver is too old" in found.text


def test_torch_without_cuda_beside_a_gpu():
    found = device(DRIVER, built_for=None)
    assert found.level == WARNING
    assert "built without CUDA" in found.text
    assert "install torch and torchvision with CUDA" in found.repair


def test_gpu_that_torch_does_not_see():
    found = device(DRIVER, warnings=["CUDA unknown error"])
    assert found.level == WARNING
    assert "CUDA unknown error" in found.text
    assert "CUDA_VISIBLE_DEVICES" in found.repair


def test_gpu_that_cannot_compute():
    found = device(
        DRIVER, devices=["GTX 1050"], device_error="no kernel image is available\nmore text"
    )
    assert found.level == PROBLEM
    assert found.text.endswith("no kernel image is available")
    assert "D2LZH_DEVICE=cpu" in found.repair
    assert device(DRIVER, "cpu", devices=["GTX 1050"], device_error="no kernel").level == OK


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("cuda", "asks for cuda, but PyTorch sees no CUDA device"),
        ("cuda:1", "asks for cuda:1"),
        ("mps", "no Apple GPU"),
        ("gpu", "is no device"),
    ],
)
def test_requested_device_is_not_there(requested, text):
    found = device(requested=requested)
    assert found.level == PROBLEM
    assert text in found.text


def test_device_is_not_checked_without_torch():
    assert check_device({"error": "x"}, DRIVER, None).level == WARNING


# --- memory, disk, folders, settings ------------------------------------------------------------


def test_memory():
    assert diagnoses.check_memory(8 * GIB).level == OK
    assert diagnoses.check_memory(None).level == OK
    low = diagnoses.check_memory(GIB)
    assert (low.level, low.text) == (WARNING, "1.0 GiB available")


def test_disk():
    assert diagnoses.check_disk(50 * GIB, "/home").level == OK
    low = diagnoses.check_disk(GIB // 2, "/home")
    assert low.level == WARNING
    assert "D2LZH_DATA" in low.repair


def test_folder_that_cannot_be_written():
    assert diagnoses.check_writable("cache", "/home", None, "repair").level == OK
    found = diagnoses.check_writable("cache", "/srv/x", "Permission denied", "make it writable")
    assert found.level == PROBLEM
    assert "/srv/x: Permission denied" in found.text
    assert found.repair == "make it writable"


def settings(data_exists=True, **environ):
    return diagnoses.check_settings({"PATH": "/bin", **environ}, data_exists)


def test_settings():
    assert [f.level for f in settings()] == [OK]
    found = settings(D2LZH_OFFLINE="1", D2LZH_DATA="/data", D2LZH_SMOKE="0")
    assert [f.level for f in found] == [OK, OK, OK]
    assert "D2LZH_DATA=/data" in found[0].text


@pytest.mark.parametrize(
    ("environ", "level", "repair"),
    [
        ({"D2LZH_SMOKE": "1"}, WARNING, "unset D2LZH_SMOKE"),
        ({"D2LZH_OFFLINE": "maybe"}, PROBLEM, "set D2LZH_OFFLINE to 1 or 0"),
        ({"D2LZH_DATA": "/nowhere", "data_exists": False}, PROBLEM, "create that folder"),
        ({"D2LZH_OFLINE": "1"}, WARNING, "D2LZH_OFFLINE"),
    ],
)
def test_settings_that_do_harm(environ, level, repair):
    (found,) = settings(**environ)
    assert found.level == level
    assert repair in found.repair
