# Two commands need nothing but Python 3.11+ (with venv) and make: `make demo` and `make test`.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
STAMP  := $(VENV)/.ok
TOOLS  := $(VENV)/.tools

# uv brings its own certificates; the machine's also know a company's proxy, so they win where they exist.
STORES := /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem
CERTS  := $(if $(wildcard $(STORES)),--system-certs)

# Packages of pure decisions: each on its own has to reach MIN_COVERAGE, branches counted, by the tests in TRACED:
# tracing doubles their time, so nothing else is traced.
PURE         := model kinds planning isolation
TRACED       := $(PURE:%=tests/%) tests/journeys
MIN_COVERAGE := 95

.DEFAULT_GOAL := help
.PHONY: help demo test check contract fuzz pipeline faults faults-nightly lock bench load

help:
	@echo "make demo      the tour, against a simulated organisation"
	@echo "make test      the tests, without the full-size ones"
	@echo "make check     what the pipeline asks of the code: format, lint, types, contracts, all tests"
	@echo "make contract  the vendor's own Python and JavaScript SDKs against the simulated organisation"
	@echo "make fuzz      whatever the vendor's contract allows, and what it does not: EACH=50 cases per operation"
	@echo "make pipeline  three stories of the workflows, from pull request to corrected drift, without GitHub"
	@echo "make faults    every fault at every request of two scenarios, a tenth of all others, histories, kill -9, two runs at once, mutants"
	@echo "make faults-nightly  the whole matrix of single faults, and pairs of faults: PAIRS=100000, SKIP=0 to go on"
	@echo "make bench     the measurements"
	@echo "make load      how much the simulated organisation answers, asked by wrk"
	@echo "make lock      resolve the requirements files anew"

demo: $(STAMP)
	@$(BIN)/reconciler demo

test: $(TOOLS)
	@$(BIN)/python -m pytest -q -m "not full and not bench"

bench: $(TOOLS)
	@$(BIN)/python -m pytest -q -n 0 -p no:randomly -s --timeout 0 -m bench tests/benchmarks

load: $(TOOLS)
	@$(BIN)/python -m tests.benchmarks.load

check: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q -m "not full and not bench" --cov --cov-report= $(TRACED)
	@for package in $(PURE); do \
		test -d reconciler/$$package || continue; \
		report=$$($(BIN)/coverage report --include="reconciler/$$package/*" --fail-under=$(MIN_COVERAGE)) \
			|| { echo "$$report"; echo "reconciler/$$package: below $(MIN_COVERAGE) % coverage" >&2; exit 1; }; \
	done
	$(BIN)/python -m pytest -q -m "not full and not bench" $(TRACED:%=--ignore=%)
	HYPOTHESIS_PROFILE=full $(BIN)/python -m pytest -q -m "(full or hypothesis) and not bench"

# SDKs and Schemathesis are no part of the project: they go into .contract, and are skipped where they cannot be had.
contract: $(TOOLS)
	@$(BIN)/python -m tests.contract.sdks $(CERTS)

EACH ?= 50
SEED ?= 1
fuzz: $(TOOLS)
	@$(BIN)/python -m tests.contract.fuzz $(EACH) $(SEED) $(CERTS)

pipeline: $(TOOLS)
	@$(BIN)/python -m tests.pipeline

faults: $(TOOLS)
	@$(BIN)/python -m tests.faults ci

PAIRS ?= 100000
SKIP ?= 0
faults-nightly: $(TOOLS)
	@$(BIN)/python -m tests.faults nightly --most $(PAIRS) --skip $(SKIP)

# The lock files hold versions and hashes only, so that they serve any index or mirror.
LOCK := compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade $(CERTS)
lock: $(UV)
	echo uv | $(UV) pip $(LOCK) -o requirements.boot -
	$(UV) pip $(LOCK) --group build -o requirements.lock pyproject.toml
	$(UV) pip $(LOCK) --all-extras --group build -c requirements.lock -o requirements.extras.lock pyproject.toml
	$(UV) pip $(LOCK) --all-extras --group dev -c requirements.extras.lock -o requirements.dev.lock pyproject.toml

$(UV): requirements.boot
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found. Install Python 3.11 or newer, or name it: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python lacks venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.boot
	@touch $@

$(STAMP): requirements.lock pyproject.toml $(UV)
	@$(UV) pip install -q $(CERTS) --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install -q $(CERTS) --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# What the tour needs not: tests, linters, types, and the libraries of the extras.
$(TOOLS): requirements.dev.lock $(STAMP)
	@$(UV) pip install -q $(CERTS) --python $(BIN)/python --require-hashes -r requirements.dev.lock
	@touch $@
