"""What the gate `containers` looks for in Dockerfiles, beside what hadolint finds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._dockerfile import Instruction, instructions
from quality_harness.gates._images import UNPINNED, filled, is_unpinned

ROOT = Rule(
    code="CNT001",
    name="root-user",
    summary="A Dockerfile's last stage runs as root.",
    reason="Who breaks into the process owns the container, and with a mistake more the host.",
    instead="Switch to another user in the last stage, by a number that the host can tell.",
    bad='FROM python:3.13-slim\nCMD ["gunicorn"]',
    good='FROM python:3.13-slim\nUSER 10001\nCMD ["gunicorn"]',
)
NO_HEALTH_CHECK = Rule(
    code="CNT004",
    name="missing-health-check",
    summary="A Dockerfile's last stage says nothing of its health.",
    reason="A process that hangs still runs: nothing restarts it, and what waits for it waits.",
    instead="Ask the app's health page in a HEALTHCHECK; where there is none, HEALTHCHECK NONE.",
    bad='FROM python:3.13-slim\nUSER 10001\nCMD ["gunicorn"]',
    good="FROM python:3.13-slim\nUSER 10001\n"
    'HEALTHCHECK CMD ["python", "health_check.py"]\nCMD ["gunicorn"]',
)
RULES = (ROOT, NO_HEALTH_CHECK)

_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S*)")
_OTHER_IMAGE = re.compile(r"--(?:from=|mount=(?:.*,)?from=)([^,]+)")
# gcr.io/distroless/python3-debian12:nonroot: such images bring a user of their own.
_BRINGS_USER = re.compile(r":[\w.-]*nonroot\b")


@dataclass(frozen=True)
class Stage:
    """What is known of a stage, or of what precedes the first one.

    Attributes:
        line: where it begins.
        user: who runs it; empty where no line of the file says so.
        user_line: the line that says so, else the one on which it begins.
        checked: whether there is a HEALTHCHECK.
        values: the variables that have a value.
    """

    line: int = 0
    user: str = ""
    user_line: int = 0
    checked: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


def judge(path: str, text: str) -> Iterator[Finding]:
    """Yield what this module's rules find in a Dockerfile."""
    before = last = Stage()
    stages: dict[str, Stage] = {}
    for one in instructions(text):
        if one.keyword == "FROM":
            name, image, last = _begun(one, before, stages)
            # What is named without a variable is hadolint's.
            if "$" in one.text and _is_elsewhere(image):
                yield from _unpinned(path, one.line, image, stages)
            stages[name] = last
        elif not stages:
            before = _continued(before, one, before)
        else:
            for image in _copied_from(one):
                yield from _unpinned(path, one.line, image, stages)
            last = _continued(last, one, before)
            stages[name] = last
    yield from _judge_last(path, last)


def _judge_last(path: str, last: Stage) -> Iterator[Finding]:
    user = last.user.split(":")[0]
    if user in ("", "root") or not user.strip("0"):
        message = f"the last stage of {path} runs as root"
        hint = "switch to another one in that stage: USER 10001"
        yield ROOT.finding(Location(path, last.user_line), message, hint)
    if not last.checked:
        message = f"the last stage of {path} has no HEALTHCHECK"
        hint = "ask the app's health page, or say that there is none: HEALTHCHECK NONE"
        yield NO_HEALTH_CHECK.finding(Location(path, last.line), message, hint)


def _begun(one: Instruction, before: Stage, stages: Mapping[str, Stage]) -> tuple[str, str, Stage]:
    """Return a stage's name, its image and itself: it has what the one below it has."""
    match = _FROM.match(one.text)
    image, name = (match[1], match[2] or "") if match else ("", "")
    image = filled(image, before.values)
    user = "nonroot" if _BRINGS_USER.search(image) else ""
    below = stages.get(image.lower(), Stage(user=user))
    return name.lower(), image, replace(below, line=one.line, user_line=one.line)


def _copied_from(one: Instruction) -> Iterator[str]:
    """Yield the images that an instruction takes files from."""
    for flag in takewhile(lambda word: word.startswith("--"), one.text.split()):
        match = _OTHER_IMAGE.match(flag)
        if match and _is_elsewhere(match[1]):
            yield match[1]


def _is_elsewhere(image: str) -> bool:
    """Whether an image comes from a registry: a name alone may be built here, or be a context."""
    return ":" in image or "/" in image


def _continued(stage: Stage, one: Instruction, before: Stage) -> Stage:
    """Return a stage with what an instruction makes of it."""
    match one.keyword:
        case "USER":
            user = filled(one.text.partition(" ")[0].strip("\"'"), stage.values)
            return replace(stage, user=user, user_line=one.line)
        case "HEALTHCHECK":
            return replace(stage, checked=True)
        case "ARG" | "ENV":
            return replace(stage, values={**stage.values, **_assigned(one, stage, before)})
    return stage


def _assigned(one: Instruction, stage: Stage, before: Stage) -> dict[str, str]:
    given = {
        name: filled(value.strip("\"'"), stage.values)
        for name, value in _ASSIGNMENT.findall(one.text)
    }
    if given or one.keyword == "ENV":
        return given
    # `ARG NAME` in a stage takes the value that stands before the first one.
    return {name: before.values[name] for name in one.text.split() if name in before.values}


def _unpinned(path: str, line: int, image: str, stages: Mapping[str, Stage]) -> Iterator[Finding]:
    if image.lower() not in stages and image != "scratch" and is_unpinned(image):
        message = f"{path} uses {image}, which has no fixed version"
        yield UNPINNED.finding(Location(path, line), message, "name a version, or a digest")
