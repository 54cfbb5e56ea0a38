"""What GitHub refuses, or leaves empty, although the schema accepts it: names and schedules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._workflow_rules import Workflow, reached, triggers
from quality_harness.gates._yaml import items, line_of, mappings, names, texts

INVALID = Rule(
    code="WFL001",
    name="invalid-workflow",
    summary="A workflow, an action or a GitLab pipeline is not as its schema has it.",
    reason="The host refuses the file, and then nothing of it runs at all.",
    instead="Correct the key or value that the message names.",
    bad="steps:\n  - rn: make test",
    good="steps:\n  - run: make test",
)
UNKNOWN_JOB = Rule(
    code="WFL008",
    name="unknown-job",
    summary="A job needs one that the workflow does not have, or that waits for it.",
    reason="GitHub refuses the whole file, so none of its checks reports; the schema accepts any "
    "name.",
    instead="Correct the name, or take it out of `needs`.",
    bad="jobs:\n  tests: ...\n  all-green:\n    needs: [test]",
    good="jobs:\n  tests: ...\n  all-green:\n    needs: [tests]",
)
UNKNOWN_STEP = Rule(
    code="WFL010",
    name="unknown-step",
    summary="A job asks for what a step gave, and has no step of that id.",
    reason="It is empty: a condition is then never true, and a value is missing.",
    instead="Correct the id, or give it to the step.",
    bad="- id: versions\n  run: ...\n- run: make\n  if: steps.version.outputs.new == 'yes'",
    good="- id: versions\n  run: ...\n- run: make\n  if: steps.versions.outputs.new == 'yes'",
)
RULES = (INVALID, UNKNOWN_JOB, UNKNOWN_STEP)

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_STEP = re.compile(r"(?<![\w.-])steps\.([A-Za-z_][\w-]*)\.(?:outputs|outcome|conclusion)\b")
_LITERAL = re.compile(r"'[^']*'")
# What the numbers of a schedule's fields may be; names of months and days are none.
_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def judge(workflow: Workflow) -> Iterator[Finding]:
    """Yield the names and schedules of a workflow that mean nothing."""
    yield from _schedules(workflow)
    needs = {name: names(job.get("needs")) for name, job in workflow.jobs.items()}
    for name, job in workflow.jobs.items():
        yield from _unknown_jobs(workflow, name, job)
        if name in reached(name, needs):
            place = Location(workflow.path, line_of(job, "needs"))
            message = f"the job '{name}' waits for itself: what it needs needs it"
            yield UNKNOWN_JOB.finding(place, message, "take one of them out of needs")
        yield from _unknown_steps(workflow.job_place(name), f"the job '{name}'", job)


def judge_action(path: str, document: Any) -> Iterator[Finding]:
    """Yield the names in a composite action that mean nothing."""
    runs = mappings(document.get("runs"))
    if "steps" in runs:
        place = Location(path, line_of(document, "runs"))
        given = {"steps": runs["steps"], "outputs": document.get("outputs")}
        yield from _unknown_steps(place, "the action", given)


def _unknown_jobs(workflow: Workflow, name: str, job: Mapping[str, Any]) -> Iterator[Finding]:
    known = mappings(workflow.document.get("jobs"))
    for one in names(job.get("needs")):
        if one not in known:
            message = f"the job '{name}' needs '{one}', and the workflow has no such job"
            place = Location(workflow.path, line_of(job, "needs"))
            yield UNKNOWN_JOB.finding(place, message, f"it has: {', '.join(map(str, known))}")


def _unknown_steps(place: Location, who: str, job: Mapping[str, Any]) -> Iterator[Finding]:
    steps = [mappings(one) for one in items(job.get("steps"))]
    known = {str(step["id"]) for step in steps if "id" in step}
    conditions = [str(node.get("if", "")) for node in (job, *steps)]
    expressions = [found for text in texts(job) for found in _EXPRESSION.findall(text)]
    asked = {
        name
        for text in (*conditions, *expressions)
        for name in _STEP.findall(_LITERAL.sub("", text))
    }
    for name in sorted(asked - known):
        message = f"{who} asks for steps.{name}, and no step of it has that id"
        yield UNKNOWN_STEP.finding(place, message, f"it has: {', '.join(sorted(known)) or 'none'}")


def _schedules(workflow: Workflow) -> Iterator[Finding]:
    for one in items(triggers(workflow.document).get("schedule")):
        cron = mappings(one).get("cron")
        if isinstance(cron, str) and not _is_schedule(cron):
            place = Location(workflow.path, line_of(one, "cron"))
            message = f"the schedule '{cron}' never comes: a field is too large, or not there"
            hint = "minute, hour, day, month and day of the week, such as '30 4 * * 1'"
            yield INVALID.finding(place, message, hint)


def _is_schedule(cron: str) -> bool:
    fields = cron.split()
    return len(fields) == len(_FIELDS) and all(
        low <= int(number) <= high
        for field, (low, high) in zip(fields, _FIELDS, strict=True)
        for number in re.findall(r"(?<![/\w])\d+", field)
    )
