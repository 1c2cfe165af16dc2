# Everything that one does with Kring. `make` alone lists it.
#
# Steps leave their stamp in what they made (.venv, node_modules, the built client), so nothing is done twice and
# nothing that was thrown away counts as done.

MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
NPM := tools/npm
BUILT := src/kring_web/web/static/kring/manifest.json
TRANSLATIONS := $(shell find src -name '*.po')
CATALOGUES := $(TRANSLATIONS:.po=.mo)
CLIENT_SOURCES := $(shell find client/src client/scripts -type f) \
	$(wildcard client/*.json client/*.js client/*.ts) src/kring/methods/method.schema.json $(wildcard src/kring/methods/texts/*.json)
# What a person may change: PYTEST_ARGS="-k gossip" make test, WORKERS=0 to see prints as they come, FAULTS=100 make torture.
WORKERS ?= auto
PYTEST_ARGS ?=
FAULTS ?= 1000
# Where this is set, each of the thousand processes that the tests start would compile all that it imports anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run cluster test test-core bench bench-keep torture cover-core test-client check lint types contracts check-client format \
	build screens pictures protocol generate lock notices clean

help: ## Lists what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

# --- what a person does ------------------------------------------------------------------------------------------

run: .venv/.run .venv/.pango $(BUILT) $(CATALOGUES) ## Starts Kring on http://localhost:8000, with practice; installs what it needs
	$(BIN)/kring practice

cluster: setup ## Starts a cluster on loopback: two nodes, PostgreSQL, Redis and nginx before them, until Ctrl+C
	@tools/services
	@$(BIN)/python -m tests.cluster

setup: .venv/.run .venv/.test client/node_modules/.installed $(BUILT) $(CATALOGUES) ## Installs everything for work on Kring
	@echo "Ready. Next: make run, make test, make check."

test: setup ## Runs every test: client, core, room, web, browser
	@tools/browser
	@tools/services
	@tools/pango --strict
	$(NPM) test
	$(BIN)/pytest -n $(WORKERS) --dist loadscope $(PYTEST_ARGS)

test-core: .venv/.test ## Runs the pure core's tests alone, in seconds
	$(BIN)/pytest -q -n $(WORKERS) -m "not slow" $(PYTEST_ARGS) tests/core

cover-core: .venv/.test ## Shows which lines and branches of the core no test reaches; fails below 100 %
	$(BIN)/pytest -q -n $(WORKERS) --dist loadscope -m "not slow" $(PYTEST_ARGS) tests/core \
		--cov=kring --cov-branch --cov-report=term-missing --cov-fail-under=100

test-client: client/node_modules/.installed ## Runs the TypeScript client's tests
	$(NPM) test

check: lint types contracts check-client ## Lint, format, types, import contracts: what must be right before a commit

build: .venv/.run $(BUILT) $(CATALOGUES) ## Builds the wheel, with the built client in it, into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

screens: setup ## Writes screenshots of every phase to screens/, which git ignores
	@tools/browser
	SCREENS=screens $(BIN)/pytest -n $(WORKERS) --dist loadscope -m e2e $(PYTEST_ARGS)

pictures: setup ## Takes the pictures in README.md anew
	@tools/browser
	$(BIN)/pytest -q -n 0 tests/e2e/readme_pictures.py

bench: .venv/.bench ## Measures Kring against the floors, under two minutes; FULL=1 measures everything, under 15
	@tools/bench
	@$(if $(FULL),tools/services)
	$(BIN)/python -m bench $(if $(FULL),--full)

bench-keep: .venv/.bench ## Takes the latest full results into docs/: figures, tables, pictures
	$(BIN)/python -m bench --keep

torture: setup ## Does FAULTS=1000 faults to whole installations under load, and judges what came of it; KEEP=1 keeps it in docs/
	@tools/services
	$(BIN)/python -m tests.torture --faults $(FAULTS) $(if $(SEED),--seed $(SEED)) $(if $(KEEP),--keep)

format: .venv/.test client/node_modules/.installed ## Puts Python and TypeScript into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	$(NPM) run fix

protocol: .venv/.test client/node_modules/.installed ## Writes the protocol's schema from the messages, and both clients' types from it
	$(BIN)/python -m kring_room.wire.schema > docs/protocol.schema.json
	$(BIN)/python -m kring_client.wire_types < docs/protocol.schema.json > src/kring_client/wire.py
	$(NPM) run types

generate: setup ## Writes what is made from the code: settings, methods and their pictures, the HTTP API, diagrams, languages
	$(BIN)/python -m kring_web.config.reference docs/settings.md client/src/design/languages.gen.ts client/src/design/names.gen.ts
	$(BIN)/python -m tests.architecture.diagrams
	RECORD=1 $(BIN)/pytest -q -n 0 tests/web/methods/test_methods_document.py tests/web/web/test_openapi.py

lock: .venv/.run ## Renews requirements/*.txt from pyproject.toml; tools/lock --upgrade takes newer versions
	tools/lock

notices: setup ## Writes THIRD-PARTY-NOTICES.md and docs/sbom.json from the locks
	$(BIN)/python tools/notices

clean: ## Throws away all that was made; meetings in your data folder stay
	rm -rf .venv client/node_modules client/dist client/coverage src/kring_web/web/static/kring dist build htmlcov screens
	rm -rf .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results bench/results
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

# --- the pieces of `check` ---------------------------------------------------------------------------------------

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test
	$(BIN)/mypy

contracts: .venv/.test
	$(BIN)/lint-imports --no-logo

check-client: client/node_modules/.installed
	$(NPM) run check

# --- what is made ------------------------------------------------------------------------------------------------

.venv/.run: requirements/run.txt requirements/uv.txt pyproject.toml tools/bootstrap
	tools/bootstrap run

# Tried once for each environment: who may not install it is asked once, and told what to do.
.venv/.pango: .venv/.run tools/pango
	@tools/pango
	@touch $@

# The test lock holds the run lock whole; after it there is nothing left to do for `run`.
.venv/.test: requirements/test.txt .venv/.run
	tools/bootstrap test

# And the bench lock the test lock.
.venv/.bench: requirements/bench.txt .venv/.test
	tools/bootstrap bench

client/node_modules/.installed: client/package-lock.json client/package.json client/.npmrc .venv/.run
	$(NPM) ci
	@touch $@

$(BUILT): client/node_modules/.installed $(CLIENT_SOURCES)
	$(NPM) run build
	$(BIN)/python -m whitenoise.compress --quiet $(@D)
	@touch $@

$(CATALOGUES) &: $(TRANSLATIONS) .venv/.run
	$(BIN)/python -m kring_web.config.translations
