"""Begins each class of unittest at the clock's instant, for Django's runner."""

from typing import Any
from unittest import TestSuite

from quality_harness.testing.clock import moved_clock


class ClockedSuite(TestSuite):
    """A suite whose classes begin at the instant; what modules set up is older."""

    def _handleModuleFixture(self, test: Any, result: Any) -> None:
        """Set the module up: what unittest does first between two classes."""
        clock = moved_clock()
        handle = super()._handleModuleFixture  # type: ignore[misc]
        if clock is None or not clock.is_new(type(test)):
            handle(test, result)
        else:
            with clock.before():
                handle(test, result)
