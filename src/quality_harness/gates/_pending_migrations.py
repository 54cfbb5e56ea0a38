"""Runs inside the project: writes what `makemigrations` would write, as JSON.

    python -m quality_harness.gates._pending_migrations FILE

Unlike `makemigrations --check` it needs no database, and it says where the models stand. The
project's root is the working folder.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MIGRATIONS_MODULE_NAME, MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

from quality_harness.gates._in_project import is_own, write_answer


def pending() -> dict[str, Any]:
    """Return the operations that no migration holds, and what was looked at.

    Returns:
        models: how many were compared; conflicts: apps with several leaf migrations;
        operations: each with app, model, description, and the file and line of the model;
        unmigrated: the project's own apps with models and no migrations package, each with app,
        model, file and line of its first model, and a folder where migrations stand unread;
        switched_off: those whose migrations MIGRATION_MODULES has nobody read, in the same way.
    """
    loader = MigrationLoader(None, ignore_no_migrations=True)
    conflicts = {app: sorted(names) for app, names in loader.detect_conflicts().items()}
    found: list[dict[str, Any]] = []
    if not conflicts:
        # This questioner neither asks nor exits: each operation is found, with a default of None.
        detector = MigrationAutodetector(
            loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner(dry_run=True)
        )
        for app, migrations in detector.changes(graph=loader.graph).items():
            found += [_described(app, one) for entry in migrations for one in entry.operations]
    return {
        "models": len(apps.get_models()),
        "conflicts": conflicts,
        "operations": found,
        "unmigrated": list(_unmigrated(loader, Path.cwd())),
        "switched_off": list(_switched_off(loader, Path.cwd())),
    }


def _described(app: str, operation: Any) -> dict[str, Any]:
    name: str = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    return _placed(app, name) | {"description": operation.describe()}


def _unmigrated(loader: Any, root: Path) -> Iterator[dict[str, Any]]:
    for app in sorted(loader.unmigrated_apps):
        config = apps.get_app_config(app)
        models = [one for one in config.get_models() if one._meta.managed and not one._meta.proxy]
        # The module is None where MIGRATION_MODULES says that the app is to have no migrations.
        module, explicit = loader.migrations_module(app)
        if models and module and is_own(root, Path(config.path)):
            folder = Path(config.path, MIGRATIONS_MODULE_NAME)
            unread = str(folder) if not explicit and any(folder.glob("*.py")) else ""
            yield _placed(app, models[0].__name__) | {"unread": unread}


def _switched_off(loader: Any, root: Path) -> Iterator[dict[str, Any]]:
    for app in sorted(loader.unmigrated_apps):
        config = apps.get_app_config(app)
        models = list(config.get_models())
        folder = Path(config.path, MIGRATIONS_MODULE_NAME)
        # An app without migrations that says so is one that means it.
        is_there = any(one.stem != "__init__" for one in folder.glob("*.py"))
        if models and is_there and not loader.migrations_module(app)[0] and is_own(root, folder):
            yield _placed(app, models[0].__name__) | {"unread": str(folder)}


def _placed(app: str, model_name: str) -> dict[str, Any]:
    """Return where the model stands; its app's models.py where the source has no such class."""
    try:
        model = apps.get_model(app, model_name)
        file, line = inspect.getsourcefile(model), inspect.getsourcelines(model)[1]
    except (LookupError, OSError, TypeError):
        config = apps.get_app_config(app)
        default = str(Path(config.path, "models.py"))
        file, line = getattr(config.models_module, "__file__", default), 0
    return {"app": app, "model": model_name, "file": str(file), "line": line}


def main(target: str) -> None:
    """Write what is pending to the file `target`."""
    write_answer(pending, target)


if __name__ == "__main__":
    main(sys.argv[1])
