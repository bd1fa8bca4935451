# Two commands on a fresh machine: `make run` serves the real configuration, `make test` proves it all.
# Nothing needs an activated environment; both are safe to run again and again.

PYTHON ?= python3
ENV    := .venv
BIN    := $(ENV)/bin
UV     := $(BIN)/uv
TEST   := build/test-env
# Half of their time the tests wait, so there are more of them at once than processors.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 1); echo $$((n < 8 ? 2 * n : 16)))
# What is quick waits little: one more than there are processors.
FEW     ?= $(shell n=$$(nproc 2>/dev/null || echo 1); echo $$((n + 1)))
MESSAGES := $(wildcard src/targetwatch/wording/locale/*/LC_MESSAGES/*.po)
READY  := $(ENV)/.ready $(MESSAGES:.po=.mo)
DEBIAN := prometheus prometheus-alertmanager postgresql pgbouncer chromium fonts-liberation fonts-noto-cjk docker-compose kubernetes-client libfaketime

# What is compiled is kept: otherwise every program a test starts compiles all it imports, which is half of the suite.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help stack demo messages docs pictures env run test quick thorough check packages lint types contracts format clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(UV):
	$(PYTHON) -m venv $(ENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip uv

$(ENV)/.ready: $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --group dev --extra postgresql --inexact
	@touch $@

%.mo: %.po | $(ENV)/.ready
	$(BIN)/python hatch_build.py

env: $(READY)  ## make the environment in .venv

run: $(READY)  ## serve the real targets on http://127.0.0.1:9877 (SQLite in targetwatch.db)
	$(BIN)/targetwatch db upgrade
	$(BIN)/targetwatch apply config
	$(BIN)/targetwatch ingest
	$(BIN)/targetwatch serve

stack: $(READY) packages  ## the service with Prometheus, Alertmanager and a mail catcher, without Docker
	$(BIN)/python -m grafana.stack $(STACK_ARGS)

demo: $(READY)  ## live 2025 again in a quarter of an hour: the wall in the browser, the mails in an inbox
	$(BIN)/python -m grafana.stack.demo $(DEMO_ARGS)

packages:  ## install the Debian packages the tests use (when root and apt are there)
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  missing=$$(for p in $(DEBIAN); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	  if [ -n "$$missing" ]; then \
	    echo "installing $$missing"; \
	    mkdir -p build && (apt-get update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends $$missing) >build/apt.log 2>&1 \
	      || { tail -20 build/apt.log; exit 1; }; \
	  fi; \
	fi

test: packages $(READY)  ## pass the whole suite on the built wheel
	rm -rf build/wheel && $(UV) build --quiet --wheel --out-dir build/wheel
	@test -x $(TEST)/bin/python || $(UV) venv --quiet --python $(BIN)/python $(TEST)
	$(UV) export --frozen --quiet --group dev --extra postgresql --no-emit-project --no-hashes --output-file build/requirements.txt
	$(UV) pip install --quiet --python $(TEST)/bin/python --requirements build/requirements.txt
	$(UV) pip install --quiet --python $(TEST)/bin/python --no-deps --reinstall build/wheel/*.whl
	$(TEST)/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

quick: $(ENV)/.ready  ## pass the tests that need no server, no browser, no service and little time
	$(BIN)/python -m pytest -q -m "not system and not slow" $(addprefix --ignore=tests/,cli golden service system watch web) \
		-n $(FEW) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

thorough: packages $(READY)  ## kill the program at every point there is, not at a few of them (half an hour and more)
	$(BIN)/python -m pytest --thorough -n logical tests/system/test_killed_process.py tests/system/test_killed_workers.py tests/system/test_limits.py tests/store/test_crash.py \
		tests/system/test_three_processes.py tests/system/test_killed_database.py tests/system/test_mail_kills.py tests/web/test_web_undone.py \
		tests/web/test_web_paste.py::test_bombs_are_refused_before_memory_goes \
		tests/web/test_web_security.py::test_nothing_that_the_description_allows_or_forbids_breaks_the_api $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: lint types contracts test  ## lint, types, import contracts, tests

messages: $(READY)  ## bring the catalogues up to date with the messages in templates and code
	$(BIN)/python tests/messages.py
	$(BIN)/python hatch_build.py

docs: $(READY)  ## write docs/commands.md from the help of every command
	$(BIN)/python tests/reference.py docs/commands.md

pictures: packages $(READY)  ## renew the pictures of the guide from the pages as they are
	$(BIN)/python -m pytest -q tests/system/browser/test_tasks.py --pictures docs/admin-guide

clean:  ## remove environments and build products (never targetwatch.db, where the data is)
	rm -rf $(ENV) build dist
