"""A test that passes without having asserted anything proves nothing."""

import functools
import unittest
from collections.abc import Iterable
from typing import Any
from unittest import mock

from quality_harness.finding import Rule
from quality_harness.testing.watching import Problem, Running
from quality_harness.testing.watching import Watch as BaseWatch

GATE = "test-honesty"

NO_ASSERTION = Rule(
    code="HON001",
    name="no-assertion",
    summary="A test passes without having asserted anything.",
    reason=(
        "It runs code and looks at nothing that the code does, so it stays green when the code is "
        "wrong. Assertions are counted while the test runs: those in helpers, set-up and clean-ups "
        "count, those in a branch or a loop that was never entered do not."
    ),
    instead="Assert what the code has to do, or delete the test.",
    bad="def test_publish(self):\n    publish(blog)",
    good="def test_publish(self):\n    publish(blog)\n    self.assertTrue(blog.is_published)",
)
RULES = (NO_ASSERTION,)


class Watch(BaseWatch):
    """Counts the assertions of each test."""

    def __init__(self) -> None:
        self.count = 0
        self._patches: list[Any] = []

    def start(self) -> None:
        """Count every assert method of unittest."""
        for name in dir(unittest.TestCase):
            if name.startswith("assert"):
                original = getattr(unittest.TestCase, name)
                patch = mock.patch.object(unittest.TestCase, name, self._counted(original))
                patch.start()
                self._patches.append(patch)

    def stop(self) -> None:
        """Put unittest's own methods back."""
        while self._patches:
            self._patches.pop().stop()

    def begin(self, test: Running) -> None:
        """Count from nothing."""
        self.count = 0

    def judge(self, test: Running) -> Iterable[Problem]:
        """A test that would pass must have asserted something."""
        if not self.count:
            yield Problem(
                NO_ASSERTION,
                f"{test.name} asserts nothing.",
                "Assert what the code has to do, or delete the test.",
            )

    def _counted(self, original: Any) -> Any:
        @functools.wraps(original)
        def assertion(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            return original(*arguments, **options)

        return assertion
