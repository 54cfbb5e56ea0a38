"""The templates of CI and hooks, adapted to a project; links to those in `ci-templates/`."""

import re
import sys
from collections.abc import Collection
from importlib.resources import files

from quality_harness.gate import CouldNotRun

GITHUB = ".github/workflows/quality-gates.yml"
GITLAB = "quality-gates.yml"
GITLAB_ROOT = ".gitlab-ci.yml"
LEFTHOOK = "lefthook.yml"
INCLUDE = "include:\n  - local: quality-gates.yml\n"
# What the templates install with where nobody says otherwise.
_INSTALL = "pip install --require-hashes -r requirements.txt"
_VARIABLES = ("POSTGRES_HOST_AUTH_METHOD", "DATABASE_URL", "REDIS_URL")


def github(install: str, *, services: bool) -> str:
    """Return the GitHub workflow.

    Args:
        install: the command that installs what the gates need.
        services: whether tests run, so that PostgreSQL and Valkey are wanted.
    """
    text = _replaced(_read("github.yml"), _INSTALL, install)
    for quote in ('"', "'"):
        text = _replaced(text, f"{quote}3.11{quote}", f"{quote}{_python()}{quote}")
    return text if services else _without_services(text)


def gitlab(install: str, *, services: bool) -> str:
    """Return the GitLab pipeline; see `github`."""
    text = _replaced(_read("gitlab.yml"), _INSTALL, install)
    if _python() != "3.11":
        image = re.compile(r"python:3\.11(-[\w-]+)@sha256:[0-9a-f]+")
        text = image.sub(rf"python:{_python()}\1", text)
    return text if services else _without_services(text)


def lefthook(gates: Collection[str], accepted: Collection[str]) -> str:
    """Return the git hooks.

    Args:
        gates: the gates that are on; jobs of the others are left out.
        accepted: gates whose findings the baseline accepts: a tool that is asked alone would
            refuse each file with an old one.
    """
    text = _read("lefthook.yml")
    jobs = re.compile(r"    - name: ([\w-]+)\n(?:      .*\n)+")
    kept = {"gates", *gates}
    text = jobs.sub(lambda job: job[0] if job[1] in kept else "", text)
    for gate, command in _ALONE.items():
        if gate in accepted:
            text = text.replace(command, f"quality-harness gate {gate}")
    return re.sub(r"pre-commit:\n  parallel: true\n  jobs:\n\n", "", text)


# What the hooks call in place of a gate.
_ALONE = {"format": "black --check {staged_files}", "lint": "flake8 {staged_files}"}


def _read(name: str) -> str:
    return files("quality_harness.init").joinpath("templates", name).read_text(encoding="utf-8")


def _python() -> str:
    """Return the version on which the gates have run here, so that CI says the same."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _replaced(text: str, old: str, new: str) -> str:
    if old not in text:
        raise CouldNotRun(f"A template of this installation has no '{old}'. Install it again.")
    return text.replace(old, new)


def _without_services(text: str) -> str:
    """Return a pipeline without the servers of the tests: static gates ask none of them."""
    lines: list[str] = []
    depth: int | None = None
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if depth is not None and indent > depth:
            continue
        depth = indent if line.strip() == "services:" else None
        if depth is None and not line.strip().startswith(_VARIABLES):
            lines.append(line)
    return "".join(lines)
