"""Begins each class, or module of functions, at the clock's instant, for pytest."""

from collections.abc import Generator
from typing import Any

import pytest

from quality_harness.testing.clock import Clock


class ClockedItems:
    """A plugin of pytest.

    Args:
        clock: the one that is moved.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        """Show the instant before the first test of a class is set up."""
        owner = getattr(item, "cls", None) or getattr(item, "module", None)
        if self.clock.is_new(owner):
            self.clock.begin()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Set up what several classes share, databases above all, before the instant."""
        if fixturedef.scope in ("class", "function"):
            return (yield)
        with self.clock.before():
            return (yield)
