# Anlan. Needs python3 (3.11 or newer) and make; everything else is installed into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

BIN := .venv/bin
PYTHON := $(BIN)/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
NO_PACKAGES := || { echo "Python packages could not be installed: see that the package index can be reached and run make again." >&2; exit 1; }
PYTEST := $(PYTHON) -m pytest
VENDOR := src/anlan/web/static/vendor
CATALOGUES := $(wildcard src/anlan/*/locale/*/LC_MESSAGES/*.po)
CODE := src tests scripts $(wildcard bench)
TEMPLATES := $(wildcard src/anlan/*/templates)

.PHONY: help
help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-22s %s\n", $$1, $$2 }'

# ------------------------------------------------------------------------------------------ install
.PHONY: install install-dev
install: .venv/.installed $(VENDOR)/.stamp .venv/.translated ## Install what Anlan needs to run
install-dev: install .venv/.installed-dev ## Install what checks and tests Anlan

.venv/bin/python:
	@sh scripts/venv.sh

.venv/.installed: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "Installing the pinned Python packages (a minute or two the first time)."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/base.txt $(NO_PACKAGES)
	@$(PIP) install --no-deps --no-build-isolation --editable . $(NO_PACKAGES)
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	@echo "Installing the pinned tools that check and test."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt $(NO_PACKAGES)
	@touch $@

$(VENDOR)/.stamp: package-lock.json scripts/frontend.py | .venv/.installed
	@$(PYTHON) scripts/frontend.py

.venv/.translated: $(CATALOGUES) scripts/translations.py | .venv/.installed
	@$(PYTHON) scripts/translations.py compile
	@touch $@

# ------------------------------------------------------------------------------------------ run
.PHONY: demo serve
demo: install ## Build the BB district, replay the storm, report, serve (SERVE=no stops after the report)
	@$(BIN)/anlan demo $(if $(filter no,$(SERVE)),--no-serve)

serve: install ## Serve what the database holds at http://127.0.0.1:8000
	@$(BIN)/anlan serve

# ------------------------------------------------------------------------------------------ check
.PHONY: check check-format check-lint check-types check-floors check-architecture check-translations \
	check-migrations check-templates check-spelling
check: check-format check-lint check-types check-floors check-architecture check-translations \
	check-migrations check-templates check-spelling ## Check everything that needs no database

check-format: install-dev
	@echo "== format" && $(BIN)/ruff format --check $(CODE)
check-lint: install-dev
	@echo "== lint" && $(BIN)/ruff check $(CODE)
check-types: install-dev
	@echo "== types" && $(BIN)/mypy
check-floors: install-dev
	@echo "== floors" && PYTHONPATH=src $(BIN)/lint-imports --cache-dir .import_linter_cache
check-architecture: install-dev
	@echo "== architecture and docs" && $(PYTEST) -q tests/architecture
check-translations: install-dev
	@echo "== translations" && $(PYTHON) scripts/translations.py check
check-migrations: install-dev
	@echo "== migrations" && ANLAN_DATABASE_URL=sqlite:///:memory: \
		$(BIN)/django-admin makemigrations --check --dry-run --settings anlan.config.settings
check-templates: install-dev
	@echo "== templates" && if [ -n "$(TEMPLATES)" ]; then $(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES); fi
check-spelling: install-dev
	@echo "== spelling" && $(BIN)/codespell src tests scripts docs README.md CHANGELOG.md Makefile pyproject.toml

# ------------------------------------------------------------------------------------------ test
.PHONY: test fuzz test-fuzz test-services test-quick test-rooms test-rooms-postgres test-stories test-journeys
test: test-services test-quick test-fuzz test-rooms test-rooms-postgres test-walks test-stories test-faults test-journeys ## Run every test, browser and PostgreSQL included

test-services: install-dev ## Make sure that Chromium, PostgreSQL and Mosquitto are there
	@$(PYTHON) scripts/services.py
test-quick: install-dev ## Cores, oracles, gateways, architecture: no database
	@echo "== quick" && $(PYTEST) -q -n 2 tests --ignore tests/rooms --ignore tests/walks --ignore tests/stories --ignore tests/journeys --ignore tests/faults
test-fuzz: install-dev ## Every decoder against a fuzzer, a second each (make fuzz SECONDS=600 for long)
	@echo "== fuzz" && $(PYTHON) -m scripts.fuzz 1
fuzz: install-dev ## Every decoder against a fuzzer for SECONDS (60) each
	@$(PYTHON) -m scripts.fuzz $(or $(SECONDS),60)
test-rooms: install-dev ## Every room on SQLite
	@echo "== rooms on SQLite" && $(PYTEST) -q -n 2 tests/rooms
test-rooms-postgres: install-dev ## Every room on PostgreSQL
	@echo "== rooms on PostgreSQL" && $(PYTHON) -m scripts.with_postgres -- $(PYTEST) -q -n 2 tests/rooms
test-stories: install-dev ## From the first reading to the report
	@echo "== stories" && $(PYTEST) -q tests/stories
test-journeys: install-dev ## The same in a real browser
	@echo "== journeys" && $(PYTEST) -q tests/journeys

# One process is enough for these: the worker is killed by an exception that nothing catches.
KILLED_IN_PLACE := tests/faults/test_calls_killed.py
.PHONY: test-faults test-faults-postgres
test-faults: install-dev ## Kill programs under load, fill the disk, lock the database: nothing confirmed is lost
	@echo "== faults" && $(PYTEST) -q -n 2 $(KILLED_IN_PLACE) && $(PYTEST) -q tests/faults --ignore $(KILLED_IN_PLACE)
test-faults-postgres: install-dev ## The same on PostgreSQL, apart from `make test`
	@echo "== faults on PostgreSQL" && $(PYTHON) -m scripts.with_postgres -- $(PYTEST) -q tests/faults

.PHONY: test-walks test-walks-postgres
test-walks: install-dev ## Every address as every role, on SQLite: who sees or changes too much
	@echo "== walks" && $(PYTEST) -q -n 2 tests/walks
test-walks-postgres: install-dev ## The same on PostgreSQL, apart from `make test`
	@echo "== walks on PostgreSQL" && $(PYTHON) -m scripts.with_postgres -- $(PYTEST) -q -n 2 tests/walks

# ------------------------------------------------------------------------------------------ upkeep
.PHONY: format translations lock hooks clean
format: install-dev ## Format Python and templates
	@$(BIN)/ruff check --quiet --fix-only $(CODE); $(BIN)/ruff format $(CODE)
	@if [ -n "$(TEMPLATES)" ]; then $(BIN)/djhtml --tabwidth 2 $(TEMPLATES) || true; fi

translations: install-dev ## Bring the catalogues up to the code, and compile them
	@$(PYTHON) scripts/translations.py update
	@$(PYTHON) scripts/translations.py compile

# pip-compile style locks for every Python and platform, with hashes and without addresses.
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
lock: install-dev ## Lock requirements/*.in and package.json anew (UPGRADE=--upgrade for newer versions)
	@cd requirements && $(LOCK) base.in build.in -o base.txt && $(LOCK) dev.in -o dev.txt && $(LOCK) node.in -o node.txt
	@npm install --package-lock-only --ignore-scripts

hooks: install-dev ## Check before every commit
	@$(BIN)/pre-commit install

clean: ## Remove what was built, and keep .venv and var
	@rm -rf node_modules $(VENDOR) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info
	@find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete
	@rm -f .venv/.installed .venv/.installed-dev .venv/.translated
