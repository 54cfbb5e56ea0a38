"""Checks the migrations of a tree, or those that a change brings, against every rule."""

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial as partial_call
from pathlib import Path

from quality_harness.changes import file_on, mentions
from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind, Changes, CouldNotRun
from quality_harness.migrations import graph
from quality_harness.migrations.history.edited_data_files import edited_data
from quality_harness.migrations.history.edited_helpers import edited_helpers
from quality_harness.migrations.history.history import Base, History
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader.source import Unreadable, read_bytes
from quality_harness.migrations.reader.tree import Reading, no_garbage_collection
from quality_harness.migrations.rules import RuleModule, all_rules, is_of_history, rules_about

_MOST_NAMED = 5
_NUMBERED = re.compile(r"\d{4}_\w+\.py")


@dataclass(frozen=True)
class Judgement:
    """What the rules say.

    Attributes:
        judged: the migrations that were checked, deleted ones too.
        findings: in the order of their places.
        problem: why the migrations cannot run at all, in a sentence; else empty. Findings say
            the same with their places.
        settled: the paths of those that only rules about the history judge, since what they do
            is no news.
    """

    judged: tuple[Migration, ...]
    findings: tuple[Finding, ...]
    problem: str = ""
    settled: frozenset[str] = frozenset()


def check(
    reading: Reading,
    kinds: Mapping[str, ChangeKind] | None = None,
    used_on_base: graph.UsedOnBase | None = None,
    base: Base | None = None,
    partial: Collection[str] = (),
) -> Judgement:
    """Check migrations against every rule.

    Args:
        reading: every migration of the tree.
        kinds: what happened to each changed path since the base; then only what is new,
            modified, renamed or deleted is checked. None without a base: everything is checked,
            each migration as a release of its own.
        used_on_base: tells whether code on the base, outside migrations, holds a word.
        base: what stood on the base. What is changed in form alone is not new.
        partial: folders of which only some files were read.

    Raises:
        CouldNotRun: a file that may hold a migration cannot be read.
    """
    if reading.unreadable:
        raise CouldNotRun(_refusal(reading.unreadable))
    helped = {**edited_helpers(reading.migrations, base), **edited_data(reading, base)}
    if kinds is None:
        judged = (*reading.migrations, *reading.beside)
        context = graph.context(reading.migrations, known_labels=reading.labels)
    else:
        judged = tuple(_judged(reading, kinds, base, helped))
        added = [each for each in reading.migrations if kinds.get(each.path) is ChangeKind.ADDED]
        context = graph.context(reading.migrations, added, reading.labels, used_on_base)
    history = History(
        reading.migrations,
        context.app_labels,
        frozenset(reading.labels),
        judged,
        frozenset(partial),
        base,
        helped,
        frozenset(each.path for each in reading.beside),
    )
    context = replace(context, history=history)
    with no_garbage_collection():
        findings = sorted(_found(judged, context), key=_place)
    settled = frozenset(each.path for each in judged if _is_settled(each, context))
    return Judgement(judged, tuple(findings), _problem(history), settled)


def _judged(
    reading: Reading, kinds: Mapping[str, ChangeKind], base: Base | None, helped: Container[str]
) -> Iterator[Migration]:
    """Give what a change touches: migrations, what it deletes, and what it edits a helper of."""
    yield from (each for each in reading.migrations if each.path in kinds)
    yield from _deleted(reading, kinds, base)
    yield from (each for each in reading.beside if each.path in kinds)
    for each in reading.migrations:
        if each.path in helped and each.path not in kinds:
            yield each


def _found(judged: Iterable[Migration], context: graph.Context) -> Iterator[Finding]:
    for migration in judged:
        for rule in _rules(migration, context):
            for finding in rule.check(migration, context):
                yield finding.about(f"{_name(migration, context)}: {finding.message}")


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.location
    return at.path, at.line, at.column, finding.code, finding.message


def _name(migration: Migration, context: graph.Context) -> str:
    """Return an app's label and a migration's name: the same wherever the folder lies."""
    label = context.app_labels.get(migration.folder, migration.app)
    return f"{label}.{migration.name}"


def _rules(migration: Migration, context: graph.Context) -> Iterable[RuleModule]:
    """Return the rules that judge a migration: those about history judge every one."""
    if migration.path in context.history.beside:
        return [rule for rule in all_rules() if rule.RULE.name == "missing-dependency"]
    if _is_settled(migration, context):
        return [rule for rule in all_rules() if is_of_history(rule)]
    kinds = frozenset([each.kind for each in migration.operations])
    return rules_about(kinds, migration.deleted or context.history.base is not None)


def _is_settled(migration: Migration, context: graph.Context) -> bool:
    history = context.history
    is_helped = migration.path in history.helped and history.origin(migration) is None
    return is_helped or history.is_unchanged(migration) or context.is_squash(migration)


def _problem(history: History) -> str:
    """Return why Django cannot load what is checked, or an empty text."""
    for migration in history.judged:
        label = history.app(migration).label
        for name in history.missing(migration):
            if name[0] == label:
                parent = ".".join(name)
                return (
                    f"{label}.{migration.name} depends on {parent}, which does not exist: correct "
                    f"`dependencies` in {migration.path}, or bring {parent} along."
                )
    circle = history.cycle
    if any(each.path in history.judged_paths for each in circle):
        names = ", ".join(f"{history.app(each).label}.{each.name}" for each in circle)
        return f"Migrations wait for one another, so none can run: {names}. Remove a dependency."
    return ""


def base_of(root: Path, changes: Changes) -> Base | None:
    """Return what stood on the base of some changes; None without a base."""
    if changes.base is None:
        return None
    return Base(
        changes.kinds,
        changes.origins,
        partial_call(file_on, root, changes.base),
        partial_call(read_bytes, root),
    )


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
    return partial_call(mentions, root, base, without=folders)


def _deleted(
    reading: Reading, kinds: Mapping[str, ChangeKind], base: Base | None
) -> Iterable[Migration]:
    """Give the migrations of the base that are none any more: gone, emptied, or moved away."""
    folders = {migration.folder for migration in reading.migrations}
    there = {migration.path for migration in reading.migrations}
    for path, kind in sorted(kinds.items()):
        folder, _, name = path.rpartition("/")
        holds_migrations = folder in folders or folder.rpartition("/")[2] == "migrations"
        if kind is ChangeKind.DELETED and holds_migrations:
            # Git may not have what it says was there: in a partial clone.
            unread = base is None or base.read(path) is None
            if _NUMBERED.fullmatch(name) if unread else base and base.migration(path):
                yield Migration(path, deleted=True)
        elif base and path not in there and kind is not ChangeKind.ADDED:
            origin = base.origins.get(path, path)
            if origin.endswith(".py") and base.migration(origin) and "/" in origin:
                yield Migration(origin, deleted=True)


def _refusal(unreadable: tuple[Unreadable, ...]) -> str:
    named = "; ".join(str(each) for each in unreadable[:_MOST_NAMED])
    more = len(unreadable) - _MOST_NAMED
    rest = f" (and {more} more)" if more > 0 else ""
    return f"Files that may hold a migration cannot be read: {named}{rest}. Mend or remove them."
