"""Runs inside the project: sends the endpoint matrix, and writes what came of it, as JSON.

    python -m quality_harness.gates._endpoint_matrix FILE DECLARATIONS PAGE_LIMIT

The test databases are made as the project's runner makes them, under names of their own, so that
the project's tests can run at the same time. The project's root is the working folder.
"""

import gc
import importlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connections
from django.test.runner import DiscoverRunner
from django.test.utils import get_runner

from quality_harness.gate import CouldNotRun
from quality_harness.gates._pending_migrations import described
from quality_harness.testing.endpoints.declarations import Endpoints
from quality_harness.testing.endpoints.found import Found
from quality_harness.testing.endpoints.matrix import Outcome, examine
from quality_harness.testing.endpoints.routes import place_of
from quality_harness.testing.runner import QualityHarnessRunner

SUFFIX = "_endpoints"


def answer(declarations: str, page_limit: int) -> dict[str, Any]:
    """Return what the matrix came to; or a problem, with what was being done when it arose.

    Args:
        declarations: the module with `ENDPOINTS`.
        page_limit: how many rows a page may have.
    """
    doing, more = "The project cannot be set up", " Try it: python manage.py check"
    try:
        django.setup()
        doing, more = f"The declarations in '{declarations}' cannot be used", ""
        endpoints = _declared(declarations)
        doing, more = "No test database can be made", " Try it: python manage.py test"
        with _databases():
            doing, more = "The matrix broke off", ""
            # What is imported by now stays: looking through it again and again is a tenth of all.
            gc.freeze()
            start = time.perf_counter()
            outcome = examine(endpoints, page_limit)
            return _as_json(outcome, time.perf_counter() - start)
    except CouldNotRun as problem:
        return {"problem": str(problem)}
    except (Exception, SystemExit) as error:
        said = described(error, Path.cwd()).rstrip("?!")
        return {"problem": f"{doing}: {said}.{more}"}


def _declared(name: str) -> Endpoints:
    found = getattr(importlib.import_module(name), "ENDPOINTS", None)
    if not isinstance(found, Endpoints):
        raise CouldNotRun(
            f"The module '{name}' has no ENDPOINTS. "
            "Write it: ENDPOINTS = Endpoints(world=..., roles=..., declared=...)"
        )
    return found


@contextmanager
def _databases() -> Iterator[None]:
    kind = get_runner(settings)
    # Django's own knows nothing of the configured seed.
    runner = (QualityHarnessRunner if kind is DiscoverRunner else kind)(
        verbosity=0, interactive=False
    )
    for alias in connections:
        _rename(connections[alias])
    runner.setup_test_environment()
    made = runner.setup_databases(aliases=set(connections), serialized_aliases=set())
    try:
        yield
    finally:
        runner.teardown_databases(made)
        runner.teardown_test_environment()


def _rename(connection: Any) -> None:
    test = connection.settings_dict["TEST"]
    # SQLite's is in this process's memory unless it is named.
    if not test["MIRROR"] and (connection.vendor != "sqlite" or test["NAME"]):
        test["NAME"] = connection.creation._get_test_db_name() + SUFFIX


def _as_json(outcome: Outcome, seconds: float) -> dict[str, Any]:
    return {
        "routes": outcome.routes,
        "methods": outcome.methods,
        "roles": outcome.roles,
        "requests": outcome.requests,
        "seconds": seconds,
        "findings": [_finding(each) for each in outcome.found],
    }


def _finding(found: Found) -> dict[str, Any]:
    file, line = place_of(found.route) if found.route else ("", 0)
    return {
        "code": found.rule.code,
        "message": found.message,
        "hint": found.hint,
        "file": file,
        "line": line,
    }


def main(target: str, declarations: str, page_limit: str) -> None:
    """Write the answer to the file `target`."""
    text = json.dumps(answer(declarations, int(page_limit)))
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
