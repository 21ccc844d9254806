# Needs only Python 3.11 or newer with venv, and make.
#
#   make report   the first report: South Korea without China, on the terminal and in out/
#   make figures  the pictures of the README and of docs/pictures.md, drawn anew in docs/
#   make test     the tests; SLOW=yes adds the slow ones, SLOW=only leaves the others out,
#                 COVERAGE=--cov counts what they reach,
#                 PYTEST_ARGS="tests/io tests/cli" takes some; slow sweeps run whole if the
#                 environment says SUPPLYNET_MANY=1, else on a sample
#   make lint     style, types, the direction of imports, and the shipped graphs as Data Packages
#   make docs     the site, in site/
#   make clean    remove what these commands made
#
# PYTHON=python3.13 picks the interpreter, VENV=folder the environment, JOBS=n the test processes.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
OUT ?= out
SLOW ?=
COVERAGE ?=
PYTEST_ARGS ?=
PIP_ARGS ?= -c constraints.txt
EXTRAS ?= test

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
SUPPLYNET = $(BIN)/supplynet
# a file stays in one process, so that what its tests share is solved once; slow tests share little
DIST = $(if $(filter only,$(SLOW)),worksteal,loadfile)
MARKED = $(if $(SLOW),$(if $(filter only,$(SLOW)),-m slow),-m 'not slow')
QUESTION = rare-earths --to KOR --avoid CHN

.DELETE_ON_ERROR:
.PHONY: report figures test lint docs clean

report: $(VENV)/.ready
	@mkdir -p $(OUT)
	@$(SUPPLYNET) report $(QUESTION)
	@$(SUPPLYNET) report $(QUESTION) --full --contested \
		-o $(OUT)/korea.md -o $(OUT)/korea.html -o $(OUT)/korea.json
	@$(SUPPLYNET) draw $(QUESTION) -o $(OUT)/korea.svg -o $(OUT)/korea.png
	@echo
	@echo "Written: $(OUT)/korea.html, $(OUT)/korea.md, $(OUT)/korea.json and pictures"

test: $(VENV)/.ready-test
	$(BIN)/python -m pytest -n $(JOBS) --dist $(DIST) $(MARKED) $(COVERAGE) $(PYTEST_ARGS)
ifneq ($(strip $(COVERAGE)),)
	@echo "Files and solvers must be covered whole:"
	$(BIN)/python -m coverage report --include='supplynet/io/*,supplynet/solve/*' --fail-under=100
endif

lint: $(VENV)/.ready-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	for package in graphs/*/datapackage.json; do $(BIN)/frictionless validate $$package || exit 1; done

docs: $(VENV)/.ready-docs
	PYTHONPATH=. NO_MKDOCS_2_WARNING=true $(BIN)/python -m mkdocs build --strict --quiet

figures: $(VENV)/.ready
	$(SUPPLYNET) draw outlook rare-earths --to KOR,JPN,EU,USA --avoid CHN --year 2026,2030 \
		--form magnet -o docs/outlook.png
	$(SUPPLYNET) draw layers $(QUESTION) --element Nd --year 2030 --tier committed -o docs/korea.png
	$(SUPPLYNET) draw layers $(QUESTION) --year 2030 --dpi 50 -o docs/pictures/layers.png
	$(SUPPLYNET) draw map $(QUESTION) --year 2030 --dpi 50 -o docs/pictures/map.png
	$(SUPPLYNET) draw sankey rare-earths --avoid CHN --year 2030 --dpi 50 -o docs/pictures/sankey.png
	$(SUPPLYNET) draw outlook rare-earths --to KOR,JPN,EU,USA --avoid CHN --year 2026,2030 \
		--form magnet --dpi 50 -o docs/pictures/outlook.png
	$(SUPPLYNET) draw months rare-earths --shock 2025-magnets --scenario redesigned --to EU --form magnet --dpi 50 \
		-o docs/pictures/months.png
	$(SUPPLYNET) draw ramps rare-earths --nodes '!CHN' --dpi 50 -o docs/pictures/ramps.png
	$(SUPPLYNET) draw sure rare-earths --to KOR --avoid CHN --year 2030 --draws 256 --dpi 50 \
		-o docs/pictures/sure.png
	$(SUPPLYNET) draw years $(QUESTION) --dpi 50 -o docs/pictures/years.png
	$(SUPPLYNET) draw plan $(QUESTION) --target coverage=0.5 --by 2030 --dpi 50 -o docs/pictures/plan.png
	$(SUPPLYNET) draw plan $(QUESTION) --target coverage=0.5 --by 2030 --until 2030 --what curve --curve 0.1 \
		--dpi 50 -o docs/pictures/plan-curve.png
	$(SUPPLYNET) draw plan $(QUESTION) --target coverage=0.5 --by 2030 --what matrix --dpi 50 \
		-o docs/pictures/plan-matrix.png
	$(SUPPLYNET) draw plan $(QUESTION) --target coverage=0.5 --by 2030 --what waterfall --dpi 50 \
		-o docs/pictures/plan-waterfall.png
	$(SUPPLYNET) draw losses rare-earths --to JPN --avoid CHN --year 2026 --dpi 50 -o docs/pictures/losses.png
	$(SUPPLYNET) draw worst rare-earths --to JPN --avoid CHN --year 2026 --dpi 50 -o docs/pictures/worst.png
	$(SUPPLYNET) draw dependence rare-earths --to KOR --exposed-to CHN --dpi 50 -o docs/pictures/dependence.png
	$(SUPPLYNET) draw concentration rare-earths --dpi 50 -o docs/pictures/concentration.png

clean:
	rm -rf $(VENV) $(OUT) site build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache \
		.ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "supplynet needs Python 3.11 or newer; say which by: make PYTHON=python3.13" >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# Each stamp is one set of dependencies; it is made anew when the lists of dependencies change.
# First all that a plain install needs, each wheel by its hash, where the list has those of this machine.
$(VENV)/.hashed: requirements-hashed.txt | $(BIN)/python
	@if [ "$(PIP_ARGS)" = "-c constraints.txt" ] && $(BIN)/python tools/hashes.py --fits; then \
		$(PIP) --require-hashes --only-binary=:all: -r requirements-hashed.txt || \
		echo "Not every wheel could be had by its hash: versions alone are kept to." >&2; fi
	@touch $@

$(VENV)/.ready: pyproject.toml constraints.txt $(VENV)/.hashed | $(BIN)/python
	@echo "Installing supplynet into $(VENV) ..."
	@$(PIP) $(PIP_ARGS) -e .
	@touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt $(VENV)/.hashed | $(BIN)/python
	$(PIP) $(PIP_ARGS) -e '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-lint: pyproject.toml constraints.txt $(VENV)/.hashed | $(BIN)/python
	$(PIP) $(PIP_ARGS) -e '.[test,lint]'
	@touch $@ $(VENV)/.ready $(VENV)/.ready-test

$(VENV)/.ready-docs: pyproject.toml constraints.txt $(VENV)/.hashed | $(BIN)/python
	@$(PIP) $(PIP_ARGS) -e '.[docs]'
	@touch $@ $(VENV)/.ready
