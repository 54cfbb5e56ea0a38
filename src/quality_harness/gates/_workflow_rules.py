"""What the gate `workflows` looks for in GitHub workflows, beside what outside tools find."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._aggregate_rules import (
    HOLLOW_AGGREGATE,
    aggregate_problems,
    is_aggregate,
)
from quality_harness.gates._yaml import items, line_of, mappings, names, texts

UNKNOWN_RUNNER = Rule(
    code="WFL004",
    name="unknown-runner",
    summary="A job asks for a runner that GitHub does not have.",
    reason="The job waits for a day and is then cancelled; the schema accepts any word.",
    instead="Correct the label; name runners of your own in the option `runners`.",
    bad="runs-on: ubuntu-24.4",
    good="runs-on: ubuntu-24.04",
)
UNKNOWN_MATRIX_KEY = Rule(
    code="WFL005",
    name="unknown-matrix-key",
    summary="A job uses a key that its matrix does not have.",
    reason="It is empty: every job of the matrix then does the same, with a default.",
    instead="Correct the key, or add it to the matrix.",
    bad="matrix: {python: ['3.11', '3.13']}\npython-version: ${{ matrix.pyhton }}",
    good="matrix: {python: ['3.11', '3.13']}\npython-version: ${{ matrix.python }}",
)
PATH_FILTER = Rule(
    code="WFL006",
    name="path-filter-on-trigger",
    summary="A workflow on pull requests filters paths in its trigger.",
    reason="Where the filter leaves it out, its required check stays pending for ever and the "
    "pull request cannot be merged.",
    instead="Filter in a job, with `if:`; name workflows that no branch protection asks for in "
    "the option `optional`.",
    bad="on:\n  pull_request:\n    paths: ['src/**']",
    good="on:\n  pull_request:",
)
NO_TIMEOUT = Rule(
    code="WFL007",
    name="missing-timeout",
    summary="A job has no `timeout-minutes`.",
    reason="One that hangs holds a runner for six hours, and the pull request with it.",
    instead="Give it twice the minutes that it takes.",
    bad="tests:\n  runs-on: ubuntu-24.04",
    good="tests:\n  runs-on: ubuntu-24.04\n  timeout-minutes: 15",
)
RULES = (HOLLOW_AGGREGATE, UNKNOWN_RUNNER, UNKNOWN_MATRIX_KEY, PATH_FILTER, NO_TIMEOUT)

_HOSTED = re.compile(
    r"ubuntu-(slim|latest|22\.04|24\.04|26\.04)(-arm)?|windows-(latest|2022|2025|11-arm)"
    r"|macos-(latest|14|15|26)(-(large|xlarge|intel))?"
)
_MATRIX = re.compile(r"\bmatrix\.([A-Za-z_][\w-]*)")
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_REPORTING = ("pull_request", "pull_request_target", "merge_group", "push", "workflow_call")
_FILTERED = ("pull_request", "pull_request_target", "merge_group")


@dataclass(frozen=True)
class Workflow:
    """One file.

    Attributes:
        path: relative to the project's root.
        document: what it holds, with lines.
        runners: labels of the project's own runners.
        optional: whether no branch protection asks for it.
    """

    path: str
    document: Any
    runners: tuple[str, ...] = ()
    optional: bool = False

    @property
    def reports(self) -> bool:
        """Whether branch protection can ask for its jobs: they run on what is to be merged."""
        return not {*triggers(self.document)}.isdisjoint(_REPORTING)

    @property
    def jobs(self) -> dict[str, Any]:
        """Its jobs by their names, those that are no mapping left to the schema."""
        jobs = mappings(self.document.get("jobs"))
        return {name: job for name, job in jobs.items() if isinstance(job, dict)}

    def job_place(self, name: str) -> Location:
        """Return where a job is named."""
        return Location(self.path, line_of(self.document["jobs"], name))


def triggers(document: Any) -> dict[Any, Any]:
    """Return the events that a workflow runs on, with what is said of each."""
    given = document.get("on")
    return given if isinstance(given, dict) else dict.fromkeys(names(given))


def judge(workflow: Workflow) -> Iterator[Finding]:
    """Yield what this module's rules find in a workflow."""
    yield from _path_filters(workflow)
    for name, job in workflow.jobs.items():
        yield from _runner(workflow, name, job)
        yield from _matrix_keys(workflow, name, job)
        if "timeout-minutes" not in job and "uses" not in job:
            message = f"the job '{name}' has no timeout-minutes"
            hint = "add it: timeout-minutes: 15"
            yield NO_TIMEOUT.finding(workflow.job_place(name), message, hint)
        if is_aggregate(job) and workflow.reports:
            for problem, hint in [*aggregate_problems(job), *_forgotten(workflow, name)]:
                message = f"the job '{name}' stands for others, and {problem}"
                yield HOLLOW_AGGREGATE.finding(workflow.job_place(name), message, hint)


