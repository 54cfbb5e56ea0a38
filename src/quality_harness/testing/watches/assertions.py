"""A test that passes without having asserted anything proves nothing."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from quality_harness.finding import Rule
from quality_harness.testing.counting.importing import counted_imports
from quality_harness.testing.counting.methods import counted_methods
from quality_harness.testing.counting.tally import TALLY
from quality_harness.testing.test_code import TestCode
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
        "count, those in a branch or a loop that was never entered do not. An expected exception "
        "counts, and so does `fail()` in a branch that is not taken."
    ),
    instead=(
        "Assert what the code has to do, or delete the test. Where it must not raise and that is "
        "all, say so: `try: ... except ValueError: self.fail(...)`, or assert what comes back."
    ),
    bad="def test_publish(self):\n    publish(blog)",
    good="def test_publish(self):\n    publish(blog)\n    self.assertTrue(blog.is_published)",
)
RULES = (NO_ASSERTION,)


@contextmanager
def prepared(root: Path) -> Iterator[None]:
    """Let test modules that are imported meanwhile count their assertions."""
    with counted_imports(TestCode.of(root)):
        yield


class Watch(BaseWatch):
    """Asks after each test whether anything was asserted since it began."""

    def __init__(self) -> None:
        self.before = 0
        self._stack = ExitStack()

    def start(self) -> None:
        """Count what libraries offer to assert with."""
        self._stack.enter_context(counted_methods())

    def stop(self) -> None:
        """Put the libraries' own methods back."""
        self._stack.close()

    def begin(self, test: Running) -> None:
        """Count from here."""
        self.before = TALLY.made

    def judge(self, test: Running) -> Iterable[Problem]:
        """A test that would pass must have asserted something."""
        if TALLY.made == self.before:
            yield Problem(
                NO_ASSERTION,
                f"{test.name} asserts nothing.",
                "Assert what the code has to do, or delete the test.",
            )
