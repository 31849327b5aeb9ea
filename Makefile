# Needs make, bash and Python 3.11 or newer with venv. All else goes into .venv.

PYTHON ?=
ARGS ?=
TEST_EXTRAS := test,load
TEST_PYTHONS := 3.11 3.12 3.13
TEST_PACKAGES := chromium-headless-shell curl nodejs npm php-cli php-soap redis-server
NODE_CLIENTS := tests/e2e/erban_clients/node
AXE := tests/console/axe
COVERAGE_FLOOR := 97

BIN := .venv/bin
LINT := echo "ruff check" && $(BIN)/ruff check --quiet --output-format=concise . \
	&& echo "ruff format --check" && $(BIN)/ruff format --check --quiet .
TYPE := echo "mypy" && $(BIN)/mypy

# Hundreds of tests start an interpreter: without bytecode each of them would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run replay test test-quick lint format type load load-distributed prove bench clean \
	load-setup bench-setup test-packages test-setup test-static test-cover test-pythons prove-pythons

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18
	@echo "PYTHON=/path/to/python3 chooses the interpreter of a new .venv"

setup: ## make .venv with the project in it
	@.ci/venv .venv "" "$(PYTHON)"

run: setup ## start all servers; ARGS="--port-base 9500" passes options on
	@exec $(BIN)/fakeproviders serve $(ARGS)

replay: setup ## run all shipped scenarios, with a report in replay.html; ARGS="--tag guide" passes options on
	@$(BIN)/fakeproviders replay --report replay.html $(ARGS)

test: test-packages test-static test-cover test-pythons ## run all checks, as CI does
	@echo "all checks passed"

test-quick: test-setup ## run the tests alone; ARGS="-k signature" passes options on
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

lint: test-setup ## check style and format
	@$(LINT)

format: test-setup ## format the code, and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

type: test-setup ## check types
	@$(TYPE)

load: load-setup ## load every door for some seconds, with a verdict in load.html; then put four example clients on trial
	@$(BIN)/fakeproviders load doors --report load.html $(ARGS)
	@$(BIN)/python -m loadtests.trials

load-distributed: load-setup ## the same load by a Locust master and two workers; ARGS="spike --workers 4" passes options on
	@$(BIN)/fakeproviders load --workers 2 --report load.html $(ARGS)

prove: test-setup $(if $(ARGS),,prove-pythons) ## what takes long, at full size: all tests on every Python, a newcomer's 400 tests 20 times, attempts, kills, outages; ARGS=1: small
	@$(BIN)/python -m tests.newcomer.prove $(ARGS)
	@$(BIN)/python -m loadtests.proofs $(if $(ARGS),--size ci)

bench: bench-setup ## measure on loopback, raw figures in bench.json; ARGS="--only official" picks lines
	@$(BIN)/python -m loadtests.bench --json bench.json $(ARGS)

clean: ## remove all that make and the tools left behind
	@rm -rf .venv .venv-* replay.html load.html bench.json build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
	@rm -rf $(NODE_CLIENTS)/node_modules $(AXE)/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Parts of test and bench, without a line in help.

test-packages:
	@.ci/debian-packages $(TEST_PACKAGES)
	@.ci/node-packages $(NODE_CLIENTS)
	@.ci/node-packages $(AXE)

load-setup:
	@.ci/venv .venv load "$(PYTHON)"

bench-setup:
	@.ci/venv .venv bench "$(PYTHON)"

test-setup:
	@.ci/venv .venv "$(TEST_EXTRAS)" "$(PYTHON)"

test-static:
	@.ci/at-once '.ci/venv .venv "$(TEST_EXTRAS)" "$(PYTHON)" && $(LINT) && $(TYPE)' \
		'PYTHON="$(PYTHON)" .ci/test-other-pythons setup $(TEST_PYTHONS)'

test-cover:
	@echo "pytest"
	@.ci/coverage $(COVERAGE_FLOOR)

test-pythons:
	@.ci/test-other-pythons core $(TEST_PYTHONS)

prove-pythons: test-packages
	@.ci/test-other-pythons all $(TEST_PYTHONS)
