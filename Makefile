# `make demo` and `make test` are all that a new user needs; the rest is for developers and CI.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-long bench check format wheel test-wheel clean help

help:
	@echo "make demo    install, load the demonstration registry and serve it"
	@echo "make test    install what the tests need and run them"
	@echo "make check   style, lint and types"

demo: $(VENV)/.installed
	$(BIN)/equipoise demo

test: $(VENV)/.tested
	$(BIN)/python -m pytest

# What takes too long for every run: 100,000 mutated records, 200 killed loads.
test-long: $(VENV)/.tested
	$(BIN)/python -m pytest -m long --timeout 7200

# The figures of docs/reference/benchmarks.md; needs the shared data, 15 GB of disk and half an hour.
bench: $(VENV)/.installed
	$(BIN)/python bench/report.py

check: $(VENV)/.checked
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy

format: $(VENV)/.checked
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

wheel: $(VENV)/.checked
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist .

# The wheel in an environment of its own, with the tests copied away from src.
test-wheel: wheel
	sh tests/wheel.sh $(PYTHON)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Equipoise needs Python 3.11 or later; $(PYTHON) is `$(PYTHON) --version 2>&1`. Name another: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,clients,parquet]'
	@touch $@ $(VENV)/.installed

$(VENV)/.checked: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,clients,parquet,dev]'
	@touch $@ $(VENV)/.tested $(VENV)/.installed

clean:
	rm -rf $(VENV) dist build
