# Everything starts here. Needs Python 3.11 or newer, make and git; all else is installed into .venv.

VENV := .venv
BIN := $(VENV)/bin
UP := $(if $(host),--host $(host)) $(if $(port),--port $(port)) $(if $(data),--data-dir $(data))
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# The first Python that is new enough; `make run PYTHON=/path/to/python` says which.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))

.DEFAULT_GOAL := help
.PHONY: run test check bench help clean

run: $(VENV)/.installed ## set up and run everything with the demo program (host=…, port=…, data=…)
	@$(BIN)/tcma up --demo $(UP)

test: $(VENV)/.installed-tests ## set up and run all tests (only=tests/mdf runs a part)
	@$(BIN)/python tests/browser/install_chromium.py
	@$(BIN)/python -m pytest $(only)

check: $(VENV)/.installed-tests ## ruff, mypy and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-tests ## benchmarks, each ending in one line of JSON (only=send runs one)
	@$(BIN)/python tests/benchmarks/run.py $(only)

help: ## what can be asked for
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

clean: ## remove what was installed and cached, but no data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found. Install it, or say where it is: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11, which is needed."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/.python
	@echo "Installing the dependencies; this takes a minute the first time …"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-tests: pyproject.toml constraints.txt | $(VENV)/.python
	@echo "Installing the dependencies and the tools for tests; this takes a minute the first time …"
	@$(INSTALL) --editable '.[test]'
	@touch $(VENV)/.installed $@
