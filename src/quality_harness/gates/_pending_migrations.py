"""Runs inside the project: writes what `makemigrations` would write, as JSON.

    python -m quality_harness.gates._pending_migrations FILE

Unlike `makemigrations --check` it needs no database, and it says where the models stand. The
project's root is the working folder.
"""

import inspect
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MIGRATIONS_MODULE_NAME, MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

# Folders below the root with code that is not the project's.
INSTALLED = {".venv", "site-packages", "dist-packages"}


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
        if models and module and _is_own(root, Path(config.path)):
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
        if models and is_there and not loader.migrations_module(app)[0] and _is_own(root, folder):
            yield _placed(app, models[0].__name__) | {"unread": str(folder)}


def _is_own(root: Path, path: Path) -> bool:
    path = path.resolve()
    return path.is_relative_to(root) and not INSTALLED & set(path.relative_to(root).parts)


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


def described(error: BaseException, root: Path) -> str:
    """Return what an exception says, after the file and line of the project that raised it."""
    places = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        places, text = [*places, (error.filename, error.lineno)], error.msg
    text = " ".join(text.split()).rstrip(".")
    # A frame without a file has a name such as <frozen importlib._bootstrap>.
    files = [(Path(name), line) for name, line in places if Path(name).is_file()]
    own = [(file.resolve(), line) for file, line in files if _is_own(root, file)]
    if not own:
        return text
    file, line = own[-1]
    return f"{file.relative_to(root).as_posix()}:{line}: {text}"


def answer() -> dict[str, Any]:
    """Return what is pending; or a problem, and whether it arose in Django's set-up."""
    is_set_up = False
    try:
        django.setup()
        is_set_up = True
        return pending()
    except (Exception, SystemExit) as error:
        return {"problem": described(error, Path.cwd()), "is_set_up": is_set_up}


def main(target: str) -> None:
    """Write the answer to the file `target`."""
    Path(target).write_text(json.dumps(answer()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
