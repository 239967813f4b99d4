# Two commands do everything on a machine with Python 3.11+ and make:
#   make run    run a lesson (LeNet on Fashion-MNIST; another one with LESSON=3.6)
#   make test   everything CI checks
PYTHON ?= python3
LESSON ?= 5.5

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PY := $(BIN)/python
READY := .venv/.installed

.PHONY: help run test check types unit smoke lab execute index bench results clean

help:
	@echo "make run              run lesson 5.5 (LeNet); another: make run LESSON=3.6"
	@echo "make lab              open the notebooks in JupyterLab"
	@echo "make test             everything CI checks"
	@echo "make check            the fast checks: lint, format, notebook rules"
	@echo "make execute          re-run changed notebooks and store their outputs"
	@echo "make index            rewrite the tables of contents"
	@echo "make bench            measure the speed of loading and training"
	@echo "make results          rebuild RESULTS.md and docs/scaling.md from what was measured"

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 14) else 'Python 3.11 to 3.14 is needed, this is ' + sys.version.split()[0] + '. Name another: make PYTHON=python3.12')"
	@echo "Preparing .venv (the first time this downloads PyTorch and takes some minutes) ..."
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --disable-pip-version-check -r requirements.txt
	$(PY) -m pip install --disable-pip-version-check --quiet --no-deps --editable .
	@$(PY) -c "import pathlib; pathlib.Path('$(READY)').touch()"

run: $(READY)
	@$(PY) -m tools.execute --run $(LESSON)

lab: $(READY)
	$(BIN)/jupyter lab notebooks

test: check types unit smoke

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PY) -m tools.check

types: $(READY)
	$(BIN)/mypy

unit: $(READY)
	$(PY) -m pytest tests -n 2

smoke: $(READY)
	$(PY) -m tools.smoke

execute: $(READY)
	$(PY) -m tools.execute

index: $(READY)
	$(PY) -m tools.index

bench: $(READY)
	$(PY) -m benchmarks

results: $(READY)
	$(PY) -m benchmarks.results
	$(PY) -m benchmarks.scaling

clean:
	$(PYTHON) -c "import shutil; shutil.rmtree('build', ignore_errors=True)"
