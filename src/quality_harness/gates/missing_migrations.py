"""Gate `missing-migrations`: every change of a model has its migration."""

import json
import os
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
SWITCHED_OFF = Rule(
    code="MMG003",
    name="migrations-switched-off",
    summary="MIGRATION_MODULES has nobody read the migrations of an app of the project.",
    reason="Under such settings no change of the app's models misses its migration, whatever the "
    "migrations say; tests under them run on tables that no migration has made.",
    instead="Take the app out of MIGRATION_MODULES, or have the gates use settings that read it. "
    "An app that has no migrations at all may stand there.",
    bad='MIGRATION_MODULES = {"blog": None}  # and blog/migrations/0001_initial.py is there',
    good='MIGRATION_MODULES = {"knox": None}  # an app of somebody else',
)


def check(project: Project) -> Checked:
    """Compare the models with the state that the migrations build, without a database."""
    answer = _pending(project)
    findings = [_missing(project, operation) for operation in answer["operations"]]
    findings += [_unmigrated(project, app) for app in answer["unmigrated"]]
    findings += [_switched_off(project, app) for app in answer["switched_off"]]
    for app, names in answer["conflicts"].items():
        message = f"{app} has several last migrations: {', '.join(names)}"
        hint = f"python manage.py makemigrations --merge {app}"
        findings.append(CONFLICT.finding(Location(f"{app}/migrations"), message, hint))
    return Checked(tuple(findings), answer["models"], "models")


def _pending(project: Project) -> Any:
    environment = project.environment()
    settings = environment.get("DJANGO_SETTINGS_MODULE") or os.environ.get("DJANGO_SETTINGS_MODULE")
    if not settings:
        raise CouldNotRun(
            "No Django settings are named. "
            'Name the project\'s module: set settings = "..." under [tool.quality_harness]'
        )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "pending.json")
        done = run_module(
            "quality_harness.gates._pending_migrations",
            [str(target)],
            cwd=project.root,
            extra="test",
            environment=environment,
        )
        if not target.exists():
            raise CouldNotRun(
                f"The comparison of the models broke off with exit code {done.returncode}: "
                f"{last_line(done.stderr) or 'no reason given'}. Try it: python manage.py check"
            )
        answer = json.loads(target.read_text(encoding="utf-8"))
    if "problem" in answer:
        raise CouldNotRun(_problem(settings, answer))
    return answer


def _problem(settings: str, answer: dict[str, Any]) -> str:
    if answer["is_set_up"]:
        return (
            f"The models cannot be compared with the migrations: {answer['problem']}. "
            "Try it: python manage.py makemigrations --dry-run"
        )
    return (
        f"The project's settings '{settings}' cannot be loaded: {answer['problem']}. "
        "Try it: python manage.py check"
    )


def _missing(project: Project, operation: dict[str, Any]) -> Finding:
    location = Location(_relative(project, operation["file"]), operation["line"])
    message = f"{operation['app']}: no migration does this yet: {operation['description']}"
    return MISSING.finding(location, message, f"python manage.py makemigrations {operation['app']}")


def _unmigrated(project: Project, place: dict[str, Any]) -> Finding:
    app, model = place["app"], place["model"]
    location = Location(_relative(project, place["file"]), place["line"])
    if place["unread"]:
        folder = _relative(project, place["unread"])
        # makemigrations would write over the files that stand there.
        message = f"{app}: Django reads no migration of {model}: {folder} has no __init__.py"
        return MISSING.finding(location, message, f"add an empty {folder}/__init__.py")
    message = (
        f"{app} has models, such as {model}, and no migrations package; "
        f"if that is meant: MIGRATION_MODULES = {{'{app}': None}}"
    )
    return MISSING.finding(location, message, f"python manage.py makemigrations {app}")


def _switched_off(project: Project, place: dict[str, Any]) -> Finding:
    app, folder = place["app"], _relative(project, place["unread"])
    message = f"{app}: MIGRATION_MODULES has nobody read {folder}, so nothing of it is compared"
    hint = f"take '{app}' out of MIGRATION_MODULES in the settings that the gates use"
    location = Location(_relative(project, place["file"]), place["line"])
    return SWITCHED_OFF.finding(location, message, hint)


def _relative(project: Project, file: str) -> str:
    path, root = Path(file).resolve(), project.root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


GATE = Gate(
    name="missing-migrations",
    summary="Every change of a model has its migration.",
    reason="A model without its migration works on the machine where it was written, and nowhere "
    "else. The comparison needs no database.",
    check=check,
    rules=(MISSING, CONFLICT, SWITCHED_OFF),
    remembered=True,
)
