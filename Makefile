# Hooks, CI and hand share these verbs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

REGION ?= kediri-raya
CELL_DIR ?= .cell
HTTP_PORT ?= 8080
VENV ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := $(VENV)/bin
PACKAGES := contracts chassis services gateway cell
CODE := $(wildcard $(PACKAGES) tests bench)

export VENV PYTHON
up down status load: export REGION := $(REGION)
up down status load: export CELL_DIR := $(CELL_DIR)
up down status load: export HTTP_PORT := $(HTTP_PORT)

.PHONY: help
help: ## Show these verbs
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Variables: REGION=$(REGION) CELL_DIR=$(CELL_DIR) HTTP_PORT=$(HTTP_PORT) DETACH=1 SPLIT=1"

.PHONY: run-env cell-env dev-env test-env
run-env:
	@cell/bootstrap.sh run
cell-env:
	@cell/bootstrap.sh run servers
dev-env:
	@cell/bootstrap.sh dev
test-env:
	@cell/bootstrap.sh dev servers

.PHONY: up down status demo load
up: cell-env ## Start the cell (Ctrl-C stops it; DETACH=1 leaves it in the background)
	@exec $(BIN)/python -m cell up $(if $(DETACH),--detach) $(if $(SPLIT),--split)
down: run-env ## Stop the cell
	@exec $(BIN)/python -m cell down
status: run-env ## Say what runs
	@exec $(BIN)/python -m cell status
demo: cell-env ## Play one whole story through a fresh throw-away cell
	@exec $(BIN)/python -m cell.demo
load: run-env ## Import institutions: FILE=schools.csv [DRY_RUN=1]
	@test -n "$(FILE)" || { echo "cell: say which file: make load FILE=../shared/data/schools_kediri_raya.csv" >&2; exit 2; }
	@exec $(BIN)/python -m cell.load $(if $(DRY_RUN),--dry-run) "$(FILE)"

.PHONY: test unit test-faults bench
# Branches are counted over the whole suite only; what breaks processes on purpose loses its count.
test: lint types imports test-env ## Everything a contributor must pass
ifeq ($(PYTEST),)
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -m "not slow" --ignore=tests/faults
	@$(BIN)/python -m pytest -m "not slow" tests/faults
	@$(BIN)/python -m coverage combine --quiet
	@exec $(BIN)/python -m coverage report
else
	@exec $(BIN)/python -m pytest -m "not slow" $(PYTEST)
endif
unit: dev-env ## Unit tests only
	@exec $(BIN)/python -m pytest -q tests/unit $(PYTEST)
test-faults: test-env ## Every fault test and every long one, with a printed seed (FAULT_SEED=...)
	@export FAULT_SEED=$${FAULT_SEED:-$$RANDOM}; echo "cell: FAULT_SEED=$$FAULT_SEED"; \
	  exec $(BIN)/python -m pytest -m "fault or slow" $(PYTEST)
bench: test-env ## Print the ratios against the plain baselines
	@exec $(BIN)/python -m bench $(BENCH)

.PHONY: lint types imports format docs lock
lint: dev-env ## Ruff: rules and format
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "cell: 'make format' would change files" >&2; exit 1; }
types: dev-env ## mypy --strict
	@$(BIN)/mypy $(addprefix -p ,$(foreach package,$(PACKAGES),$(if $(wildcard $(package)/__init__.py),$(package))))
imports: dev-env ## The architecture's import rules
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo 2>/dev/null || PYTHONPATH=. $(BIN)/lint-imports
format: dev-env ## Format and fix what can be fixed
	@$(BIN)/ruff check --fix --quiet $(CODE); $(BIN)/ruff format $(CODE)
docs: dev-env ## Write docs/generated from the contracts
	@$(BIN)/python -m contracts.publish
lock: dev-env ## Pin requirements/*.in with hashes (UPGRADE=1: newest releases)
	@for set in run dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) \
	    requirements/$$set.in --output-file requirements/$$set.lock; done
	@grep -c '==' requirements/run.lock requirements/dev.lock
