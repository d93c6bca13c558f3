# Hooks, CI and hand share these verbs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CELL_DIR ?= .cell
WORKERS ?= 3
VENV ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := $(VENV)/bin
PACKAGES := contracts chassis services gateway cell
CODE := $(wildcard $(PACKAGES) tests bench deploy)

export VENV PYTHON
unexport PYTHONDONTWRITEBYTECODE  # a test run starts hundreds of processes: what they import is compiled once
up down status load: export CELL_DIR := $(CELL_DIR)
up: export REGION := $(REGION)
up restore import: export HTTP_PORT := $(HTTP_PORT)

.PHONY: help
help: ## Show these verbs
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Variables: REGION=$(or $(REGION),kediri-raya) CELL_DIR=$(CELL_DIR) HTTP_PORT=$(or $(HTTP_PORT),8080) DETACH=1 SPLIT=1"

.PHONY: run-env cell-env dev-env test-env
run-env:
	@cell/bootstrap.sh run
cell-env:
	@cell/bootstrap.sh run servers
dev-env:
	@cell/bootstrap.sh dev
test-env:
	@cell/bootstrap.sh dev servers

.PHONY: up down status demo demo-network pair load
up: cell-env ## Start the cell (Ctrl-C stops it; DETACH=1 leaves it in the background)
	@exec $(BIN)/python -m cell up $(if $(DETACH),--detach) $(if $(SPLIT),--split)
down: run-env ## Stop the cell
	@exec $(BIN)/python -m cell down
status: run-env ## Say what runs
	@exec $(BIN)/python -m cell status
demo: cell-env ## Play three whole stories through a fresh throw-away cell
	@exec $(BIN)/python -m cell.demo
pair: run-env ## Pair two running cells: A=.cell B=.cell-semarang · pasangkan dua region
	@exec $(BIN)/python -m cell.pair $(A) $(B)
demo-network: cell-env ## Play a story between two regions whose link is cut and healed
	@exec $(BIN)/python -m cell.demo.network
load: run-env ## Import institutions: FILE=schools.csv [DRY_RUN=1]
	@test -n "$(FILE)" || { echo "cell: say which file: make load FILE=../shared/data/schools_kediri_raya.csv" >&2; exit 2; }
	@exec $(BIN)/python -m cell.load $(if $(DRY_RUN),--dry-run) "$(FILE)"

# Copies and the operator's console: docs/runbooks says when.
.PHONY: backup restore export import verify new-broker parked replay drop rebuild
backup restore export import verify new-broker parked replay drop rebuild: export CELL_DIR := $(CELL_DIR)
CONSOLE = exec $(BIN)/python -W ignore -m
needs = test -n "$($(1))" || { echo "cell: say $(1)=…: $(2)" >&2; exit 2; }
backup: run-env ## Copy the running cell: [TO=directory] · salin sel yang berjalan
	@$(CONSOLE) cell.backup backup $(if $(TO),--to "$(TO)")
restore: cell-env ## Start an empty cell from a copy: FROM=directory · pulihkan dari salinan
	@$(call needs,FROM,make restore FROM=backups/… CELL_DIR=.cell-new)
	@$(CONSOLE) cell.backup restore --from "$(FROM)"
export: run-env ## The same copy without sign-in data: TO=directory · ekspor tanpa kata sandi
	@$(call needs,TO,make export TO=backups/export)
	@$(CONSOLE) cell.backup export --to "$(TO)"
import: cell-env ## Start an empty cell from an export: FROM=directory [CREDENTIALS=file] · impor
	@$(call needs,FROM,make import FROM=backups/export CELL_DIR=.cell-new)
	@$(CONSOLE) cell.backup import --from "$(FROM)" $(if $(CREDENTIALS),--credentials "$(CREDENTIALS)")
verify: run-env ## Is a copy whole: FROM=directory · periksa salinan
	@$(call needs,FROM,make verify FROM=backups/…)
	@$(CONSOLE) cell.backup verify --from "$(FROM)"
new-broker: cell-env ## Begin with an empty broker, the old data set aside · mulai dengan broker kosong
	@exec $(BIN)/python -m cell new-broker
parked: run-env ## List facts that could not be heard · daftar fakta terparkir
	@$(CONSOLE) cell.operate parked
replay: run-env ## Hear a parked fact again: ID=… · dengarkan lagi fakta terparkir
	@$(call needs,ID,make parked lists them)
	@$(CONSOLE) cell.operate replay "$(ID)"
drop: run-env ## Forget a parked fact for good: ID=… · buang fakta terparkir
	@$(call needs,ID,make parked lists them)
	@$(CONSOLE) cell.operate drop "$(ID)"
rebuild: run-env ## Build a view again: VIEW=institutions or VIEW=all · bangun ulang tampilan
	@$(call needs,VIEW,make rebuild VIEW=all)
	@$(CONSOLE) cell.operate rebuild "$(VIEW)"

.PHONY: new-cell images
new-cell: run-env ## Write a cell's manifests: NAME=malang AREAS=35.07,35.73 [TITLE=] [TIMEZONE=] [PEERS=]
	@exec $(BIN)/python -m cell.new_cell
images: ## Build the images with docker, podman or buildah, and try each: RELEASE=0.1.0
	@exec deploy/image/build.sh $(RELEASE)

.PHONY: test coverage unit test-faults bench
# Side by side, a file at a time: much of it waits. What measures time is in the bench.
SIDE_BY_SIDE := -p xdist -n $(WORKERS) --dist loadfile --no-loadscope-reorder
test: dev-env ## Everything a contributor must pass; STRICT=1: without a second try
	@$(MAKE) -j2 -O lint types imports test-env
ifeq ($(PYTEST),)
	@SIDE_BY_SIDE="$(SIDE_BY_SIDE)" STRICT="$(STRICT)" exec tests/tried.sh $(BIN)/python -m "not slow"
else
	@exec $(BIN)/python -m pytest -m "not slow" $(PYTEST)
endif
coverage: test-env ## The same with branches counted, and the gate
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest $(SIDE_BY_SIDE) -m "not (slow or fault)"
	@$(BIN)/python -m coverage combine --quiet
	@exec $(BIN)/python -m coverage report
# Two processes of about the same length; what is chosen with PYTEST is tried by one.
SERVICES := $(patsubst services/%/,tests/unit/%,$(filter-out services/__%,$(wildcard services/*/)))
unit: dev-env ## Unit tests only: no wire, no process, no pause
ifeq ($(PYTEST),)
	@printf '%s\n' "$(SERVICES)" "tests/unit $(SERVICES:%=--ignore=%)" \
	  | EVENTLET_NO_GREENDNS=yes xargs -P2 -L1 $(BIN)/python -m pytest -q -p no:hypothesispytest
else
	@exec $(BIN)/python -m pytest -q tests/unit $(PYTEST)
endif
test-faults: test-env ## Every fault test and every long one, with a printed seed (FAULT_SEED=...)
	@export EXAMPLES=200 FAULT_SEED=$${FAULT_SEED:-$$RANDOM}; echo "cell: FAULT_SEED=$$FAULT_SEED"; \
	  exec $(BIN)/python -m pytest -m "fault or slow or hypothesis" $(PYTEST)
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
	@for set in run service gateway console dev; do \
	  case $$set in run|dev) same= ;; *) same="--constraints requirements/run.lock" ;; esac; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) $$same \
	    requirements/$$set.in --output-file requirements/$$set.lock; done
	@grep -c '==' requirements/*.lock
