"""Counts the assertions that unittest, Django, mock and pytest offer, where they are defined."""

import functools
import sys
import unittest
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from quality_harness.testing.counting.tally import COUNTED_FILES, TALLY

# unittest leaves the frames of this module out of a traceback.
__unittest = True
# Contexts of these modules count as they end; any other is made of such ones.
_CONTEXTS = ("unittest.", "django.test.")


@contextmanager
def counted_methods() -> Iterator[None]:
    """Count every assertion method for as long as the block lasts."""
    # A mocked function has assertions, too, which call those of its mock.
    COUNTED_FILES.update(each.__code__.co_filename for each in (_counted, mock.create_autospec))
    with ExitStack() as stack:
        for owner in _owners():
            for name in [name for name in vars(owner) if name.startswith("assert")]:
                _patch(stack, owner, name, _counted(vars(owner)[name], stack))
        for context in _pytest_contexts():
            _patch(stack, context, "__exit__", _counted(vars(context)["__exit__"], stack))
        yield


def _owners() -> list[type]:
    # Here, as the gates know this module's rules without Django.
    from django.test import SimpleTestCase, TransactionTestCase

    mocks = {*mock.MagicMock.__mro__, *mock.AsyncMock.__mro__} - {object}
    return [unittest.TestCase, SimpleTestCase, TransactionTestCase, *mocks]


def _pytest_contexts() -> list[type]:
    """Return the classes of what `raises` and `warns` give."""
    pytest: Any = sys.modules.get("pytest")
    if pytest is None:
        return []
    return [type(pytest.raises(ValueError)), type(pytest.warns(UserWarning))]


def _patch(stack: ExitStack, owner: type, name: str, value: Any) -> None:
    stack.enter_context(mock.patch.object(owner, name, value))


def _counted(original: Callable[..., Any], stack: ExitStack) -> Callable[..., Any]:
    """Return an assertion that is counted once, after it has passed.

    One that gives a context manager has asserted nothing yet: it counts when the context ends.
    """

    @functools.wraps(original)
    def assertion(*arguments: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if TALLY.inside:
            return original(*arguments, **options)
        TALLY.inside = True
        try:
            returned = original(*arguments, **options)
        finally:
            TALLY.inside = False
        if hasattr(type(returned), "__exit__"):
            _count_at_end(type(returned), stack)
        else:
            TALLY.made += 1
        return returned

    return assertion


def _count_at_end(context: type, stack: ExitStack) -> None:
    """Count the contexts of a class as they end, from now on."""
    leave = context.__exit__  # type: ignore[attr-defined]
    if context.__module__.startswith(_CONTEXTS) and not hasattr(leave, "__wrapped__"):
        _patch(stack, context, "__exit__", _counted(leave, stack))
