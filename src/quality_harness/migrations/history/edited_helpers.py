"""Finds merged migrations of which a helper was edited: a module beside them, in their folder."""

import re
from collections.abc import Mapping

from quality_harness.gate import ChangeKind
from quality_harness.migrations.history.content import content
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.operations import Migration


def edited_helpers(migrations: tuple[Migration, ...], base: Base | None) -> Mapping[str, str]:
    """Return the edited helper of each merged migration that uses one, by the migration's path.

    What is added to a helper says nothing of the migrations that are merged.

    Args:
        migrations: those of the tree.
        base: what stood on the base; without one nothing is merged.
    """
    if base is None:
        return {}
    folders = {each.folder for each in migrations}
    paths = {each.path for each in migrations}
    helpers = [
        path
        for path, kind in base.kinds.items()
        if kind is ChangeKind.MODIFIED
        and path.endswith(".py")
        and path not in paths
        and path.rpartition("/")[0] in folders
        and _says_otherwise(base, path)
    ]
    return {
        each.path: helper
        for helper in helpers
        for each in migrations
        if each.path not in base.kinds and _uses(each, helper, base)
    }


def _says_otherwise(base: Base, path: str) -> bool:
    """Whether something that a module said is not there any more."""
    was, is_now = content(base.read(path) or b""), content(base.now(path))
    if was is None or is_now is None:
        return False
    return not set(was.body.splitlines()) <= set(is_now.body.splitlines())


def _uses(migration: Migration, helper: str, base: Base) -> bool:
    folder, _, name = helper.rpartition("/")
    word = re.escape(name.removesuffix(".py").encode())
    is_beside = folder == migration.folder
    return is_beside and re.search(rb"\b" + word + rb"\b", base.now(migration.path)) is not None
