# The verbs of this repository. People, hooks and CI call these and nothing else.
# The first call sets up .venv; later calls find it there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SITE := http://127.0.0.1:8000

export PATH := $(CURDIR)/$(BIN):$(PATH)
# Without bytecode every process compiles all of the project again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup gate test test-pytest test-django coverage e2e accept faults types run load bench docs hooks requirements newest-django release-notes build stop clean

help:  ## list the verbs
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

setup: $(READY)  ## make .venv from the locked requirements

# uv comes from its own wheel, by pip and by hash; everything else is installed by uv, by hash too.
$(READY): requirements/bootstrap.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "Setting up $(VENV) (once; a minute without a package cache)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $(READY)

gate: $(READY)  ## run every quality gate on the reference app
	@quality-harness gate $(ARGS)

test:  ## run the whole test-suite, with pytest and with Django's runner
	@$(MAKE) --no-print-directory test-pytest
	@$(MAKE) --no-print-directory test-django ARGS=
	@$(MAKE) --no-print-directory coverage

test-pytest: $(READY)  ## run the reference app's tests with pytest (ARGS='tests -m "not browser"': all tests)
	@pytest --numprocesses 2 -m "not browser and not slow" tests/reference_app $(ARGS)

test-django: $(READY)  ## run it with Django's runner alone, and measure coverage
	@coverage erase
	@# Three processes on two cores: tests of servers and of load wait for a third of their time.
	@coverage run reference_app/manage.py test --parallel 3 --exclude-tag browser $(ARGS)

coverage: $(READY)  ## put together what was measured, and ask for all lines and branches
	@coverage combine --quiet
	@coverage report --fail-under=100

e2e: $(READY)  ## use the app as people do, in a real Chromium (CHROMIUM names another one)
	@python -m tests.reference_app.e2e.browser.chromium >/dev/null
	@python reference_app/manage.py test --parallel 2 --tag browser $(ARGS) tests.reference_app.e2e.browser

accept: $(READY)  ## plant pull requests in a small project and have CI's own files judge them
	@python -m tests.acceptance.corpus $(ARGS)

faults: $(READY)  ## plant a fault for each gate in this repository and see that gate alone go red
	@python -m tests.acceptance.planted_faults $(ARGS)

types: $(READY)  ## check the types of src/ (mypy, strict)
	@mypy

run: $(READY)  ## serve the API with its documentation, pages and admin on http://127.0.0.1:8000
	@python reference_app/manage.py migrate --verbosity 0
	@python reference_app/manage.py seed --blogs 0
	@echo "Documentation:  $(SITE)/v1/docs/"
	@echo "API in pages:   $(SITE)/v1/blogs/    (log in at $(SITE)/session/login/)"
	@echo "Admin:          $(SITE)/$${ADMIN_PATH:-admin}/"
	@echo "To write, open an account with the form at $(SITE)/v1/accounts/registration/"
	@echo "For the admin, make a user with a second factor, in another terminal:"
	@echo "  $(BIN)/python reference_app/manage.py createsuperuser"
	@echo "  $(BIN)/python reference_app/manage.py add_second_factor EMAIL"
	@python reference_app/manage.py runserver

load: $(READY)  ## run two minutes of load against the API under gunicorn and check the budgets
	@python loadtests/run.py $(ARGS)

bench: $(READY)  ## measure what is promised: make bench NAME=fuzz
	@python -m benchmarks $(NAME) $(ARGS)

docs: $(READY)  ## write the generated pages of docs/rules again
	@python -m quality_harness.explain docs/rules

hooks: $(READY)  ## install the git hooks
	@lefthook install

requirements: $(READY)  ## compile requirements/*.in to hashed requirements/*.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make requirements" requirements/bootstrap.in --output-file requirements/bootstrap.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make requirements" requirements/dev.in --output-file requirements/dev.txt
	@uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make requirements" requirements/django-newest.in --output-file requirements/django-newest.txt
	@for name in base production test lint load; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--custom-compile-command "make requirements" --constraint requirements/dev.txt \
			requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

newest-django: $(READY)  ## put the newest Django into .venv, in place of the locked one
	@uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/django-newest.txt

release-notes: $(READY)  ## write what the changelog's section of a version says: make release-notes VERSION=v1.2.3
	@python .github/scripts/release_notes.py "$(VERSION)" dist/notes.md

build: $(READY)  ## build the package, as a wheel and as source
	@uv build --quiet --out-dir dist/packages

stop:  ## stop PostgreSQL and Valkey
	@test ! -x $(BIN)/quality-harness || $(BIN)/quality-harness services stop

clean: stop  ## stop the services and remove what was made here
	@rm -rf $(VENV) .services .quality_harness .coverage .coverage.* coverage.json .mypy_cache .pytest_cache .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
