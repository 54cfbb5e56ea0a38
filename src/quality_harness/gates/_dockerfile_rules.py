"""What the gate `containers` looks for in Dockerfiles, beside what hadolint finds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quality_harness.finding import Finding, Location, Rule

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

_FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_USER = re.compile(r"\s*USER\s+(\S+)", re.IGNORECASE)
_HEALTH_CHECK = re.compile(r"\s*HEALTHCHECK\s", re.IGNORECASE)


@dataclass(frozen=True)
class Stage:
    """What is known of a stage.

    Attributes:
        line: where it begins.
        user: who runs it; empty where no line of the file says so.
        user_line: the line that says so, else the one on which it begins.
        checked: whether there is a HEALTHCHECK.
    """

    line: int = 0
    user: str = ""
    user_line: int = 0
    checked: bool = False


def judge(path: str, text: str) -> Iterator[Finding]:
    """Yield what this module's rules find in a Dockerfile."""
    last = _last_stage(text)
    if last.user.split(":")[0] in ("", "root", "0"):
        message = f"the last stage of {path} runs as root"
        hint = "switch to another one in that stage: USER 10001"
        yield ROOT.finding(Location(path, last.user_line), message, hint)
    if not last.checked:
        message = f"the last stage of {path} has no HEALTHCHECK"
        hint = "ask the app's health page, or say that there is none: HEALTHCHECK NONE"
        yield NO_HEALTH_CHECK.finding(Location(path, last.line), message, hint)


def _last_stage(text: str) -> Stage:
    """Return the last stage: each begins with what the stage that it is made from has."""
    stages: dict[str, Stage] = {}
    name, stage = "", Stage()
    for number, content in enumerate(text.split("\n"), start=1):
        if match := _FROM.match(content):
            name = (match[2] or "").lower()
            stage = replace(stages.get(match[1].lower(), Stage()), line=number, user_line=number)
        elif match := _USER.match(content):
            stage = replace(stage, user=match[1].strip("\"'"), user_line=number)
        elif _HEALTH_CHECK.match(content):
            stage = replace(stage, checked=True)
        stages[name] = stage
    return stage
