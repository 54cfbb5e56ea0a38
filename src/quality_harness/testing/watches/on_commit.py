"""What waits for a commit never runs in a test that rolls back, unless the test sees to it."""

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from quality_harness.finding import Rule
from quality_harness.testing.origin import origin_of
from quality_harness.testing.watching import Problem, Running
from quality_harness.testing.watching import Watch as BaseWatch

GATE = "isolation"

NEVER_RUN = Rule(
    code="ISO001",
    name="on-commit-never-run",
    summary="A callback of transaction.on_commit was registered in a test and never ran.",
    reason=(
        "A TestCase rolls its transaction back, so what waits for the commit is dropped without a "
        "word: the mail, the task, the cleared cache. The test is green whether that code works or "
        "not. Callbacks of a rolled-back savepoint do not count, nor do those of setUpTestData, "
        "nor what the test has captured."
    ),
    instead=(
        "Run them with self.captureOnCommitCallbacks(execute=True), with pytest's "
        "django_capture_on_commit_callbacks(execute=True), or in a TransactionTestCase."
    ),
    bad="def test_publish(self):\n    publish(blog)  # registers the mail to the author",
    good=(
        "def test_publish(self):\n    with self.captureOnCommitCallbacks(execute=True):\n"
        "        publish(blog)\n    self.assertEqual(len(mail.outbox), 1)"
    ),
)
RULES = (NEVER_RUN,)


class Watch(BaseWatch):
    """Compares what waits for a commit with what the test has captured."""

    def __init__(self) -> None:
        from django.test import TestCase

        self._seen: list[Any] = []
        original = vars(TestCase)["captureOnCommitCallbacks"].__func__
        noting: Any = classmethod(self._noting(original))
        self._patch = mock.patch.object(TestCase, "captureOnCommitCallbacks", noting)

    def start(self) -> None:
        """Note what is captured; pytest-django's fixture comes here too."""
        self._patch.start()

    def stop(self) -> None:
        """Put Django's own method back."""
        self._patch.stop()

    def begin(self, test: Running) -> None:
        """What the set-up of the class has registered is not the test's."""
        self._seen = _waiting()

    def judge(self, test: Running) -> Iterable[Problem]:
        """Whatever waits still, and was not captured, will be dropped."""
        # The functions are kept in `_seen`, so that no other one can get the same id.
        seen = Counter(map(id, self._seen))
        dropped: dict[str, None] = {}
        for callback in _waiting():
            if seen[id(callback)]:
                seen[id(callback)] -= 1
            else:
                dropped[origin_of(callback)] = None
        for origin in dropped:
            yield Problem(
                NEVER_RUN,
                f"{test.name} registers {origin} on commit, and it never runs.",
                "Put `with self.captureOnCommitCallbacks(execute=True):` around the call, or, for "
                "all tests of the class, into setUp: "
                "self.enterContext(self.captureOnCommitCallbacks(execute=True)).",
            )

    def _noting(self, original: Any) -> Any:
        @contextmanager
        @functools.wraps(original)
        def capture(*arguments: Any, **options: Any) -> Iterator[list[Any]]:
            callbacks: list[Any] = []
            try:
                with original(*arguments, **options) as callbacks:
                    yield callbacks
            finally:
                self._seen += callbacks

        return capture


def _waiting() -> list[Any]:
    from django.db import connections

    opened = connections.all(initialized_only=True)
    return [function for each in opened for _, function, _ in each.run_on_commit]
