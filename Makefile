# Everything runs from a virtual environment of its own, set up when first
# needed and again when a lock file changes. `make help` lists the commands.

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PORT := 8000
NU := tools/nu/node_modules/vnu-jar/build/dist/vnu.jar
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check \
	--require-hashes --only-binary :all:

export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1

# An environment that came from elsewhere, or is broken, is set up again.
ifneq ($(wildcard $(VENV)/.runtime),)
ifneq ($(shell $(PYTHON) -c 'import factsheet, mkdocs, typer; print("whole")' 2>/dev/null),whole)
$(shell rm -f $(VENV)/.runtime)
endif
endif

.DEFAULT_GOAL := help
.PHONY: help serve check site same test edits mutants validate office successor successor-public workflow advisories bench format lock clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

serve: $(VENV)/.runtime ## show the site on 127.0.0.1:8000 and rebuild it at each saved change
	@$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "127.0.0.1:$(PORT) is in use. Try: make serve PORT=$$(($(PORT) + 1))" >&2; exit 1; }
	$(BIN)/mkdocs serve --dirty --dev-addr 127.0.0.1:$(PORT)

check: $(VENV)/.runtime ## read the data file and the pages, and name every fault
	@$(PYTHON) -m factsheet check

site: $(VENV)/.runtime ## build and check the finished site in site/
	$(PYTHON) -m factsheet build $(if $(PAST),--past "$(PAST)")

same: $(VENV)/.dev ## build the site again elsewhere, at another time, and compare it with site/
	sh tools/same.sh site $(PYTHON) $(PAST)

test: $(VENV)/.dev ## run all checks and tests, the quick ones first
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(PYTHON) -m factsheet format --check
	$(PYTHON) -m factsheet check
	@sh tools/need.sh chromium >/dev/null
	$(PYTHON) -m pytest --numprocesses 2 --dist worksteal

edits: $(VENV)/.dev ## make random right edits of the small sheet, and build what check passes
	$(PYTHON) tools/edits.py

mutants: $(VENV)/.dev ## plant small faults in the rules, one at a time, and list those that no test sees
	$(BIN)/mutmut run
	@$(BIN)/mutmut results

validate: $(VENV)/.runtime $(NU) ## have the Nu HTML checker read every page of site/
	@test -d site || { echo "There is no site/ yet: run make site first." >&2; exit 1; }
	java -jar $(NU) --errors-only $$(find site -name '*.html')

office: $(VENV)/.dev ## open the tables of site/ in LibreOffice and compare each cell with the JSON
	@sh tools/need.sh soffice >/dev/null
	$(PYTHON) tools/office.py

successor: $(VENV)/.runtime $(VENV)/.successor ## build the pages with ProperDocs and Zensical too, audit the latter and compare them
	PYTHONPATH=. $(VENV)/successor/bin/properdocs build --strict --quiet --config-file mkdocs.yml
	$(VENV)/successor/bin/python tools/successor.py

successor-public: $(VENV)/.runtime $(VENV)/.successor ## the same comparison, of a copy of the tree with a public address
	sh tools/successor.sh $(VENV)/successor/bin/python

workflow: $(VENV)/.runtime ## run each command of the workflows in a clean clone, as far as it goes here
	$(PYTHON) tools/workflow.py $(WITHOUT)

advisories: $(VENV)/.runtime $(VENV)/.audit ## ask the public database for known faults of the locked packages
	@sh tools/advisories.sh $(VENV)/audit/bin/pip-audit \
		requirements.txt requirements-dev.txt requirements-audit.txt requirements-successor.txt

bench: $(VENV)/.dev ## measure, each thing beside something that everybody has
	$(PYTHON) bench/run.py

format: $(VENV)/.dev ## format code and data, and correct what can be corrected by machine
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(PYTHON) -m factsheet format

lock: $(VENV)/.dev ## write the lock files again after a change in requirements*.in
	@for name in requirements requirements-dev requirements-audit requirements-successor; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			--output-file $$name.txt $$name.in || exit 1; \
	done

clean: ## remove everything that the other commands made
	rm -rf $(VENV) .successor.yml tools/nu/node_modules .cache build mutants site .site.old .build.lock .build.same .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.runtime: requirements.txt
	@test ! -f $(VENV) || { echo "$(VENV) is a file, not a folder: move it away." >&2; exit 1; }
	@python=$$(sh tools/need.sh python) && "$$python" -m venv --clear $(VENV)
	$(PIP_INSTALL) -r requirements.txt
	@sh tools/link.sh $(VENV)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# In an environment of its own, as it needs other versions of some packages.
$(VENV)/.audit: requirements-audit.txt $(VENV)/.runtime
	$(PYTHON) -m venv --clear $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r requirements-audit.txt
	@touch $@

$(VENV)/.successor: requirements-successor.txt $(VENV)/.runtime
	$(PYTHON) -m venv --clear $(VENV)/successor
	$(VENV)/successor/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r requirements-successor.txt
	@touch $@

# npm checks the package against the hash in the lock file, and runs none of its scripts.
$(NU): tools/nu/package-lock.json
	@sh tools/need.sh nu >/dev/null
	npm ci --prefix tools/nu --ignore-scripts --no-audit --no-fund --silent
	@touch $@
