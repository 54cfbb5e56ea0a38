"""Gate `missing-migrations`: every change of a model has its migration."""

import json
import tempfile
from pathlib import Path
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, run_module

MISSING = Rule(
    code="MMG001",
    name="missing-migration",
    summary="A model differs from what its app's migrations build.",
    reason="The code that is deployed would use a table or column that no database has.",
    instead="Write the migration with `manage.py makemigrations` and commit it.",
    bad="class Blog(models.Model):\n    subtitle = models.TextField()  # in no migration",
    good="class Blog(models.Model):\n    subtitle = models.TextField()  # in 0002_blog_subtitle.py",
)
CONFLICT = Rule(
    code="MMG002",
    name="conflicting-migrations",
    summary="An app has more than one last migration.",
    reason="`migrate` refuses to run until one of them follows the other.",
    instead="Merge them with `manage.py makemigrations --merge`, or renumber the newer one.",
    bad="0002_blog_subtitle and 0002_blog_summary, both after 0001_initial",
    good="0002_blog_subtitle after 0001_initial, 0003_blog_summary after 0002_blog_subtitle",
)


def check(project: Project) -> Checked:
    """Compare the models with the state that the migrations build, without a database."""
    answer = _pending(project)
    findings = [_missing(project, operation) for operation in answer["operations"]]
    for app, names in answer["conflicts"].items():
        message = f"{app} has several last migrations: {', '.join(names)}"
        hint = f"python manage.py makemigrations --merge {app}"
        findings.append(CONFLICT.finding(Location(f"{app}/migrations"), message, hint))
    return Checked(tuple(findings), answer["models"], "models")


def _pending(project: Project) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "pending.json")
        done = run_module(
            "quality_harness.gates._pending_migrations",
            [str(target)],
            cwd=project.root,
            extra="test",
            environment=project.environment(),
        )
        if done.returncode or not target.exists():
            raise CouldNotRun(
                f"the project's settings '{project.settings}' cannot be loaded: "
                f"{last_line(done.stderr)}. Try it: python manage.py check"
            )
        return json.loads(target.read_text(encoding="utf-8"))


def _missing(project: Project, operation: dict[str, Any]) -> Finding:
    path = Path(operation["file"])
    root = project.root.resolve()
    inside = path.resolve().is_relative_to(root)
    location = Location(
        path.resolve().relative_to(root).as_posix() if inside else str(path), operation["line"]
    )
    message = f"{operation['app']}: no migration does this yet: {operation['description']}"
    return MISSING.finding(location, message, f"python manage.py makemigrations {operation['app']}")


GATE = Gate(
    name="missing-migrations",
    summary="Every change of a model has its migration.",
    reason="A model without its migration works on the machine where it was written, and nowhere "
    "else. The comparison needs no database.",
    check=check,
    rules=(MISSING, CONFLICT),
)
