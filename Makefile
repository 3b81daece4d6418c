# Everything runs from a virtual environment of its own, set up when first
# needed and again when a lock file changes. `make help` lists the commands.

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PORT := 8000
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check \
	--require-hashes --only-binary :all:

export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help serve check site test bench format lock clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

serve: $(VENV)/.runtime ## show the site on 127.0.0.1:8000 and rebuild it at each saved change
	@$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "127.0.0.1:$(PORT) is in use. Try: make serve PORT=$$(($(PORT) + 1))" >&2; exit 1; }
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

check: $(VENV)/.runtime ## read the data file and the pages, and name every fault
	@$(PYTHON) -m factsheet check

site: $(VENV)/.runtime ## build and check the finished site in site/
	$(PYTHON) -m factsheet build

test: $(VENV)/.dev ## run all checks and tests, the quick ones first
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(PYTHON) -m factsheet format --check
	$(PYTHON) -m factsheet check
	@sh tools/need.sh chromium >/dev/null
	$(PYTHON) -m pytest --numprocesses 2 --dist loadscope

bench: $(VENV)/.dev ## measure the check and the PDFs, in some minutes
	$(PYTHON) bench/run.py
	$(PYTHON) bench/pdf.py

format: $(VENV)/.dev ## format code and data, and mend what can be mended by machine
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(PYTHON) -m factsheet format

lock: $(VENV)/.dev ## write the lock files anew after a change in requirements*.in
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			--output-file $$name.txt $$name.in || exit 1; \
	done

clean: ## remove everything that the other commands made
	rm -rf $(VENV) build site .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.runtime: requirements.txt
	@python=$$(sh tools/need.sh python) && "$$python" -m venv --clear $(VENV)
	$(PIP_INSTALL) -r requirements.txt
	@sh tools/link.sh $(VENV)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
