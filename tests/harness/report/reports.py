"""Reports to render."""

from dataclasses import replace

from quality_harness.finding import Finding, Location, Severity
from quality_harness.gate import Report, Result, Verdict

ERROR = Finding(
    "MIG001",
    "remove-field",
    "Blog.subtitle is dropped",
    "remove it in two steps",
    Location("blog/migrations/0002.py", 12, 9),
    gate="migrations",
)
WARNING = replace(ERROR, code="MIG900", severity=Severity.WARNING, location=Location("a.py", 3))
ACCEPTED = replace(ERROR, suppressed="unread since 1.4")
WHOLE_FILE = replace(ERROR, code="FMT001", gate="format", location=Location("b.py"))

PASSED = Result("format", Verdict.PASS, 0.25, 12, "files")
FAILED = Result("migrations", Verdict.FAIL, 1.5, 3, "migrations", "2 apps", (ERROR, ACCEPTED))
STOPPED = Result("lint", Verdict.COULD_NOT_RUN, 0.1, note="flake8 is not installed")


def report_of(*results: Result) -> Report:
    return Report(results, "merge base with main, 1a2b3c4")
