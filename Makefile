# Needs make, bash and Python 3.11 or newer with venv. All else goes into .venv.

PYTHON ?=
ARGS ?=
TEST_EXTRAS := test
TEST_PYTHONS := 3.11 3.12 3.13
TEST_PACKAGES := curl php-cli php-soap
COVERAGE_FLOOR := 97

BIN := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test test-quick lint format type bench clean \
	test-packages test-setup test-cover test-pythons

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
	@echo "PYTHON=/path/to/python3 chooses the interpreter of a new .venv"

setup: ## make .venv with the project in it
	@.ci/venv .venv "" "$(PYTHON)"

run: setup ## start all servers; ARGS="--port-base 9500" passes options on
	@exec $(BIN)/fakeproviders serve $(ARGS)

test: test-packages test-setup lint type test-cover test-pythons ## run all checks, as CI does
	@echo "all checks passed"

test-quick: test-setup ## run the tests alone; ARGS="-k signature" passes options on
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

lint: test-setup ## check style and format
	@echo "ruff check"
	@$(BIN)/ruff check --quiet --output-format=concise .
	@echo "ruff format --check"
	@$(BIN)/ruff format --check --quiet .

format: test-setup ## format the code, and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

type: test-setup ## check types
	@echo "mypy"
	@$(BIN)/mypy

bench: setup ## measure on loopback: CPU time as ratios, memory
	@echo "official send, all rules and the journal, against a bare aiohttp handler"
	@$(BIN)/python -m loadtests.bench.official_send
	@echo "a send with 10,000 live sessions against one with 10"
	@$(BIN)/python -m loadtests.bench.sessions

clean: ## remove all that make and the tools left behind
	@rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Parts of test, without a line in help.

test-packages:
	@.ci/debian-packages $(TEST_PACKAGES)

test-setup:
	@.ci/venv .venv "$(TEST_EXTRAS)" "$(PYTHON)"

test-cover:
	@echo "pytest"
	@.ci/coverage $(COVERAGE_FLOOR)

test-pythons:
	@.ci/test-other-pythons "$(TEST_EXTRAS)" $(TEST_PYTHONS)
