"""Gate `tests`: the test-suite passes."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._suite_run import check_runner, leave_outcome, run_suite
from quality_harness.services import check_reachable
from quality_harness.testing.outcome import Failure, Outcome
from quality_harness.testing.time_limit import OVER
from quality_harness.testing.watched import read_watched
from quality_harness.testing.watches import rules_of
from quality_harness.testing.watching import RECORD
from quality_harness.tool import (
    COVERAGE_DATA,
    COVERAGE_STATE,
    OUTCOME,
    WATCHED,
    WATCHED_STATE,
    alone,
    digest,
    require,
    run_module,
    work_folder,
)

NAME = "tests"
FAILING = Rule(
    code="TST001",
    name="failing-test",
    summary="A test fails.",
    reason="Either the code or the test is wrong; nobody can build on either.",
    instead="Run the test alone, and mend what is wrong.",
    bad="self.assertEqual(slugify('A b'), 'a b')",
    good="self.assertEqual(slugify('A b'), 'a-b')",
)
NOT_RUN = Rule(
    code="TST004",
    name="test-not-run",
    summary="pytest collects a test and does not run it, and the gate's `arguments` do not say so.",
    reason="A line in addopts or a hook of a conftest takes a failing test away, and all is green. "
    "What is left out on purpose stands where the gate is configured, for everybody to see.",
    instead="Let it run; or leave it out by `-m`, `-k` or `--deselect` in the gate's `arguments`.",
    bad='[tool.pytest.ini_options]\naddopts = "--deselect=tests/test_tax.py::test_total"',
    good='[tool.quality_harness.tests]\narguments = ["-m", "not browser"]',
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
    check_runner(options.runner)
    if options.services:
        check_reachable(os.environ)
    outcome = run(project, options)
    watched = read_watched(project.root / WATCHED)
    for name, problem in outcome.unimportable:
        raise CouldNotRun(f"The tests cannot be imported: {name}: {problem}. Mend it first.")
    # What a gate of its own will tell is not told twice.
    told = set(project.gates) - {NAME}
    findings = (
        *map(_finding, outcome.failures),
        *_not_run(outcome.left_out),
        *watched.of(set(watched.findings) - told),
    )
    counted = {"skipped": outcome.skipped, "expected to fail": outcome.expected}
    note = ", ".join(f"{count} {what}" for what, count in counted.items() if count)
    measured = (COVERAGE_DATA, COVERAGE_STATE) if options.coverage else ()
    leave_outcome(project, options.runner, options.arguments, outcome)
    leaves = (*measured, WATCHED, WATCHED_STATE, OUTCOME)
    return Checked(findings, outcome.tests, "tests", note, leaves=leaves)


def run(
    project: Project, options: Options, environment: Mapping[str, str] | None = None
) -> Outcome:
    """Run a project's suite and return what came of it.

    Args:
        project: whose suite.
        options: how to run it.
        environment: variables beside those of the project.

    Raises:
        CouldNotRun: a runner that did not come to its end.
    """
    variables = {**project.environment(), **(environment or {})}

    def execute(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return _measured(project, command, variables, coverage=options.coverage)

    with alone(project.root, NAME):
        return run_suite(options.runner, options.arguments, execute)


def _measured(
    project: Project, command: Sequence[str], environment: dict[str, str], *, coverage: bool
) -> subprocess.CompletedProcess[str]:
    """Run the command; under coverage, leave the data where the gate `coverage` reads it."""
    watched = project.root / WATCHED
    watched.write_bytes(b"")
    environment = {**environment, RECORD: str(watched)}
    before = digest(project.root, project.python_files())
    (project.root / WATCHED_STATE).write_text(before, encoding="utf-8")

    def run(*words: str, tests: bool = True) -> subprocess.CompletedProcess[str]:
        return run_module(
            words[0],
            words[1:],
            cwd=project.root,
            extra="test",
            environment=environment,
            tests=tests,
        )

    if not coverage:
        return run(*command)
    require(command[0].partition(".")[0], "test")
    environment["COVERAGE_FILE"] = str(project.root / COVERAGE_DATA)
    for old in work_folder(project.root).glob("coverage*"):
        old.unlink()
    done = run("coverage", "run", "-m", *command)
    # Without parallel data there is nothing to combine, which is not an error.
    run("coverage", "combine", "--quiet", tests=False)
    (project.root / COVERAGE_STATE).write_text(before, encoding="utf-8")
    return done


def _finding(failure: Failure) -> Finding:
    if failure.path:
        method = failure.name.rpartition(".")[2]
        hint = f"pytest {failure.path} -k '{method}'"
    else:
        hint = "mend what the message says; the set-up stands in the class or module named"
    message = f"{failure.name} fails: {failure.message or 'no reason given'}"
    return FAILING.finding(Location(failure.path, failure.line), message, hint)


def _not_run(left_out: Sequence[Failure]) -> Iterator[Finding]:
    """Find the files of tests that were left out."""
    for path, tests in groupby(sorted(left_out), lambda test: test.path):
        first, *others = tests
        names = list(dict.fromkeys(test.name for test in [first, *others]))
        told = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        message = f"collected and not run, which the gate's arguments do not ask for: {told}"
        hint = (
            "let it run, or name it in [tool.quality_harness.tests] arguments: -m, -k, --deselect"
        )
        yield NOT_RUN.finding(Location(path, first.line), message, hint)


GATE = Gate(
    name=NAME,
    summary="The test-suite passes.",
    reason="The tests say what the project promises.",
    check=check,
    rules=(FAILING, NOT_RUN, OVER, *rules_of(NAME)),
    options=Options,
    remembered=True,
)
