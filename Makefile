# Needs python3 (3.11 or newer) with venv and pip, make and git; everything else is put into .venv.
#   make warehouse   build the warehouse from the sample documents, and a site to look at it
#   make test        style, types, layers and all tests
#   make test-cluster  the tests with a Ray cluster and S3, in .venv-cluster
#   make score       how well the labelled documents are read: by document, construct and rule
#   make fuzz        read ten thousand damaged documents: nothing may break, no number be lost
#   make queries     write the results in docs/queries anew
#   make bench       measure the speed, into benchmarks/results and the README; QUICK=1 tries it out, in .bench
#   make soak        kill builds, KILLS=100 times, and compare each next one with a clean build
#   make data-docs   the checks of the values as Great Expectations shows them, in warehouse/data_docs
#   make dagster     the web interface, its history kept in .dagster
#   make superset    Apache Superset on the built warehouse, kept in .superset (see docs/bi.md)
#   make superset-check  try Superset out: listing, a chart, a chart while builds are published
#   make audit       known vulnerabilities and licences of the locked packages; asks the package registry
#   make lock        resolve the dependencies again
#   make clean       take away what was built, but not .venv nor .superset

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: warehouse test test-cluster score fuzz queries bench soak data-docs dagster superset superset-check audit lock clean
.DELETE_ON_ERROR:

warehouse: $(READY)
	$(BIN)/hiw build

test: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n auto

# The base environment is without Ray and S3, so that the other tests are of what most people install.
test-cluster: .venv-cluster/.ready
	.venv-cluster/bin/python -m pytest tests/cluster

score: $(READY)
	$(BIN)/hiw build --sources seeds/documents --sources tests/gold/documents --output .score
	$(BIN)/python -m tests.gold.scorer .score/health_indicators.duckdb

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz

queries: $(READY)
	$(BIN)/hiw build --sources seeds/documents --output .queries
	$(BIN)/python -m tests.queries .queries

bench: $(READY)
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick,--publish)

soak: $(READY)
	rm -rf .soak
	$(BIN)/python -m tests.soak.kill .soak --kills $(or $(KILLS),100)

data-docs: $(READY)
	$(BIN)/python -m expectations.data_docs warehouse/parquet warehouse/data_docs

dagster: $(READY)
	mkdir -p .dagster && cp dagster.yaml .dagster/
	DAGSTER_HOME="$(CURDIR)/.dagster" $(BIN)/dagster dev -w workspace.yaml

superset: $(READY)
	docs/bi/superset.sh serve

superset-check: $(READY)
	docs/bi/superset.sh check

# pip-audit has an environment of its own: what it needs is no part of the project.
audit: $(READY)
	test -x .audit/bin/pip-audit \
	  || { $(PYTHON) -m venv .audit && .audit/bin/python -m pip install --quiet 'pip-audit>=2.10,<3'; }
	$(BIN)/python -m tests.audit .audit/bin/pip-audit

# uv installs in seconds; where it can't be had, pip does the same from the same lock. uv leaves the compiling to
# the first import, which costs each process some ten seconds where the environment is not written to.
$(READY): requirements.lock requirements-bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock \
	  && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -qq -j 0 .venv/lib || true
	@touch $@

.venv-cluster/.ready: $(READY) requirements-cluster.lock
	test -x .venv-cluster/bin/python || $(PYTHON) -m venv .venv-cluster
	$(BIN)/uv pip install --quiet --python .venv-cluster/bin/python --require-hashes -r requirements-cluster.lock \
	  || .venv-cluster/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-cluster.lock
	@touch $@

# Lines that begin with -- would name the registry of the machine the lock was made on.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate | grep -v '^--' > requirements.lock.new
	mv requirements.lock.new requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra cluster --extra cluster-test --constraints requirements.lock \
	  --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate | grep -v '^--' > requirements-cluster.lock.new
	mv requirements-cluster.lock.new requirements-cluster.lock
	echo uv | $(BIN)/uv pip compile - --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate | grep -v '^--' > requirements-bootstrap.lock.new
	mv requirements-bootstrap.lock.new requirements-bootstrap.lock

clean:
	rm -rf warehouse/parquet warehouse/health_indicators.duckdb warehouse/current warehouse/builds warehouse/.state
	rm -rf warehouse/site warehouse/.sites warehouse/.staging warehouse/data_docs .score .queries .soak .fuzz .bench
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*/*' -prune -exec rm -rf {} +
