"""Runs the suite with the project's own TEST_RUNNER and writes what failed, as JSON.

    python -m quality_harness.testing.run_django FILE [OPTION ...] [LABEL ...]

The options are those of `manage.py test`. The settings are those of DJANGO_SETTINGS_MODULE; the
project's root is the working folder.
"""

import argparse
import inspect
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import TestCase, TestResult, skip

import django
from django.conf import settings
from django.test.runner import get_max_test_processes
from django.test.utils import get_runner

from quality_harness.testing.clock import Clock
from quality_harness.testing.collected import relative
from quality_harness.testing.options import asked_clock
from quality_harness.testing.outcome import first_line

# The line of a traceback that names the exception: the first one that is no part of a frame.
_EXCEPTION = re.compile(r"^(?!Traceback|The above|During handling)\S.*$", re.MULTILINE)


def recorder(file: Path) -> Any:
    """Return the project's runner, which now writes the outcome to `file` at its end."""
    base: Any = get_runner(settings)

    class Recorder(base):  # type: ignore[misc]
        """The project's runner."""

        def suite_result(self, suite: Any, result: TestResult, **options: Any) -> Any:
            """Write the outcome before the runner counts the failures."""
            file.write_text(json.dumps(outcome(Path.cwd(), result)), encoding="utf-8")
            return super().suite_result(suite, result, **options)

    return Recorder


def outcome(root: Path, result: TestResult) -> dict[str, Any]:
    """Return how many tests ran, how many were skipped, and what failed.

    Returns:
        tests: how many ran, skipped ones not counted; skipped: tests, and classes and modules
        that skip in their set-up, whose tests nobody counts; failures: each with path, line,
        name and message; unimportable: name and message of each module that cannot be imported;
        skips: what was skipped, as failures are told, with its reason; expected: how many failed
        and were expected to.
    """
    failures, unimportable = [], []
    for test, text in _problems(result):
        message = _message(text)
        if type(test).__name__ == "_FailedTest":
            unimportable.append([test._testMethodName, message])
        else:
            failures.append(_place(root, test) | {"message": message})
    skipped = _skipped(result)
    return {
        "tests": max(0, result.testsRun - sum(_is_counted(case) for case, _ in skipped)),
        "skipped": len(skipped),
        "failures": failures,
        "unimportable": unimportable,
        "skips": [_place(root, case) | {"message": reason} for case, reason in skipped],
        "expected": len(result.expectedFailures),
    }


def _skipped(result: TestResult) -> list[tuple[Any, str]]:
    """Return what was skipped, once each, and why; a test that failed as well did run."""
    failed = {id(_case(test)) for test, _ in _problems(result)}
    cases = {id(_case(test)): (_case(test), reason) for test, reason in result.skipped}
    return [case for key, case in cases.items() if key not in failed]


def _is_counted(skipped: Any) -> bool:
    """Whether `testsRun` counts what was skipped: no set-up, and on Python 3.12.1 no `@skip`."""
    name = getattr(skipped, "_testMethodName", "")
    owners = (type(skipped), getattr(skipped, name, None))
    decorated = any(getattr(owner, "__unittest_skip__", False) for owner in owners)
    return bool(name) and (_counts_decorated() or not decorated)


def _counts_decorated() -> bool:
    probe = TestResult()
    skip("to see whether it is counted")(type("Probe", (TestCase,), {"runTest": print}))().run(
        probe
    )
    return probe.testsRun > 0


def _case(test: Any) -> Any:
    """Return the test that a subtest belongs to, and anything else as it is."""
    return getattr(test, "test_case", test)


def _problems(result: TestResult) -> Iterator[tuple[Any, str]]:
    yield from [*result.errors, *result.failures]
    for test in result.unexpectedSuccesses:
        yield test, "UnexpectedSuccess: the test was expected to fail"


def problems_of(result: TestResult) -> Iterator[tuple[str, str]]:
    """Return the id and the message of whatever failed."""
    for test, text in _problems(result):
        case = _case(test)
        yield case.id(), _message(text)


def _message(text: str) -> str:
    found = _EXCEPTION.search(text)
    return first_line(text[found.start() :].strip()) if found else text.strip()


def _place(root: Path, test: Any) -> dict[str, Any]:
    """Return where a test stands; where its set-up failed, unittest gives only a name."""
    case = _case(test)
    name = getattr(case, "_testMethodName", "")
    if not name:
        return {"path": "", "line": 0, "name": str(case)}
    function = inspect.unwrap(getattr(type(case), name))
    if not inspect.isfunction(function):
        return {"path": "", "line": 0, "name": f"{type(case).__name__}.{name}"}
    return {
        "path": relative(root, Path(inspect.getfile(function))),
        "line": function.__code__.co_firstlineno,
        "name": f"{type(case).__name__}.{name}",
    }


def parsed(runner: Any, arguments: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """Return the labels and options that a runner is given, as `manage.py test` reads them."""
    parser = argparse.ArgumentParser()
    runner.add_arguments(parser)
    parser.add_argument("labels", nargs="*")
    options = vars(parser.parse_args(arguments))
    labels = options.pop("labels")
    if options.get("parallel") == "auto":
        options["parallel"] = get_max_test_processes()
    return labels, options


def main(arguments: Sequence[str]) -> int:
    """Set Django up, run the suite, write the file, and return 1 where a test failed."""
    if asked_clock(None):
        # What the project computes while it is loaded, it computes at the instant, too.
        Clock(asked_clock(None))
    django.setup()
    file, *rest = arguments
    runner = recorder(Path(file))
    labels, options = parsed(runner, rest)
    failed = runner(verbosity=1, interactive=False, **options).run_tests(labels)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
