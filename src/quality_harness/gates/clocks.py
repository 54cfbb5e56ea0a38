"""Gate `clocks`: the suite comes to the same at other instants as now."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality_harness import services
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._suite_run import check_runner, left_outcome, run_suite
from quality_harness.testing.clocks import INSTANTS, check_instant
from quality_harness.testing.last_run import FAILED_AT_INSTANT
from quality_harness.testing.options import CLOCK
from quality_harness.testing.outcome import Failure, Outcome
from quality_harness.testing.watching import RECORD
from quality_harness.tool import alone, require, run_module

DIFFERS = Rule(
    code="CLK001",
    name="outcome-depends-on-the-clock",
    summary="A test comes to something else at another instant.",
    reason=(
        "Such a test passes for months and then fails for everybody on the same day, or only on "
        "machines elsewhere; what it tests may well be wrong on that day, too."
    ),
    instead=(
        "Freeze the time in the test, compute with a time that it was given, and with durations "
        "instead of replaced days and months; do not ask for the present twice."
    ),
    bad="token = make_token(expires=date(2027, 1, 31))\nself.assertTrue(token.is_valid())",
    good="token = make_token(expires=today + timedelta(days=1))\nself.assertTrue(token.is_valid())",
)
_PASSES = "passes"


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.clocks]`.

    Attributes:
        instants: from which the clock of a run runs, by name or as ISO times with an offset; by
            default all that have a name: midnight, dst-start, dst-end, leap-day, new-years-eve,
            year-2038, half-a-year-ahead, utc+14 and utc-11.
        runner: "pytest", or "django" for the project's own TEST_RUNNER, which has to be a
            QualityHarnessRunner.
        arguments: more arguments for the runner.
        postgres: start a PostgreSQL whose clock is moved along, and name it in DATABASE_URL
            where that is not set.
    """

    instants: tuple[str, ...] = tuple(INSTANTS)
    runner: str = "pytest"
    arguments: tuple[str, ...] = ()
    postgres: bool = True


def check(project: Project) -> Checked:
    """Run the suite now, unless the gate `tests` did so, and at each instant."""
    options: Options = project.options
    check_runner(options.runner)
    instants = tuple(dict.fromkeys(map(check_instant, options.instants)))
    if not instants:
        raise CouldNotRun("instants names none: name some, or leave it out for all.")
    require("time_machine", "test")
    variables, kept = _servers(project, options)
    with alone(project.root, "tests"):
        now = left_outcome(project, options.runner, options.arguments) or _run(project, options, {})
        for name, problem in now.unimportable:
            raise CouldNotRun(f"The tests cannot be imported: {name}: {problem}. Mend it first.")
        findings: list[Finding] = []
        unsteady: list[str] = []
        problems: list[str] = []
        for instant in instants:
            try:
                found, shaky = _compare(project, options, {**variables, CLOCK: instant}, now)
            except CouldNotRun as error:
                problems.append(f"At {instant}: {error}")
            else:
                findings += found
                unsteady += shaky
    note = "; ".join([f"at {len(instants)} instants", *kept, *unsteady])
    return Checked(tuple(findings), now.tests, "tests", note, problem=" ".join(problems))


def _servers(project: Project, options: Options) -> tuple[dict[str, str], list[str]]:
    """Return the variables that name PostgreSQL with another clock, or why there is none."""
    if not options.postgres:
        return {}, ["PostgreSQL keeps its own clock, as configured"]
    if os.environ.get("DATABASE_URL"):
        return {}, ["PostgreSQL keeps its own clock: DATABASE_URL names a server that is not ours"]
    try:
        return services.environment(project.root, "clock"), []
    except CouldNotRun as error:
        return {}, [f"PostgreSQL keeps its own clock: {error}"]


