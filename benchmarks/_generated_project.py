"""Writes a Django project with a long history, always the same, to measure checkers on.

Its shape is that of NetBox 4.7-beta, counted in its migrations: 12 apps, 22 migrations each
(NetBox: 265 in all), 156 models created of which 144 are left, about 9 fields a new model,
foreign keys between apps, and about 1,900 operations, of each kind as many as there:

    AddField 683, AlterField 376, CreateModel 158, AddConstraint 136, RemoveField 105, AddIndex 99,
    AlterUniqueTogether 80, RunSQL 80, RunPython 59, AlterModelOptions 52, RenameField 34,
    RemoveConstraint 18, DeleteModel 12, RemoveIndex 10

The first migration of an app depends on those of the apps before it, later ones on their own
predecessor and on the first migration of any app that they point to. `models.py` are written
from the state that the migrations make, so that `makemigrations --check` finds nothing.
"""

import random
from collections.abc import Mapping
from pathlib import Path

from benchmarks._generated_app import APPS, App

SEED = 20
SETTINGS = """\
SECRET_KEY = "not needed"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    {apps},
]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""


def files() -> Mapping[str, str]:
    """Return the project's files by path; the same ones on every call."""
    dice = random.Random(SEED)
    listed = ",\n    ".join(f'"{app}"' for app in APPS)
    written = {"config/settings.py": SETTINGS.format(apps=listed)}
    for place, label in enumerate(APPS):
        written |= App(label, APPS[:place], dice).files()
    return written


def write_project(folder: Path) -> None:
    """Write the project below `folder`, each of its folders as a package."""
    for path, text in files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        for package in [folder / parent for parent in Path(path).parents[:-1]]:
            (package / "__init__.py").touch()
