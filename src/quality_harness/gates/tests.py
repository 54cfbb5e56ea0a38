"""Gate `tests`: the test-suite passes."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quality_harness.config import did_you_mean
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.services import check_reachable
from quality_harness.testing.outcome import Failure, Outcome, read_django, read_junit
from quality_harness.tool import COVERAGE_DATA, last_line, run_module, work_folder

FAILING = Rule(
    code="TST001",
    name="failing-test",
    summary="A test fails.",
    reason="Either the code or the test is wrong; nobody can build on either.",
    instead="Run the test alone, and mend what is wrong.",
    bad="self.assertEqual(slugify('A b'), 'a b')",
    good="self.assertEqual(slugify('A b'), 'a-b')",
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.tests]`.

    Attributes:
        runner: "pytest", or "django" for the project's own TEST_RUNNER.
        arguments: more arguments for the runner.
        coverage: measure coverage, for the gate `coverage`.
        services: the tests need what DATABASE_URL and REDIS_URL name, where they are set; an
            address that does not answer is could-not-run, not hundreds of failing tests.
    """

    runner: str = "pytest"
    arguments: tuple[str, ...] = ()
    coverage: bool = True
    services: bool = False


def check(project: Project) -> Checked:
    """Run the suite, under coverage where that is asked for, and read what failed."""
    options: Options = project.options
    if options.runner not in RUNNERS:
        raise CouldNotRun(
            f"There is no runner '{options.runner}'. {did_you_mean(options.runner, RUNNERS)}"
        )
    if options.services:
        check_reachable(os.environ)
    outcome = _run(project, options)
    for name, problem in outcome.unimportable:
        raise CouldNotRun(f"The tests cannot be imported: {name}: {problem}. Mend it first.")
    findings = tuple(map(_finding, outcome.failures))
    note = f"{outcome.skipped} skipped" if outcome.skipped else ""
    return Checked(findings, outcome.tests, "tests", note)


RUNNERS = ("pytest", "django")


def _run(project: Project, options: Options) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        if options.runner == "django":
            command = ["quality_harness.testing.run_django", str(report)]
        else:
            family = ("-o", "junit_family=xunit1")
            command = ["pytest", "-q", "--color=no", *family, f"--junit-xml={report}"]
        output = _output(project, [*command, *options.arguments], coverage=options.coverage)
        if not report.exists():
            raise CouldNotRun(f"{options.runner} failed: {_reason(output)}")
        return read_django(report) if options.runner == "django" else read_junit(report)


def _output(project: Project, command: Sequence[str], *, coverage: bool) -> str:
    """Run the command and return what it printed; leave its coverage data where it is read."""
    environment = project.environment()

    def run(*words: str) -> str:
        done = run_module(
            words[0], words[1:], cwd=project.root, extra="test", environment=environment
        )
        return done.stdout + done.stderr

    if not coverage:
        return run(*command)
    environment["COVERAGE_FILE"] = str(project.root / COVERAGE_DATA)
    work_folder(project.root)
    run("coverage", "erase")
    output = run("coverage", "run", "-m", *command)
    # Without parallel data there is nothing to combine, which is not an error.
    run("coverage", "combine", "--quiet")
    return output


def _reason(output: str) -> str:
    errors = [line.strip() for line in output.splitlines() if "rror" in line]
    return errors[-1] if errors else last_line(output)


def _finding(failure: Failure) -> Finding:
    if failure.path:
        method = failure.name.rpartition(".")[2]
        hint = f"pytest {failure.path} -k '{method}'"
    else:
        hint = "mend what the message says; the set-up stands in the class or module named"
    message = f"{failure.name} fails: {failure.message or 'no reason given'}"
    return FAILING.finding(Location(failure.path, failure.line), message, hint)


GATE = Gate(
    name="tests",
    summary="The test-suite passes.",
    reason="The tests say what the project promises.",
    check=check,
    rules=(FAILING,),
    options=Options,
)
