"""Gate `containers`: Dockerfiles and compose files are valid, pinned, watched and closed."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates import _compose_rules, _dockerfile_rules
from quality_harness.gates._binary import run_binary
from quality_harness.gates._patterns import matching
from quality_harness.gates._schema import schema_errors
from quality_harness.gates._tool_files import switched_off
from quality_harness.gates._yaml import read_yaml
from quality_harness.tool import last_line

INVALID = Rule(
    code="CNT003",
    name="invalid-compose-file",
    summary="A compose file is not as its schema has it.",
    reason="`docker compose` refuses it, or overlooks what is misspelled.",
    instead="Correct the key or value that the message names.",
    bad="services:\n  web:\n    imge: shop:1.4",
    good="services:\n  web:\n    image: shop:1.4",
)

SWITCHED_OFF = Rule(
    code="CNT008",
    name="hadolint-rule-switched-off",
    summary="The project's file of hadolint switches a rule off, and does not say why.",
    reason="Nobody who reads the report learns that the rule is not asked any more.",
    instead="Write the reason as a comment beside it, or accept the one place where it stands. "
    "What the base switches off already is only told.",
    bad="ignored: [DL3008]",
    good="ignored: [DL3008]  # Debian takes old versions away.",
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.containers]`.

    Attributes:
        dockerfiles: patterns of Dockerfiles; `**/` stands for any folders.
        compose: patterns of compose files.
    """

    dockerfiles: tuple[str, ...] = tuple(
        f"**/{name}{more}" for name in ("Dockerfile", "Containerfile") for more in ("", ".*", "-*")
    ) + ("**/*.Dockerfile", "**/*.Containerfile")
    compose: tuple[str, ...] = tuple(
        f"**/{name}{more}.y*ml" for name in ("compose", "docker-compose") for more in ("", "[._-]*")
    )


# What is called Dockerfile.md or Dockerfile.j2 tells of one, or is made into one.
_OTHER_FILES = (
    *(".dockerignore", ".md", ".rst", ".txt", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl"),
    *(".template", ".in", ".yml", ".yaml", ".json", ".toml", ".py", ".sh", ".js", ".ts"),
)


def dockerfiles_of(files: Iterable[str], options: Options) -> list[str]:
    """Return those files that are Dockerfiles."""
    found = matching(files, options.dockerfiles)
    return [name for name in found if not name.lower().endswith(_OTHER_FILES) and "{{" not in name]


def compose_files_of(files: Iterable[str], options: Options) -> list[str]:
    """Return those files that are compose files; in a folder such as `{{ name }}` is a template."""
    return [name for name in matching(files, options.compose) if "{{" not in name]


def check(project: Project) -> Checked:
    """Have hadolint read the Dockerfiles, the schema the compose files, and judge images, users."""
    options: Options = project.options
    dockerfiles = dockerfiles_of(project.files, options)
    compose = compose_files_of(project.files, options)
    names = [*dockerfiles, *compose]
    if not names:
        raise CouldNotRun(
            "There is no Dockerfile and no compose file. Name them in the options, or remove "
            '"containers" from gates in [tool.quality_harness]'
        )
    documents = {name: read_yaml(project.root, name, "containers") for name in compose}
    findings = [
        finding
        for name in dockerfiles
        for finding in _dockerfile_rules.judge(name, _text(project, name))
    ]
    findings += _linted(project, dockerfiles)
    for error in schema_errors(project, {"compose-spec": compose}, "containers"):
        place = Location(error.path, error.line_in(documents[error.path]))
        findings.append(INVALID.finding(place, error.message, "correct it: compose-spec.io"))
    findings += switched_off(project, SWITCHED_OFF, "containers")
    for name, document in documents.items():
        findings += _compose_rules.judge(name, document)
    return Checked(tuple(findings), len(names), "files", paths=frozenset(names))


def _text(project: Project, name: str) -> str:
    return (project.root / name).read_bytes().decode("utf-8", "replace")


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


GATE = Gate(
    name="containers",
    summary="Dockerfiles and compose files are valid, pinned, watched and closed.",
    reason="What runs in production is the image. hadolint reads Dockerfiles and their scripts, "
    "the schema compose files; rules of our own ask for what neither does: users, health, secrets, "
    "open ports.",
    check=check,
    rules=(INVALID, *_dockerfile_rules.RULES, *_compose_rules.RULES, SWITCHED_OFF),
    outside_codes=("DL", "SC"),
    options=Options,
)
