"""Gate `endpoints`: every route refuses everybody who may not."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.testing.endpoints.rules import RULES
from quality_harness.tool import alone, last_line, run_module

NAME = "endpoints"
TABLE = f"[tool.quality_harness.{NAME}]"


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.endpoints]`.

    Attributes:
        declarations: the module whose `ENDPOINTS` says who may send what to which route, such as
            "tests.endpoints".
        max_page_size: how many rows a page of a list may have.
    """

    declarations: str = ""
    max_page_size: int = 100


def check(project: Project) -> Checked:
    """Send every method of every route as every role, in a process that loads the project."""
    answer = _sent(project)
    findings = tuple(_finding(project, each) for each in answer["findings"])
    note = (
        f"{answer['routes']} routes, {answer['methods']} methods, {answer['roles']} roles, "
        f"{answer['seconds']:.1f} s"
    )
    return Checked(findings, answer["requests"], "requests", note)


def _sent(project: Project) -> Any:
    options: Options = project.options
    environment = project.environment()
    if "DJANGO_SETTINGS_MODULE" not in {**os.environ, **environment}:
        raise CouldNotRun(
            "No Django settings are named. "
            'Name the project\'s module: set settings = "..." under [tool.quality_harness]'
        )
    if not options.declarations:
        raise CouldNotRun(
            "Nothing says who may send what to which route. Write a module with ENDPOINTS "
            f'(docs/endpoints.md shows how) and name it: {TABLE} declarations = "..."'
        )
    with tempfile.TemporaryDirectory() as folder, alone(project.root, NAME):
        target = Path(folder, "matrix.json")
        done = run_module(
            "quality_harness.gates._endpoint_matrix",
            [str(target), options.declarations, str(options.max_page_size)],
            cwd=project.root,
            extra="test",
            environment=environment,
        )
        if not target.exists():
            raise CouldNotRun(
                f"The matrix broke off with exit code {done.returncode}: "
                f"{last_line(done.stderr) or 'no reason given'}. Try it: python manage.py check"
            )
        answer = json.loads(target.read_text(encoding="utf-8"))
    if "problem" in answer:
        raise CouldNotRun(answer["problem"])
    return answer


def _finding(project: Project, found: dict[str, Any]) -> Finding:
    rule = next(rule for rule in RULES if rule.code == found["code"])
    location = _location(project, found)
    return rule.finding(location, found["message"], found["hint"])


def _location(project: Project, found: dict[str, Any]) -> Location:
    """Return where the view stands; the declarations, where it is no view of the project's."""
    root = project.root.resolve()
    path = Path(found["file"]).resolve()
    if found["file"] and path.is_relative_to(root):
        name = path.relative_to(root).as_posix()
        if name in project.files:
            return Location(name, found["line"])
    ending = project.options.declarations.replace(".", "/")
    for name in project.files:
        if name.removesuffix(".py").removesuffix("/__init__").endswith(ending):
            return Location(name)
    return Location("pyproject.toml")


GATE = Gate(
    name=NAME,
    summary="Every route refuses everybody who may not, and no body is answered with an error.",
    reason=(
        "A view without its permission class looks like any other, and its own tests ask it as "
        "those who may. So every method of every route is really sent, as every role, and what is "
        "open is what somebody has declared to be. Garbage is sent as well, and lists are asked "
        "with few rows and with more. All of it happens in transactions of test databases that are "
        "rolled back."
    ),
    check=check,
    rules=RULES,
    options=Options,
    remembered=True,
)
