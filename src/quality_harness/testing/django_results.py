"""What Django's runner prints of each test, and what it notes of it for the end of the run."""

import unittest
from pathlib import Path
from typing import Any

from quality_harness.testing.ids import case_id

# Dots a line, as pytest prints them, before the share that is done.
_WIDTH = 72


def result_class(base: type[Any], root: Path, total: int) -> type[Any]:
    """Return a class of results that notes ids and, on a terminal, shows how far the run is.

    Args:
        base: the class that the run would have.
        root: the project's.
        total: how many tests there are.
    """

    class Result(base):  # type: ignore[misc]
        """Results by the ids that both runners share."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.ran: set[str] = set()

        def startTest(self, test: unittest.TestCase) -> None:
            """Note the test, and end a full line of dots with the share that is done."""
            done = self.testsRun
            if self.dots and done and done % _WIDTH == 0 and self.stream.isatty():
                self.stream.writeln(f" [{100 * done // total:3d}%]")
            super().startTest(test)
            self.ran.add(case_id(root, test))

        def failed(self) -> set[str]:
            """Return the ids of what failed."""
            problems = [test for test, _ in [*self.errors, *self.failures]]
            return {case_id(root, test) for test in [*problems, *self.unexpectedSuccesses]}

    return Result
