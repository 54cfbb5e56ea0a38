"""Runs inside the project: writes what `makemigrations` would write, as JSON.

    python -m quality_harness.gates._pending_migrations FILE

Unlike `makemigrations --check` it needs no database, and it says where the models stand.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState


def pending() -> dict[str, Any]:
    """Return the operations that no migration holds, and what was looked at.

    Returns:
        models: how many were compared; conflicts: apps with several leaf migrations;
        operations: each with app, model, description, and the file and line of the model.
    """
    loader = MigrationLoader(None, ignore_no_migrations=True)
    conflicts = {app: sorted(names) for app, names in loader.detect_conflicts().items()}
    found: list[dict[str, Any]] = []
    if not conflicts:
        questioner = NonInteractiveMigrationQuestioner(dry_run=True, verbosity=0)
        detector = MigrationAutodetector(
            loader.project_state(), ProjectState.from_apps(apps), questioner
        )
        for app, migrations in detector.changes(graph=loader.graph).items():
            found += [_described(app, one) for entry in migrations for one in entry.operations]
    return {"models": len(apps.get_models()), "conflicts": conflicts, "operations": found}


def _described(app: str, operation: Any) -> dict[str, Any]:
    name: str = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    file, line = _place(app, name)
    return {
        "app": app,
        "model": name,
        "description": operation.describe(),
        "file": file,
        "line": line,
    }


def _place(app: str, model_name: str) -> tuple[str, int]:
    """Return where the model stands; the app's package where the model is gone."""
    try:
        model = apps.get_model(app, model_name)
    except LookupError:
        return str(Path(apps.get_app_config(app).path, "models.py")), 0
    source = inspect.getsourcefile(model)
    return str(source), inspect.getsourcelines(model)[1]


def main(target: str) -> None:
    """Write the answer to the file `target`."""
    django.setup()
    Path(target).write_text(json.dumps(pending()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
