"""Reviews what a project accepts: its comments and its baseline, a row of the report each."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quality_harness import baseline, configuration, suppression
from quality_harness.changes import file_on
from quality_harness.config import DEFAULT_BASELINE
from quality_harness.finding import Finding
from quality_harness.gate import Gate, Project, Result, Verdict

SUPPRESSIONS = "suppressions"
BASELINE = "baseline"
CONFIGURATION = "configuration"


@dataclass(frozen=True)
class Outcome:
    """What one gate of a run gave back.

    Attributes:
        gate: the gate.
        result: its row.
        paths: the files that it looked at; None for all.
    """

    gate: Gate
    result: Result
    paths: frozenset[str] | None


@dataclass(frozen=True)
class Accepted:
    """What a project accepts.

    Attributes:
        suppressions: its comments.
        rows: its baseline.
    """

    suppressions: Sequence[suppression.Suppression]
    rows: Sequence[baseline.Row] = ()


def review_suppressions(
    gates: Sequence[Gate],
    outcomes: Sequence[Outcome],
    suppressions: Sequence[suppression.Suppression],
) -> tuple[Result, ...]:
    """Return a row about the suppressions themselves, none where the project has none."""
    if not suppressions:
        return ()
    own_codes = {rule.code for rule in (*suppression.RULES, *baseline.RULES)}

    def known(code: str) -> bool:
        return code in own_codes or any(gate.has_code(code) for gate in gates)

    def looked_at(one: suppression.Suppression) -> bool:
        return any(
            outcome.result.verdict is not Verdict.COULD_NOT_RUN
            and outcome.gate.has_code(one.code)
            and (outcome.paths is None or one.location.path in outcome.paths)
            for outcome in outcomes
        )

    start = time.perf_counter()
    found: list[Finding] = [f for outcome in outcomes for f in outcome.result.findings]
    problems = suppression.review(suppressions, found, known, looked_at)
    findings = tuple(replace(problem, gate=SUPPRESSIONS) for problem in problems)
    verdict = Verdict.FAIL if findings else Verdict.PASS
    seconds = time.perf_counter() - start
    return (
        Result(
            SUPPRESSIONS, verdict, seconds, len(suppressions), "suppressions", findings=findings
        ),
    )


def review_baseline(
    name: str, rows: Sequence[baseline.Row], outcomes: Sequence[Outcome], project: Project
) -> tuple[Result, ...]:
    """Return a row about the baseline itself, none where the project has none."""
    if not rows:
        return ()
    base = project.changes.base
    earlier = None if base is None else _rows_on(project, base)

    def looked_at(row: baseline.Row) -> bool:
        return any(
            outcome.result.verdict is not Verdict.COULD_NOT_RUN
            and outcome.gate.name == row.gate
            and (base is None or outcome.paths is None or row.path in outcome.paths)
            for outcome in outcomes
        )

    start = time.perf_counter()
    found = [finding for outcome in outcomes for finding in outcome.result.findings]
    problems = baseline.review(name, rows, earlier, found, looked_at)
    findings = tuple(replace(problem, gate=BASELINE) for problem in problems)
    verdict = Verdict.FAIL if findings else Verdict.PASS
    seconds = time.perf_counter() - start
    return (Result(BASELINE, verdict, seconds, len(rows), "rows", findings=findings),)


def _rows_on(project: Project, base: str) -> tuple[baseline.Row, ...] | None:
    """Return the baseline of the base, which may have another name there; None without one."""
    table = configuration.own_table(configuration.tools_on_base(project))
    known = str(table.get("baseline", DEFAULT_BASELINE))
    rows = file_on(project.root, base, known)
    return None if rows is None else baseline.parse(rows, f"{known} of the base")


def review_configuration(project: Project, baseline_name: str, rows: int) -> tuple[Result, ...]:
    """Return a row about what the change does to the configuration, none where that is nothing.

    Args:
        project: the project, with its changes.
        baseline_name: the name of its baseline.
        rows: how many rows that has.

    Raises:
        CouldNotRun: pyproject.toml cannot be read.
    """
    start = time.perf_counter()
    found = configuration.review(project, baseline_name, rows)
    if not found:
        return ()
    findings = tuple(replace(each, gate=CONFIGURATION) for each in found)
    seconds = time.perf_counter() - start
    return (Result(CONFIGURATION, Verdict.PASS, seconds, len(found), "changes", findings=findings),)
