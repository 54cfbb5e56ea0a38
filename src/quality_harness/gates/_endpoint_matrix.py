"""Runs inside the project: sends the endpoint matrix, and writes what came of it, as JSON.

    python -m quality_harness.gates._endpoint_matrix FILE DECLARATIONS PAGE_LIMIT

The test databases are made as the project's runner makes them, under names of their own, so that
the project's tests can run at the same time; one for each process that sends a share of it all. The
project's root is the working folder.
"""

import gc
import importlib
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connections
from django.test.runner import DiscoverRunner
from django.test.utils import get_runner

from quality_harness.gate import CouldNotRun
from quality_harness.gates._in_project import described
from quality_harness.testing.caches import empty_caches, separate_caches
from quality_harness.testing.endpoints.declarations import Endpoints
from quality_harness.testing.endpoints.found import Found
from quality_harness.testing.endpoints.matrix import Matrix, Outcome, examine
from quality_harness.testing.endpoints.routes import place_of
from quality_harness.testing.endpoints.sharing import Share, shared
from quality_harness.testing.runner import QualityHarnessRunner

SUFFIX = "_endpoints"
# More of them gain little: each makes a database and a world of its own.
MOST_PROCESSES = 4
# A connection, the name of its database before, and whether that is no copy of another alias.
Made = list[tuple[Any, str, bool]]


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
        with _databases() as made:
            start = time.perf_counter()
            doing, more = "The matrix broke off", ""
            matrix = Matrix.of(endpoints, page_limit)
            doing, more = "No test database can be copied", " Try it: python manage.py test"
            with _copies(made, _processes() - 1) as copies:
                doing, more = "The matrix broke off", ""
                # What is imported by now stays: to look through it takes a tenth of all.
                gc.freeze()
                gc.enable()
                shares = shared(copies + 1, partial(_share, matrix))
            return _joined(shares, time.perf_counter() - start)
    except CouldNotRun as problem:
        return {"problem": str(problem)}
    except (Exception, SystemExit) as error:
        return _problem(doing, error, more)


def _problem(doing: str, error: BaseException, more: str = "") -> dict[str, Any]:
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


def _processes() -> int:
    """Return how many processes can have databases of their own; elsewhere a fork is not safe."""
    can_clone = all(each.features.can_clone_databases for each in connections.all())
    return min(MOST_PROCESSES, os.cpu_count() or 1) if can_clone and sys.platform == "linux" else 1


@contextmanager
def _databases() -> Iterator[Made]:
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
        yield made
    finally:
        runner.teardown_databases(made)
        runner.teardown_test_environment()


@contextmanager
def _copies(made: Made, number: int) -> Iterator[int]:
    """Copy the test databases for each of the other processes, as Django does for `--parallel`."""
    originals = [connection.creation for connection, _, is_original in made if is_original]
    suffixes = [str(each) for each in range(1, number + 1)]
    with ExitStack() as stack:
        for creation, suffix in itertools.product(originals, suffixes):
            creation.clone_test_db(suffix, verbosity=0)
            stack.callback(creation.destroy_test_db, suffix=suffix, verbosity=0)
        # No two processes may use one connection.
        connections.close_all()
        yield number


def _rename(connection: Any) -> None:
    test = connection.settings_dict["TEST"]
    # SQLite's is in this process's memory unless it is named.
    if not test["MIRROR"] and (connection.vendor != "sqlite" or test["NAME"]):
        test["NAME"] = connection.creation._get_test_db_name() + SUFFIX


def _share(matrix: Matrix, share: Share) -> dict[str, Any]:
    try:
        if share.process:
            _enter(share.process)
        return _as_json(examine(matrix, share.numbers(len(matrix.parts))))
    except CouldNotRun as problem:
        return {"problem": str(problem)}
    except (Exception, SystemExit) as error:
        return _problem("The matrix broke off", error)


def _enter(process: int) -> None:
    """Go over to the databases of a forked process, and to keys of its own in the caches."""
    for connection in connections.all():
        connection.creation.setup_worker_connection(process)
    separate_caches()
    Finalize(None, empty_caches, exitpriority=1)


def _joined(shares: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    for share in shares:
        if "problem" in share:
            return share
    requests = sum(share["requests"] for share in shares)
    # By parts, however they were shared out; findings of one part are in their order already.
    found = sorted((each for share in shares for each in share["findings"]), key=_part)
    return {**shares[0], "requests": requests, "findings": found, "seconds": seconds}


def _part(finding: dict[str, Any]) -> int:
    part: int = finding["part"]
    return part


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "routes": outcome.routes,
        "methods": outcome.methods,
        "roles": outcome.roles,
        "requests": outcome.requests,
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
        "part": found.part,
    }


def main(target: str, declarations: str, page_limit: str) -> None:
    """Write the answer to the file `target`."""
    text = json.dumps(answer(declarations, int(page_limit)))
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    # Nothing of what is imported is garbage; to look for some takes a tenth of a second.
    gc.disable()
    main(*sys.argv[1:])
