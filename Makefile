# make up     start the service (builds the environment at the first start)
# make test   install what the tests need, check the code and run all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
export GPU_LIMBO_SHARED ?= $(SHARED)

.PHONY: up test check format lock compose-test soak pin-images sbom audit screenshots

up: $(VENV)/.runtime
	$(BIN)/gpu-limbo up

test: $(VENV)/.dev
	tools/test-services $(BIN)
	$(MAKE) --no-print-directory check
	tools/with-postgres $(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python tools/check_sizes.py

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The containers on a real Docker engine, from nothing to a decision and over a restart
compose-test: $(VENV)/.dev
	$(BIN)/python tools/compose_test.py

# Long trials one after another, about 80 minutes on two idle cores; the first that misses its bar ends it, and a summary
# says how each went. Some only: make soak PARTS="kill trouble" (`python benchmarks/soak.py --list` names them). Their
# short forms are in `make test`.
soak: $(VENV)/.dev
	tools/with-postgres $(BIN)/python benchmarks/soak.py $(PARTS)

# Every page for phone and desktop in both themes, and a sheet of them all, in screenshots/
screenshots: $(VENV)/.dev
	$(BIN)/python tools/screenshots.py

# The digests of the images that the containers are built on, into .env, which compose reads
pin-images: $(BIN)/python
	$(BIN)/python tools/pin_images.py

# What the service consists of, as CycloneDX
sbom: $(VENV)/.runtime
	$(BIN)/python tools/sbom.py > sbom.json

# Known weaknesses of what the locks name: asks an outside service, so it is no part of `check`
audit: $(BIN)/python
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet 'pip-audit>=2.9,<3'
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock

# Versions and hashes only, no addresses: needs `uv` on the path
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gpu-limbo needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	$(BIN)/python -m compileall -q monitor dashboard spiders
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@ $(VENV)/.runtime
