"""What holds for every test: no network, no window, no bar, one thread, no setting of one's own.

The environment is set here, before anything reads it, and subprocesses inherit it.
"""

import os
import runpy
import sys
from pathlib import Path

import pytest

OFFLINE = Path(__file__).resolve().parents[1] / "tools" / "offline"

for _variable in [name for name in os.environ if name.startswith("D2LZH_")]:
    del os.environ[_variable]
os.environ["MPLBACKEND"] = "Agg"
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

# The guard that also stands over the notebooks in `tools.smoke`.
runpy.run_path(str(OFFLINE / "sitecustomize.py"))


@pytest.fixture(autouse=True)
def _fresh_state():
    """The same random numbers for each test, and no figure left over."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def torchrun_variables(monkeypatch):
    """The environment in which torchrun starts the second of two processes."""
    variables = {
        "RANK": "1",
        "WORLD_SIZE": "2",
        "LOCAL_RANK": "1",
        "LOCAL_WORLD_SIZE": "2",
        "TORCHELASTIC_RUN_ID": "7e57",
        "TORCHELASTIC_RESTART_COUNT": "0",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
