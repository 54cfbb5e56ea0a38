"""Gate `deploy-settings`: Django's deployment checks find nothing in the production settings."""

import json
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._setting_lines import places
from quality_harness.tool import last_line, run_module

UNSAFE = Rule(
    code="DPL001",
    name="unsafe-deploy-setting",
    summary="`manage.py check --deploy` warns of the production settings.",
    reason="Cookies over plain HTTP, a weak key or DEBUG are seen by nobody until they are used.",
    instead="Set what the hint names in the production settings. What is meant as it is belongs "
    "into SILENCED_SYSTEM_CHECKS, with a comment that says why.",
    bad="# config/settings/production.py\nSESSION_COOKIE_SECURE = False",
    good="# config/settings/production.py\nSESSION_COOKIE_SECURE = True",
)
SILENCED = Rule(
    code="DPL002",
    name="silenced-without-reason",
    summary="A check of deployment is silenced, and no comment says why.",
    reason="It finds something and is not heard. Whoever reads the line next year must know why.",
    instead="Write the reason beside the entry or above it, or mend what the check says.",
    bad='SILENCED_SYSTEM_CHECKS = ["security.W004"]',
    good='SILENCED_SYSTEM_CHECKS = ["security.W004"]  # the load balancer sends the header',
)
ANY_HOST = Rule(
    code="DPL003",
    name="any-host",
    summary="The production settings let every host in.",
    reason="A request may then name any host, and links in mails and cached pages lead there.",
    instead="Name the hosts. Where something else checks them, say so: "
    "`# quality-harness: ignore[DPL003]: the load balancer does`.",
    bad='ALLOWED_HOSTS = ["*"]',
    good='ALLOWED_HOSTS = ["blog.example.com"]',
)
# Django's own number of a warning; below it are notes.
_WARNING = 30


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.deploy_settings]`.

    Attributes:
        settings: the production settings module.
        variables: what it reads from the environment, each "NAME=value".
        generated: names of variables that get a random text: keys that no file should hold.
    """

    settings: str = ""
    variables: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()


def check(project: Project) -> Checked:
    """Run the checks in a process of their own, under the production settings."""
    answer = _answer(project)
    path, own = _relative(project, answer["file"]), set(project.files)
    findings = [
        _finding(Location(path), message)
        for message in answer["messages"]
        if message["level"] >= _WARNING
    ]
    silenced = {one["id"]: one["text"] for one in answer["silenced"] if one["level"] >= _WARNING}
    files = [name for file in answer["files"] if (name := _relative(project, file)) in own]
    findings += _unexplained(project, path, files, silenced)
    if answer["any_host"]:
        findings += _any_host(project, files)
    note = f"{project.options.settings}{', silenced: ' if silenced else ''}{', '.join(silenced)}"
    return Checked(tuple(findings), answer["checks"], "checks", note)


def _unexplained(
    project: Project, path: str, files: Sequence[str], silenced: Mapping[str, str]
) -> Iterator[Finding]:
    """Find the checks of deployment that find something and are silenced without a reason."""
    for code, text in silenced.items():
        found = list(places(project.root, files, "SILENCED_SYSTEM_CHECKS", code))
        if code.startswith("security.") and not any(explained for _, explained in found):
            place = found[0][0] if found else Location(path)
            message = f"{code} is silenced, and no comment says why: {text}"
            hint = "write the reason beside the entry in SILENCED_SYSTEM_CHECKS, or mend it"
            yield SILENCED.finding(place, message, hint)


def _any_host(project: Project, files: Sequence[str]) -> Iterator[Finding]:
    """Find where "*" stands in the source; one that a variable brings is the gate's own."""
    for place, _ in islice(places(project.root, files, "ALLOWED_HOSTS", "*"), 1):
        message = 'ALLOWED_HOSTS has "*": a request may name any host'
        yield ANY_HOST.finding(place, message, "name the hosts, or say what else checks them")


def _answer(project: Project) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "checks.json")
        done = run_module(
            "quality_harness.gates._deploy_checks",
            [str(target)],
            cwd=project.root,
            extra="test",
            environment=_environment(project),
        )
        if not target.exists():
            raise CouldNotRun(
                f"The checks broke off with exit code {done.returncode}: "
                f"{last_line(done.stderr) or 'no reason given'}. Try it: manage.py check --deploy"
            )
        answer = json.loads(target.read_text(encoding="utf-8"))
    if "problem" in answer:
        raise CouldNotRun(
            f"The settings '{project.options.settings}' cannot be loaded: {answer['problem']}. "
            "Give what they read: [tool.quality_harness.deploy_settings] variables = [...]"
        )
    return answer


def _environment(project: Project) -> dict[str, str]:
    options: Options = project.options
    if not options.settings:
        raise CouldNotRun(
            "No production settings are named. "
            'Name them: [tool.quality_harness.deploy_settings] settings = "..."'
        )
    for entry in options.variables:
        if "=" not in entry.lstrip("="):
            raise CouldNotRun(f"variables has '{entry}'. Write it as NAME=value.")
    given = dict(entry.split("=", 1) for entry in options.variables)
    made = {name: secrets.token_urlsafe(64) for name in options.generated}
    return project.environment() | given | made | {"DJANGO_SETTINGS_MODULE": options.settings}


def _relative(project: Project, file: str | None) -> str:
    path = Path(file or "").resolve()
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else ""


def _finding(place: Location, message: dict[str, Any]) -> Finding:
    about = f"{message['about']}: " if message["about"] else ""
    text = f"{message['id']} {about}{message['text']}".strip()
    hint = message["hint"] or "mend it, or name it in SILENCED_SYSTEM_CHECKS with the reason"
    return UNSAFE.finding(place, text, hint)


GATE = Gate(
    name="deploy-settings",
    summary="Django's deployment checks find nothing in the production settings.",
    reason="The settings that matter most are those that no test runs with. Their module is loaded "
    "in a process of its own, with the variables that it needs, as `check --deploy --fail-level "
    "WARNING` does.",
    check=check,
    rules=(UNSAFE, SILENCED, ANY_HOST),
    options=Options,
)
