"""Tells which files are migrations by their text alone: those beside the package that has them.

A folder of migrations may have any name (MIGRATION_MODULES). But where all files of one lead on
from what the folder "migrations" inside of it holds, Django loads that one and never these.
"""

from collections.abc import Mapping, Sequence

from quality_harness.migrations.operations import Migration

PACKAGE = "migrations"


def beside_package(
    migrations: Sequence[Migration], labels: Mapping[str, str]
) -> tuple[Migration, ...]:
    """Return the files that lie in an app's folder, beside its migrations.

    Args:
        migrations: every file of a tree that looks like one.
        labels: the label of each folder's app, where something but the folder's name tells it.
    """
    folders: dict[str, list[Migration]] = {}
    for each in migrations:
        folders.setdefault(each.folder, []).append(each)
    found: list[Migration] = []
    for folder, members in folders.items():
        package = f"{folder}/{PACKAGE}".lstrip("/")
        if package in folders:
            label = labels.get(package, folders[package][0].app)
            if all(_leads_on_from(label, each) for each in members):
                found += members
    return tuple(found)


def _leads_on_from(label: str, migration: Migration) -> bool:
    return any(app == label for app, _ in migration.dependencies)
