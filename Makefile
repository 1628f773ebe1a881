# Needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test check conformance bench history generate format clean

demo: $(READY)  ## validate and convert samples/ into out/
	@$(BIN)/python tools/demo.py

test: $(READY)  ## all tests
	@$(BIN)/python -m pytest -n 2

check: $(READY)  ## format, lint, types, generated docs, tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/docs.py --check
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

conformance: $(READY)  ## measure against the public corpus, into docs/conformance.md
	@$(BIN)/python tools/conformance.py

bench: $(READY)  ## measure rules and conversion, into README.md, and batches
	@$(BIN)/python benchmarks/rules.py --readme
	@$(BIN)/python benchmarks/conversion.py --readme
	@$(BIN)/python benchmarks/batch.py

history: $(READY)  ## find planted duplicates in a history of 100,000 invoices; takes ten minutes
	@$(BIN)/python benchmarks/ledger.py

generate: $(READY)  ## the generated pages of docs/
	@$(BIN)/python tools/docs.py

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) out dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment that was made for another folder, or whose Python has gone, is made anew.
ifneq ($(shell cat $(READY) 2>/dev/null && $(BIN)/python -c "" 2>&1),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'einvoice needs Python 3.11 or newer, and "$(PYTHON)" is not: say which, as in'; \
	  echo '  make $(firstword $(MAKECMDGOALS) demo) PYTHON=python3.12'; exit 1; } >&2
	@echo 'making $(VENV), this takes a minute'
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@echo '$(CURDIR)' > $@
