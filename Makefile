# Needs only make and python3 with venv. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# What pip does with the packages it installs: without it a process that may not keep bytecode makes it anew at each start.
COMPILE := $(BIN)/python -m compileall -q cogov
# One more than the cores of a small machine: a worker often waits, for a browser, a disk or a server it started.
WORKERS ?= 3
# Databases of tests lie in memory where it has this many KiB to spare, so that nothing waits for the disk.
ROOM := 4000000
CATALOGUE := cogov/translations/en/LC_MESSAGES/messages.po
TESTS ?=
PAGES ?=
SIZES ?= 1000 10000
DATABASES ?= sqlite postgresql
SECONDS_EACH ?= 2
PARTS ?= pages counting closing opinion
AGAINST ?=
BUDGET ?=
ONLY ?=
TIMES ?= 20
PLANTED ?=
MINUTES ?= 30
WATCHERS ?= 500
UPGRADE ?= --upgrade

export HOST ?= 127.0.0.1
export PORT ?= 8000
export COGOV_DATA_DIR ?= var

.PHONY: help install run test doors check audit lint format types contracts templates words pictures bench faults soak migrate-new locks clean

help:  ## say what there is
	@sed -nE 's/^([a-z-]+):.*##  *(.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# A stamp is as old as the locks it was made from; `test` holds everything in `run`.
$(VENV)/bin/python:
	@echo "· making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "· installing what cogov runs on"
	@$(PIP) install -qq --require-hashes -r requirements.txt
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.test: requirements-test.txt pyproject.toml | $(VENV)/bin/python
	@echo "· installing what cogov runs on and is tested with"
	@$(PIP) install -qq --require-hashes -r requirements-test.txt
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $(VENV)/.run $@

install: $(VENV)/.run  ## make the environment

run: install  ## migrate, load the demo on first start, serve on HOST:PORT
	@exec $(BIN)/cogov serve --demo

test: $(VENV)/.test  ## every test; TESTS="tests/people -k login" for some
	@room=$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > $(ROOM) {print $$6}') || true; \
	if [ -n "$$room" ] && [ -w "$$room" ]; then export TMPDIR=$$room; fi; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

doors: $(VENV)/.test  ## twenty thousand bad inputs against every address (DOORS=n for another number)
	@DOORS=$${DOORS:-20000} $(BIN)/python -m pytest -n 0 -p no:randomly -s -q tests/doors/test_corpus.py 2>&1 | grep -vE '^20[0-9]{2}-'

check: lint types contracts templates test  ## everything the build keeps

audit: $(VENV)/.test  ## known weaknesses of what cogov runs on, by pip-audit (needs a network; ends with 3 where it cannot ask)
	@$(BIN)/python tools/audit.py

lint: $(VENV)/.test  ## ruff: rules and format
	@echo "· ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: make format"; exit 1; }

types: $(VENV)/.test  ## mypy, strict
	@echo "· mypy"
	@$(BIN)/mypy

contracts: $(VENV)/.test  ## who may import whom
	@echo "· import-linter"
	@$(BIN)/lint-imports --no-logo

templates: $(VENV)/.test  ## djlint: rules and format
	@echo "· djlint"
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/djlint --quiet --check templates || { echo "not formatted: make format"; exit 1; }

format: $(VENV)/.test  ## put code and templates in form
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat templates || true

words: $(VENV)/.test  ## bring the catalogues of translations up to date with the sentences in code and pages
	@pot=$$(mktemp) && trap 'rm -f "$$pot"' EXIT && \
	$(BIN)/pybabel -q extract -F babel.cfg --ignore-dirs __pycache__ -k say -k lazy_gettext -k lazy_pgettext:1c,2 \
	    --add-location file --sort-by-file --omit-header -o "$$pot" cogov templates && \
	$(BIN)/pybabel -q update -i "$$pot" -d cogov/translations -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
	@$(BIN)/python tools/traditional.py $(CATALOGUE) $(subst /en/,/zh_Hant_TW/,$(CATALOGUE))
	@$(BIN)/pybabel -q compile -d cogov/translations
	@$(BIN)/python -m pytest -q -n 0 tests/house/test_words.py

pictures: $(VENV)/.test  ## pictures of all pages into docs/pictures: PAGES="home dossier" for some (needs chromium)
	@$(BIN)/python tools/pictures.py $(PAGES)

bench: $(VENV)/.test  ## measure: PARTS="pages counting closing opinion" SIZES="1000 10000 100000" DATABASES="sqlite" (10 minutes; docs/measuring.md)
	@for part in $(PARTS); do case $$part in \
	    pages) $(BIN)/python -m tools.bench --sizes "$(SIZES)" --databases "$(DATABASES)" --seconds $(SECONDS_EACH);; \
	    counting) $(BIN)/python -m tools.bench.counting $(if $(BUDGET),--budget "$(BUDGET)") \
	        $(if $(AGAINST),--against "$(AGAINST)");; \
	    closing) $(BIN)/python -m tools.bench.closing;; \
	    opinion) $(BIN)/python -m tools.bench.opinion $(if $(AGAINST),--against "$(AGAINST)");; \
	    *) echo "no such part: $$part (pages, counting, closing, opinion)"; exit 2;; \
	esac; done

faults: $(VENV)/.test  ## break on purpose: ONLY="kill power" TIMES=20 PLANTED=1 (docs/measuring.md)
	@$(BIN)/python -m tools.faults --only "$(ONLY)" --times $(TIMES) $(if $(PLANTED),--planted)

soak: $(VENV)/.test  ## read, write and watch for MINUTES=30 with WATCHERS=500, PLANTED=1
	@$(BIN)/python -m tools.soak --minutes $(MINUTES) --watchers $(WATCHERS) $(if $(PLANTED),--planted)

migrate-new: $(VENV)/.run  ## a new migration from the models: make migrate-new m="what changes"
	@test -n "$(m)" || { echo 'say what changes: make migrate-new m="…"'; exit 1; }
	@$(BIN)/cogov db migrate -m "$(m)"

locks:  ## write the locks anew; UPGRADE= changes nothing but what pyproject.toml asks for (needs uv)
	@uv lock --quiet $(UPGRADE)
	@uv export --quiet --frozen --no-header --no-emit-project --no-annotate --no-default-groups \
	    --extra production --group build -o requirements.txt
	@uv export --quiet --frozen --no-header --no-emit-project --no-annotate --no-default-groups \
	    --extra production --extra pdf --group build -o requirements-pdf.txt
	@uv export --quiet --frozen --no-header --no-emit-project --no-annotate --no-default-groups \
	    --all-extras --group build --group test --group check -o requirements-test.txt
	@! grep -nE '://|^-' requirements.txt requirements-pdf.txt requirements-test.txt

clean:  ## remove the environment and caches; data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