def _path_filters(workflow: Workflow) -> Iterator[Finding]:
    events = triggers(workflow.document)
    for event in _FILTERED:
        given = mappings(events.get(event))
        for key in ("paths", "paths-ignore"):
            if key in given and not workflow.optional:
                place = Location(workflow.path, line_of(given, key))
                message = f"{event} is filtered by {key}, so a required check may never report"
                hint = "filter in a job with if:, or name the file in the option optional"
                yield PATH_FILTER.finding(place, message, hint)


def _runner(workflow: Workflow, name: str, job: dict[str, Any]) -> Iterator[Finding]:
    asked = job.get("runs-on")
    labels = items(mappings(asked).get("labels") if isinstance(asked, dict) else asked)
    if "self-hosted" in labels or "group" in mappings(asked):
        return
    for label in (value for one in labels for value in _values(str(one), job)):
        if not _HOSTED.fullmatch(label) and label not in workflow.runners:
            message = f"the job '{name}' asks for the runner '{label}', which GitHub does not have"
            hint = "correct it, such as ubuntu-24.04; a runner of yours: the option runners"
            place = Location(workflow.path, line_of(job, "runs-on"))
            yield UNKNOWN_RUNNER.finding(place, message, hint)


def _values(label: str, job: dict[str, Any]) -> list[str]:
    """Return what a label may be; none where an expression decides it that is not a matrix's."""
    if not _EXPRESSION.search(label):
        return [label]
    key = _MATRIX.search(label)
    if not (key and _EXPRESSION.fullmatch(label)):
        return []
    matrix = mappings(mappings(job.get("strategy")).get("matrix"))
    added = [mappings(one).get(key[1]) for one in items(matrix.get("include"))]
    found = [*items(matrix.get(key[1])), *filter(None, added)]
    return [one for one in found if isinstance(one, str) and not _EXPRESSION.search(one)]


def _matrix_keys(workflow: Workflow, name: str, job: dict[str, Any]) -> Iterator[Finding]:
    matrix = mappings(job.get("strategy")).get("matrix")
    if isinstance(matrix, str) or any(isinstance(one, str) for one in mappings(matrix).values()):
        return  # An expression makes it; what keys it has is known when it runs.
    known = {*mappings(matrix), *_included(matrix)}
    used = {
        key
        for text in texts(job)
        for found in _EXPRESSION.findall(text)
        for key in _MATRIX.findall(found)
    }
    for key in sorted(used - known):
        message = f"the job '{name}' uses matrix.{key}, and its matrix has no such key"
        hint = f"it has: {', '.join(sorted(known - {'include', 'exclude'})) or 'none'}"
        yield UNKNOWN_MATRIX_KEY.finding(workflow.job_place(name), message, hint)


def _included(matrix: Any) -> Iterator[str]:
    for one in items(mappings(matrix).get("include")):
        yield from mappings(one)


def _forgotten(workflow: Workflow, name: str) -> Iterator[tuple[str, str]]:
    forgotten = _not_needed(workflow, name)
    if forgotten:
        yield f"does not need {', '.join(forgotten)}", "add them to needs"


def _not_needed(workflow: Workflow, name: str) -> list[str]:
    """Return the jobs that always run and that the aggregate does not wait for."""
    jobs = workflow.jobs
    before = reached(name, {one: names(job.get("needs")) for one, job in jobs.items()})
    after = {
        one
        for one in jobs
        if name in reached(one, {two: names(job.get("needs")) for two, job in jobs.items()})
    }
    return [one for one in jobs if one not in {name, *before, *after} and "if" not in jobs[one]]


def reached(name: str, needs: dict[str, list[str]]) -> set[str]:
    """Return the jobs that one waits for; itself, too, where it waits in a circle."""
    found: set[str] = set()
    waiting = list(needs.get(name, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += needs.get(one, ())
    return found
