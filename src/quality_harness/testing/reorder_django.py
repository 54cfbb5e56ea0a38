"""Runs the suite in another order with the project's own TEST_RUNNER; see `reordering`.

    python -m quality_harness.testing.reorder_django [OPTION ...] [LABEL ...]

The options are those of `manage.py test`. The settings are those of DJANGO_SETTINGS_MODULE; the
project's root is the working folder.
"""

import sys
from collections.abc import Sequence
from typing import Any
from unittest import TestResult, TestSuite

import django
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test.runner import Shuffler, reorder_tests
from django.test.utils import get_runner, iter_test_cases

from quality_harness.testing.reordering import Request, answer, asked
from quality_harness.testing.run_django import parsed, problems_of


def reordering_runner(request: Request) -> Any:
    """Return the project's runner, which answers a request in place of one run."""
    base: Any = get_runner(settings)

    class Reordering(base):  # type: ignore[misc]
        """The project's runner."""

        def run_suite(self, suite: Any, **options: Any) -> TestResult:
            """Run the tests in forks, in another order and part by part."""
            tests = list(iter_test_cases(suite))
            by_id = {test.id(): test for test in tests}
            shuffler = Shuffler(request.seed) if request.seed else None
            order = reorder_tests(
                tests, self.reorder_by, shuffler=shuffler, reverse=not request.seed
            )

            def run(ids: Sequence[str]) -> dict[str, str]:
                run_suite = super(Reordering, self).run_suite
                result = run_suite(TestSuite(by_id[each] for each in ids), **options)
                return failed(result, ids)

            # A fork must not share the sockets of this process.
            connections.close_all()
            caches.close_all()
            answer(request, list(by_id), [test.id() for test in order], run)
            return TestResult()

    return Reordering


def failed(result: TestResult, ids: Sequence[str]) -> dict[str, str]:
    """Return the message of each test that fails; of all in a class that cannot be set up."""
    found: dict[str, str] = {}
    for name, message in problems_of(result):
        # "setUpClass (shop.tests.OrderTests)": unittest has nothing else to go by.
        _, _, owner = name.removesuffix(")").rpartition("(")
        for each in ids:
            if name == each or (name.endswith(")") and each.startswith(f"{owner}.")):
                found.setdefault(each, message)
    return found


def main(arguments: Sequence[str]) -> int:
    """Set Django up and answer the request of the environment."""
    django.setup()
    runner = reordering_runner(asked())
    labels, options = parsed(runner, [*arguments, "--parallel", "1"])
    runner(verbosity=0, interactive=False, **options).run_tests(labels)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
