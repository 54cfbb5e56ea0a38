"""Checks the migrations of a tree, or those that a change brings, against every rule."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from quality_harness.changes import mentions
from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind, CouldNotRun
from quality_harness.migrations import graph
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader import Reading, no_garbage_collection
from quality_harness.migrations.rules import all_rules
from quality_harness.migrations.source import Unreadable

_MOST_NAMED = 5
_NUMBERED = re.compile(r"\d{4}_\w+\.py")


@dataclass(frozen=True)
class Judgement:
    """What the rules say.

    Attributes:
        judged: the migrations that were checked, deleted ones too.
        findings: in the order of their places.
    """

    judged: tuple[Migration, ...]
    findings: tuple[Finding, ...]


def check(
    reading: Reading,
    kinds: Mapping[str, ChangeKind] | None = None,
    used_on_base: graph.UsedOnBase | None = None,
) -> Judgement:
    """Check migrations against every rule.

    Args:
        reading: every migration of the tree.
        kinds: what happened to each changed path since the base; then only what is new,
            modified, renamed or deleted is checked. None without a base: everything is checked,
            each migration as a release of its own.
        used_on_base: tells whether code on the base, outside migrations, holds a word.

    Raises:
        CouldNotRun: a file that may hold a migration cannot be read.
    """
    if reading.unreadable:
        raise CouldNotRun(_refusal(reading.unreadable))
    if kinds is None:
        judged = reading.migrations
        context = graph.context(reading.migrations, known_labels=reading.labels)
    else:
        judged = tuple(each for each in reading.migrations if each.path in kinds)
        added = [each for each in judged if kinds[each.path] is ChangeKind.ADDED]
        context = graph.context(reading.migrations, added, reading.labels, used_on_base)
        judged += tuple(_deleted(reading, kinds))
    with no_garbage_collection():
        findings = [
            finding
            for migration in judged
            if not context.is_squash(migration)
            for rule in all_rules()
            for finding in rule.check(migration, context)
        ]
    findings.sort(key=lambda finding: (finding.location, finding.code, finding.message))
    return Judgement(judged, tuple(findings))


def used_on(root: Path, base: str | None, reading: Reading) -> graph.UsedOnBase | None:
    """Return what tells whether code on the base, outside migrations, holds a word.

    Args:
        root: a folder in the repository.
        base: the base's commit id.
        reading: every migration of the tree.
    """
    if base is None:
        return None
    folders = sorted({migration.folder for migration in reading.migrations})
    return partial(mentions, root, base, without=folders)


def _deleted(reading: Reading, kinds: Mapping[str, ChangeKind]) -> Iterable[Migration]:
    folders = {migration.folder for migration in reading.migrations}
    for path, kind in sorted(kinds.items()):
        folder, _, name = path.rpartition("/")
        holds_migrations = folder in folders or folder.rpartition("/")[2] == "migrations"
        if kind is ChangeKind.DELETED and holds_migrations and _NUMBERED.fullmatch(name):
            yield Migration(path, deleted=True)


def _refusal(unreadable: tuple[Unreadable, ...]) -> str:
    named = "; ".join(str(each) for each in unreadable[:_MOST_NAMED])
    more = len(unreadable) - _MOST_NAMED
    rest = f" (and {more} more)" if more > 0 else ""
    return f"Files that may hold a migration cannot be read: {named}{rest}. Mend or remove them."
