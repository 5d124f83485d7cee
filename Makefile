# Everything the project does, by one word each; CONTRIBUTING.md explains them. Made things are noted in .stamps/.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for python in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	command -v $$python >/dev/null && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	&& echo $$python && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadgroup
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/pip --quiet --no-input
FRONTEND := $(shell find frontend/src frontend/styles golmok/messages golmok/web/templates -type f)

.PHONY: help setup setup-dev demo test check bench docs lock clean

help:
	@sed -n 's/^## //p' Makefile

## make demo              set up, load the sample festa, put a show on the air (PORT=8000)
demo: setup
	@exec $(BIN)/golmok demo

## make test              set up, run every test on SQLite and on PostgreSQL
test: setup-dev
	npx vitest run
	$(PYTEST)
	$(BIN)/python -m tests.cluster -- $(PYTEST)

## make check             ruff, mypy, import-linter, tsc, eslint
check: setup-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	npx tsc --noEmit
	npx eslint frontend bench/pages

## make bench NAME=…      one measurement; the last line is JSON
bench: setup-dev
	@test -n "$(NAME)" || { echo "make bench NAME=…: one of" bench/[a-z]*.py; exit 2; }
	$(BIN)/python -m bench.$(NAME)

## make docs              prove that the documentation tells the truth
docs: setup-dev
	$(BIN)/python -m pytest -q tests/docs

## make lock              renew requirements*.txt after a change of pyproject.toml (needs uv)
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock:
	$(LOCK) -o requirements.txt
	$(LOCK) --group dev -o requirements-dev.txt

## make clean             remove what was installed and built; var/ stays
clean:
	rm -rf .stamps .venv node_modules golmok/web/static/build golmok.egg-info

## make setup             install what running needs, build the front end
setup: .stamps/built
setup-dev: .stamps/tools .stamps/python-dev .stamps/built

.stamps/system:
	@mkdir -p .stamps
	@echo "1/5 System: Python with venv, Node.js"
	@test -n "$(PYTHON)" || { echo "Golmok needs Python 3.11 or newer." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "Golmok needs Node.js 20 or newer with npm." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(APT) update && $(APT) install --no-install-recommends -y python3-venv; }
	@touch $@

.stamps/tools: | .stamps/system
	@echo "    for the tests: Chromium, PostgreSQL"
	@missing=; command -v chromium >/dev/null || missing="chromium"; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$$missing postgresql"; \
	if [ -n "$$missing" ]; then $(APT) update && $(APT) install --no-install-recommends -y $$missing; fi
	@touch $@

.stamps/venv: | .stamps/system
	@echo "2/5 Python: own environment in .venv"
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@touch $@

.stamps/python: requirements.txt pyproject.toml .stamps/venv
	@echo "3/5 Python: packages (about a minute the first time)"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps -e .
	@touch $@

.stamps/python-dev: requirements-dev.txt .stamps/python
	@echo "    for the tests: Python packages"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

.stamps/node: package-lock.json | .stamps/system
	@echo "4/5 Front end: packages"
	@npm ci --no-audit --no-fund --loglevel=error </dev/null
	@touch $@

.stamps/built: .stamps/python .stamps/node vite.config.ts tsconfig.json $(FRONTEND)
	@echo "5/5 Front end: build"
	@npx vite build --logLevel warn
	@touch $@
