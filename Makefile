# Two commands do everything: `make briefing` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

.DEFAULT_GOAL := help
.PHONY: help briefing test check lab hooks bench lock sbom messages sample clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

briefing: $(VENV)/.base ## environment, data, notebook, HTML and PDF of the Togo briefing
	$(BIN)/tightrope build
	$(BIN)/tightrope brief togo

test: $(VENV)/.dev ## every test that can run on this machine
	$(BIN)/tightrope build
	$(BIN)/python -m pytest

check: $(VENV)/.dev ## format, lint, types and raw data, without changing anything
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/tightrope check

lab: $(VENV)/.lab ## JupyterLab on the notebooks
	$(BIN)/tightrope build
	$(BIN)/jupyter lab notebooks

hooks: $(VENV)/.dev ## in this clone, commit notebooks without outputs and let git tell their changes by cell
	$(BIN)/pre-commit install
	git config diff.jupyternotebook.command "$(BIN)/git-nbdiffdriver diff"
	git config merge.jupyternotebook.driver "$(BIN)/git-nbmergedriver merge %O %A %B %L %P"

bench: $(VENV)/.dev ## measure speed and write docs/benchmarks.md
	$(BIN)/python -m tests.benchmarks

lock: $(VENV)/.dev ## resolve the requirements anew, with hashes and without addresses
	for extra in "" dev lab; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    $${extra:+--extra $$extra} pyproject.toml requirements/build.in -o requirements/$${extra:-base}.txt; \
	done

sbom: $(VENV)/.dev ## write the bill of materials: every locked package with its licence, as CycloneDX
	$(BIN)/python requirements/sbom.py

messages: $(VENV)/.base ## collect the messages that translations must cover, and list texts of the data without one
	$(BIN)/python -m analysis.language.collect
	$(BIN)/tightrope build
	$(BIN)/python -m analysis.translations

sample: $(VENV)/.base ## renew the committed sample briefing
	$(BIN)/tightrope build
	$(BIN)/tightrope brief togo
	$(BIN)/python -m analysis.reporting.sample

clean: ## remove what was built: environment, tables, reports
	rm -rf $(VENV) data/processed .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find reports -mindepth 1 -maxdepth 1 ! -name sample -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Each marker stands for one set of locked requirements, installed with compiled bytecode.
$(VENV)/.base $(VENV)/.dev $(VENV)/.lab: $(VENV)/.%: requirements/%.txt pyproject.toml | $(BIN)/python
	$(PIP) --requirement requirements/$*.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q analysis
	@touch $@
