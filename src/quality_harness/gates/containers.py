"""Gate `containers`: Dockerfiles and compose files are valid, pinned and not run by root."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._binary import run_binary
from quality_harness.gates._schema import schema_errors
from quality_harness.gates._yaml import line_of, mappings, read_yaml
from quality_harness.tool import last_line

ROOT = Rule(
    code="CNT001",
    name="root-user",
    summary="A Dockerfile's last stage runs as root.",
    reason="Who breaks into the process owns the container, and with a mistake more the host.",
    instead="Switch to another user in the last stage, by a number that the host can tell.",
    bad='FROM python:3.13-slim\nCMD ["gunicorn"]',
    good='FROM python:3.13-slim\nUSER 10001\nCMD ["gunicorn"]',
)
UNPINNED = Rule(
    code="CNT002",
    name="unpinned-image",
    summary="An image has no tag, or the tag `latest`.",
    reason="The same file then builds and runs another program tomorrow.",
    instead="Name a version, or a digest.",
    bad="image: postgres",
    good="image: postgres:18",
)
INVALID = Rule(
    code="CNT003",
    name="invalid-compose-file",
    summary="A compose file is not as its schema has it.",
    reason="`docker compose` refuses it, or overlooks what is misspelled.",
    instead="Correct the key or value that the message names.",
    bad="services:\n  web:\n    imge: shop:1.4",
    good="services:\n  web:\n    image: shop:1.4",
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.containers]`.

    Attributes:
        dockerfiles: patterns of Dockerfiles.
        compose: patterns of compose files.
    """

    dockerfiles: tuple[str, ...] = ("Dockerfile", "*/Dockerfile", "Dockerfile.*", "*/Dockerfile.*")
    compose: tuple[str, ...] = (
        *("compose*.y*ml", "*/compose*.y*ml", "docker-compose*.y*ml", "*/docker-compose*.y*ml"),
    )


def check(project: Project) -> Checked:
    """Have hadolint read the Dockerfiles, the schema the compose files, and judge images, users."""
    options: Options = project.options
    dockerfiles = _matching(project, options.dockerfiles)
    compose = _matching(project, options.compose)
    names = [*dockerfiles, *compose]
    if not names:
        raise CouldNotRun(
            "There is no Dockerfile and no compose file. Name them in the options, or remove "
            '"containers" from gates in [tool.quality_harness]'
        )
    documents = {name: read_yaml(project.root, name, "containers") for name in compose}
    findings = [finding for name in dockerfiles for finding in _dockerfile(project, name)]
    findings += _linted(project, dockerfiles)
    for error in schema_errors(project, "compose-spec", compose, "containers"):
        place = Location(error.path, error.line_in(documents[error.path]))
        findings.append(INVALID.finding(place, error.message, "correct it: compose-spec.io"))
    for name, document in documents.items():
        findings += _images(name, document)
    return Checked(tuple(findings), len(names), "files", paths=frozenset(names))


def _matching(project: Project, patterns: Sequence[str]) -> list[str]:
    return [name for name in project.files if any(fnmatch(name, one) for one in patterns)]


def _linted(project: Project, names: Sequence[str]) -> Iterator[Finding]:
    if not names:
        return
    asked = ["--format=json", "--no-fail", "--", *names]
    done = run_binary("hadolint", asked, cwd=project.root, extra="containers")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        problem = last_line(done.stderr) or "it said nothing"
        raise CouldNotRun(f"hadolint failed: {problem}. Try it: hadolint --version") from None
    for one in found:
        code, place = one["code"], Location(one["file"], one["line"], one["column"])
        if code == "DL1000":
            raise CouldNotRun(
                f"hadolint cannot read {place.path}:{place.line}: {one['message']}. Mend it first."
            )
        hint = f"mend the line, or accept it there with a reason: # hadolint ignore={code}"
        severity = Severity.ERROR if one["level"] in ("error", "warning") else Severity.INFO
        yield Finding(code, "hadolint", one["message"].rstrip("."), hint, place, severity)


_FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_USER = re.compile(r"\s*USER\s+(\S+)", re.IGNORECASE)


def _dockerfile(project: Project, name: str) -> Iterator[Finding]:
    """Yield whether the last stage is root's: a stage begins with its base's user."""
    users: dict[str, str] = {}
    stage, user, line = "", "", 0
    text = (project.root / name).read_bytes().decode("utf-8", "replace")
    for number, content in enumerate(text.split("\n"), start=1):
        if match := _FROM.match(content):
            stage, line = (match[2] or "").lower(), number
            user = users.get(match[1].lower(), "")
        elif match := _USER.match(content):
            user, line = match[1].strip("\"'"), number
        users[stage] = user
    if user.split(":")[0] in ("", "root", "0"):
        message = f"the last stage of {name} runs as root"
        hint = "switch to another one in that stage: USER 10001"
        yield ROOT.finding(Location(name, line), message, hint)


def _images(path: str, document: Any) -> Iterator[Finding]:
    for name, service in mappings(document.get("services")).items():
        image = mappings(service).get("image")
        # What is built here has the project's own tag, and a variable's value is not known.
        if not isinstance(image, str) or "build" in service or "$" in image:
            continue
        tag = image.rpartition("/")[2].partition(":")[2]
        if "@" not in image and tag in ("", "latest"):
            message = f"the service '{name}' uses {image}, which has no fixed version"
            place = Location(path, line_of(service, "image"))
            yield UNPINNED.finding(place, message, "name a version, such as postgres:18")


GATE = Gate(
    name="containers",
    summary="Dockerfiles and compose files are valid, pinned and not run by root.",
    reason="What runs in production is the image. hadolint reads Dockerfiles and their scripts, "
    "the schema compose files; who runs the last stage is asked here, since hadolint does not ask.",
    check=check,
    rules=(ROOT, UNPINNED, INVALID),
    outside_codes=("DL", "SC"),
    options=Options,
)