def _run(project: Project, options: Options, variables: Mapping[str, str], *more: str) -> Outcome:
    # What a watch of `strict` has against a test is the gate tests' matter.
    environment = {**project.environment(), RECORD: os.devnull, **variables}

    def execute(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        module, *rest = command
        return run_module(
            module, rest, cwd=project.root, extra="test", environment=environment, tests=True
        )

    return run_suite(options.runner, [*options.arguments, *more], execute)


def _compare(
    project: Project, options: Options, variables: Mapping[str, str], now: Outcome
) -> tuple[list[Finding], list[str]]:
    """Return what differs at one instant, and names of what differs only now and then."""
    instant = variables[CLOCK]
    (project.root / FAILED_AT_INSTANT).unlink(missing_ok=True)
    then = _run(project, options, variables)
    if then.unimportable:
        return [_not_imported(project, instant, *each) for each in then.unimportable], []
    differing = list(_differences(now, then))
    findings, unsteady = [], []
    failing = [each for each in differing if each.then.startswith("fails")]
    again = _states(_run(project, options, variables, "--failed")) if failing else {}
    for each in differing:
        # What passes when it runs once more, with the failed ones alone, hangs on something else.
        if each in failing and _key(each.test) not in again:
            unsteady.append(f"{each.test.name} failed once at {instant} and then passed")
        else:
            findings.append(_finding(instant, each))
    if not differing and _total(now) != _total(then):
        raise CouldNotRun(
            f"{_total(now)} tests are found now and {_total(then)} then. "
            "Let the same tests be there on every day."
        )
    return findings, unsteady


@dataclass(frozen=True)
class _Difference:
    test: Failure
    now: str
    then: str


def _differences(now: Outcome, then: Outcome) -> Iterator[_Difference]:
    before, after = _states(now), _states(then)
    for key in sorted({**before, **after}):
        test, was = before.get(key, (None, _PASSES))
        other, comes = after.get(key, (None, _PASSES))
        known = other or test
        if known and _word(was) != _word(comes):
            yield _Difference(known, was, comes)


_Key = tuple[str, str]


def _states(outcome: Outcome) -> dict[_Key, tuple[Failure, str]]:
    """Return what did not pass, by its place, and what came of it."""
    skips = {_key(one): (one, f"is skipped: {one.message}") for one in outcome.skips}
    return skips | {_key(one): (one, f"fails: {one.message}") for one in outcome.failures}


def _key(test: Failure) -> _Key:
    return test.path, test.name


def _word(state: str) -> str:
    return state.partition(":")[0]


def _total(outcome: Outcome) -> int:
    return outcome.tests + outcome.skipped


def _finding(instant: str, difference: _Difference) -> Finding:
    test = difference.test
    message = f"{test.name} {difference.now} now and {difference.then} at {instant}"
    hint = "freeze the time that it reads, or compute with durations"
    if test.path:
        method = test.name.rpartition(".")[2]
        hint += f"; pytest --clock {instant} {test.path} -k '{method}'"
    return DIFFERS.finding(Location(test.path, test.line), message, hint)


def _not_imported(project: Project, instant: str, name: str, problem: str) -> Finding:
    path = name if name.endswith(".py") else f"{name.replace('.', '/')}.py"
    if not Path(project.root, path).is_file():
        path = ""
    message = f"{name} is imported now and cannot be at {instant}: {problem}"
    hint = "compute in the tests and not while their module is imported"
    return DIFFERS.finding(Location(path), message, hint)


GATE = Gate(
    name="clocks",
    summary="The suite comes to the same at midnight, on leap days, in 2038 and elsewhere.",
    reason=(
        "Code that computes with the present is wrong on days that nobody has seen yet: a month "
        "ends, clocks change, a year has a day more, a token from a test of last year expires. "
        "Tests that do so break for everybody at once. So the whole suite runs at such instants, "
        "with PostgreSQL's clock moved along."
    ),
    check=check,
    rules=(DIFFERS,),
    options=Options,
    after=("tests",),
    remembered=True,
)
