"""Gate `test-honesty`: a test that passes has proved something."""

from quality_harness.gate import Checked, Gate, Project
from quality_harness.testing.watched import left_by_tests
from quality_harness.testing.watches import rules_of

NAME = "test-honesty"


def check(project: Project) -> Checked:
    """Read what the gate `tests` has seen while the tests ran."""
    watched = left_by_tests(project)
    return Checked(watched.of([NAME]), watched.tests, "tests")


GATE = Gate(
    name=NAME,
    summary="A test that passes has proved something.",
    reason=(
        "A test that asserts nothing, or that compares a thing with itself, is green whatever the "
        "code does. Coverage counts its lines all the same, and everybody relies on it."
    ),
    check=check,
    rules=rules_of(NAME),
    after=("tests",),
)
