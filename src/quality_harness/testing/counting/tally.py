"""The count of assertions of this process, and what counted code calls to raise it."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class Tally:
    """What has been asserted in this process; it only rises, and who counts keeps its beginning.

    Attributes:
        made: how many assertions have passed.
        inside: whether an assertion runs now; those that it makes itself are part of it.
    """

    def __init__(self) -> None:
        self.made = 0
        self.inside = False


TALLY = Tally()
# The files whose statements count themselves, and those of our own wrappers.
COUNTED_FILES: set[str] = set()


def counted_here() -> None:
    """Tell that the calling module counts its own assertions."""
    COUNTED_FILES.add(sys._getframe(1).f_code.co_filename)


def asserted() -> None:
    """Count one assertion."""
    TALLY.made += 1


def called(function: Function) -> Function:
    """Count a call of something named like an assertion, unless it counts itself.

    Args:
        function: what is about to be called; it is returned as it is.
    """
    code = getattr(function, "__code__", None)
    if getattr(code, "co_filename", None) not in COUNTED_FILES:
        TALLY.made += 1
    return function
