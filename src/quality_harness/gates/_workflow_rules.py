"""What the gate `workflows` looks for in GitHub workflows, beside what outside tools find."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._yaml import items, line_of, mappings, texts

HOLLOW_AGGREGATE = Rule(
    code="WFL003",
    name="hollow-aggregate",
    summary="The one job that branch protection asks for passes although a job did not succeed.",
    reason="A job that is skipped counts as a success. Without `if: always()` the aggregate job is "
    "skipped when a job that it needs fails, and one that only asks for failures passes when they "
    "are cancelled.",
    instead="Let it always run, need every other job, and compare each result with `success`.",
    bad="all-green:\n  needs: [lint, tests]\n  steps:\n    - run: echo ok",
    good="all-green:\n  if: always()\n  needs: [lint, tests]\n  env:\n"
    "    RESULTS: ${{ join(needs.*.result, ' ') }}\n  steps:\n"
    '    - run: for one in $RESULTS; do test "$one" = success || exit 1; done',
)
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
UNKNOWN_JOB = Rule(
    code="WFL008",
    name="unknown-job",
    summary="A job needs one that the workflow does not have.",
    reason="GitHub refuses the whole file, so none of its checks reports; the schema accepts any "
    "name.",
    instead="Correct the name, or take it out of `needs`.",
    bad="jobs:\n  tests: ...\n  all-green:\n    needs: [test]",
    good="jobs:\n  tests: ...\n  all-green:\n    needs: [tests]",
)
RULES = (
    *(HOLLOW_AGGREGATE, UNKNOWN_RUNNER, UNKNOWN_MATRIX_KEY, PATH_FILTER, NO_TIMEOUT),
    UNKNOWN_JOB,
)

_HOSTED = re.compile(
    r"ubuntu-(slim|latest|22\.04|24\.04|26\.04)(-arm)?|windows-(latest|2022|2025|11-arm)"
    r"|macos-(latest|14|15|26)(-(large|xlarge|intel))?"
)
_MATRIX = re.compile(r"\bmatrix\.([A-Za-z_][\w-]*)")
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
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
    def jobs(self) -> dict[str, Any]:
        """Its jobs by their names, those that are no mapping left to the schema."""
        jobs = mappings(self.document.get("jobs"))
        return {name: job for name, job in jobs.items() if isinstance(job, dict)}

    def job_place(self, name: str) -> Location:
        """Return where a job is named."""
        return Location(self.path, line_of(self.document["jobs"], name))


def judge(workflow: Workflow) -> Iterator[Finding]:
    """Yield what this module's rules find in a workflow."""
    yield from _path_filters(workflow)
    for name, job in workflow.jobs.items():
        yield from _runner(workflow, name, job)
        yield from _matrix_keys(workflow, name, job)
        yield from _unknown_jobs(workflow, name, job)
        if "timeout-minutes" not in job and "uses" not in job:
            message = f"the job '{name}' has no timeout-minutes"
            hint = "add it: timeout-minutes: 15"
            yield NO_TIMEOUT.finding(workflow.job_place(name), message, hint)
        if _is_aggregate(job):
            for problem, hint in _aggregate_problems(workflow, name, job):
                message = f"the job '{name}' stands for others, and {problem}"
                yield HOLLOW_AGGREGATE.finding(workflow.job_place(name), message, hint)


def _path_filters(workflow: Workflow) -> Iterator[Finding]:
    triggers = mappings(workflow.document.get("on"))
    for event in _FILTERED:
        given = mappings(triggers.get(event))
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


def _unknown_jobs(workflow: Workflow, name: str, job: dict[str, Any]) -> Iterator[Finding]:
    known = mappings(workflow.document.get("jobs"))
    for one in items(job.get("needs")):
        if one not in known:
            message = f"the job '{name}' needs '{one}', and the workflow has no such job"
            place = Location(workflow.path, line_of(job, "needs"))
            yield UNKNOWN_JOB.finding(place, message, f"it has: {', '.join(map(str, known))}")


_ANY_RESULT = re.compile(r"needs\.[\w*-]+\.result|toJSON\(needs\)")
_ALL_RESULTS = re.compile(r"needs\.\*\.result|toJSON\(needs\)")


def _is_aggregate(job: dict[str, Any]) -> bool:
    """Whether a job stands for others: it asks for all results, or needs several and does no more.

    One that needs several and asks for the result of any stands for them, too.
    """
    steps = items(job.get("steps"))
    plain = not any("uses" in mappings(step) for step in steps)
    if len(items(job.get("needs"))) > 1:
        return plain or _asks(job, _ANY_RESULT)
    return plain and _asks(job, _ALL_RESULTS)


def _asks(job: dict[str, Any], results: re.Pattern[str]) -> bool:
    below = [
        text for key, value in job.items() if key not in ("needs", "if") for text in texts(value)
    ]
    return any(results.search(text) for text in below)


def _aggregate_problems(
    workflow: Workflow, name: str, job: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    if "always()" not in str(job.get("if", "")):
        yield "it is skipped, which counts as success, when one of them fails", "add: if: always()"
    said = "\n".join(texts(job))
    if not _asks(job, _ANY_RESULT):
        yield "it never asks for their results", "compare each of needs.*.result with success"
    elif "success" not in said and "toJSON(needs)" not in said:
        missing = [word for word in ("failure", "cancelled", "skipped") if f"{word}" not in said]
        if missing:
            problem = f"it passes where one of them is {' or '.join(missing)}"
            yield problem, "compare each of needs.*.result with success"
    forgotten = _not_needed(workflow, name)
    if forgotten:
        problem = f"does not need {', '.join(forgotten)}"
        yield problem, "add them to needs"


def _not_needed(workflow: Workflow, name: str) -> list[str]:
    """Return the jobs that always run and that the aggregate does not wait for."""
    jobs = workflow.jobs
    before = _reached(name, {one: items(job.get("needs")) for one, job in jobs.items()})
    after = {
        one
        for one in jobs
        if name in _reached(one, {two: items(job.get("needs")) for two, job in jobs.items()})
    }
    return [one for one in jobs if one not in {name, *before, *after} and "if" not in jobs[one]]


def _reached(name: str, needs: dict[str, list[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = list(needs.get(name, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += needs.get(one, ())
    return found
