"""A way back that deletes or overwrites is a second release that goes wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import added_columns
from quality_harness.migrations.functions.assignments import UNTOLD
from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.functions.given_values import Given
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.on_new import is_on_new
from quality_harness.migrations.operations import Direction, Effect, Migration, Operation
from quality_harness.migrations.sql.statements import WRITES, Act, Statement

OPERATIONS = ("RunSQL", "RunPython")

RULE = Rule(
    code="MIG030",
    name="lossy-reversal",
    summary="Migrating back deletes, drops or overwrites what migrating forward did not make.",
    reason=(
        "A reversal is run in a hurry, when a release has failed. Rows that were written before "
        "it, or since, are gone for good; a sequence that begins again gives keys that they have. "
        "An UPDATE that undoes one of the same column, or fills a column which migrating back "
        "brings back, is no finding, nor is one of chosen rows where migrating forward writes, "
        "too. Whether anybody will ever migrate back is not known, so "
        "this is a warning."
    ),
    instead=(
        "Undo what the migration did and no more: delete the rows that it made, by a condition "
        "that names them; drop only what it created. Where nothing needs to be undone, use noop."
    ),
    bad="""\
operations = [
    migrations.RunSQL("INSERT INTO blog_seen SELECT id FROM blog_post", "DELETE FROM blog_post"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE TABLE blog_note (id bigint)", "DROP TABLE blog_note"),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for index, operation in enumerate(migration.operations):
        if operation.direction is Direction.FORWARD or operation.effect is Effect.STATE_ONLY:
            continue
        forward = _forward_of(migration, index)
        kept = _Kept(migration, context, tuple(_made(forward, migration, context)))
        changes = _overwritten(operation, kept)
        if forward is not None and forward.writes:
            changes = _written_back(operation, forward, kept)
        in_sql = (*_in_sql(operation, kept), *_updated_by_sql(operation, forward, kept))
        for what in (*in_sql, *_in_function(operation, kept), *changes):
            yield RULE.finding(
                migration.location(operation),
                f"Migrating {migration.name} back {what}.",
                f"Undo what the migration did and no more. {accept(RULE)}",
            )


_LOSSES = (Act.DROP, Act.TRUNCATE, Act.DELETE, Act.RESTART)
_EVERY_ROW = re.compile(r"\.(objects|_default_manager)(\.using\([^)]*\))?(\.all\(\))?\.delete\(")


def _forward_of(migration: Migration, index: int) -> Operation | None:
    before = migration.operations[index - 1] if index else None
    is_its = before is not None and before.line == migration.operations[index].line
    return before if is_its else None


def _made(forward: Operation | None, migration: Migration, context: Context) -> Iterator[str]:
    """Give what an operation makes; where it may be there, if nothing before has made it."""
    for name in () if forward is None else forward.made:
        yield name
        table = name.removeprefix("perhaps ")
        is_first = not any(context.releases.has_made(one, migration) for one in (name, table))
        if table != name and is_first and not context.states.of_table(table, migration.path):
            yield table


@dataclass(frozen=True)
class _Kept:
    """What may be undone: what the operation made when migrating forward, and new tables."""

    migration: Migration
    context: Context
    made: tuple[str, ...]


def _in_sql(operation: Operation, kept: _Kept) -> Iterator[str]:
    for statement in operation.statements:
        is_new = kept.context.is_own_table(kept.migration, statement.thing)
        if statement.act in _LOSSES and not is_new and not _undoes(statement, kept.made):
            yield str(statement)


def _updated_by_sql(operation: Operation, forward: Operation | None, kept: _Kept) -> Iterator[str]:
    """Give the UPDATEs of columns that neither the way forward writes nor the way back makes."""
    updates = [each for each in operation.statements if each.act is Act.UPDATE]
    if not updates:
        return
    known = set() if forward is None else set(_written_columns(forward))
    if UNTOLD in known:
        return
    made = _made_back(operation, kept)
    for statement in updates:
        is_new = kept.context.is_own_table(kept.migration, statement.table)
        # Beside other writes, chosen rows and copies are how a value is translated back.
        is_translated = statement.detail == "some" or set(statement.columns) <= {*statement.copied}
        if is_new or statement.detail == "one" or (known and is_translated):
            continue
        places = {name: (statement.table, name) for name in statement.columns}
        old = [name for name, place in places.items() if not {place, ("", name)} & known]
        lost = [name for name in old if not {places[name], (statement.table, "")} & made]
        if lost:
            yield f"overwrites {', '.join(lost)} in rows of {statement.target}"


def _written_columns(forward: Operation) -> Iterator[tuple[str, str] | str]:
    """Give the columns that an operation writes, those of a function without their table."""
    for statement in forward.statements:
        if statement.act in WRITES and "…" in (statement.table, *statement.columns):
            yield UNTOLD
        elif statement.act in WRITES:
            yield from ((statement.table, name) for name in (*statement.columns, ""))
    for each in forward.gives:
        yield UNTOLD if each.field == UNTOLD else ("", each.field)


def _made_back(operation: Operation, kept: _Kept) -> set[tuple[str, str]]:
    """Return the columns that are not there before migrating forward or not after it."""
    found = set(added_columns(kept.context, kept.migration))
    for statement in operation.statements:
        if statement.act in (Act.CREATE, Act.ADD_COLUMN):
            found.add((statement.table, statement.column))
    for step in kept.context.steps(kept.migration, "RemoveField"):
        field = step.before.field(step.operation.field) if step.before is not None else None
        if step.before is not None and field is not None:
            found.add((step.before.table_key, field.column or ""))
    return found


def _undoes(statement: Statement, made: tuple[str, ...]) -> bool:
    if statement.act is Act.DELETE:
        return f"rows of {statement.table}" in made
    name = statement.target.partition(" ")[2].lower().replace('"', "")
    return "…" in name or name in made or name.rpartition(".")[2] in made


def _in_function(operation: Operation, kept: _Kept) -> Iterator[str]:
    for deed in operation.deeds:
        if f"model {'.'.join(deed.model)}" in kept.made or _name_in(deed.does) in kept.made:
            continue
        if is_on_new(kept.context, kept.migration, deed):
            continue
        drops = deed.does.startswith(("drops", "empties"))
        if drops or _EVERY_ROW.search(deed.text) is not None or "_raw_delete" in deed.text:
            yield f"{deed.does}: {deed.text}"


def _name_in(does: str) -> str:
    """Return the plain name of what "drops table shop_order" is about."""
    return does.partition(" ")[2].partition(" ")[2].lower().replace('"', "")


def _overwritten(operation: Operation, kept: _Kept) -> Iterator[str]:
    """Give what is overwritten on the way back of an operation that writes nothing."""
    for deed in operation.overwrites:
        new = _empty_by_then(deed, kept)
        old = [name for name in deed.fields if name not in new]
        if old and not is_on_new(kept.context, kept.migration, deed):
            yield f"overwrites {', '.join(old)}: {deed.text}"


def _written_back(operation: Operation, forward: Operation, kept: _Kept) -> Iterator[str]:
    """Give what is overwritten on the way back of an operation that writes other fields."""
    known = {_plain(each.field) for each in forward.gives}
    if UNTOLD in known or not known:
        return
    for deed in operation.overwrites:
        new = _empty_by_then(deed, kept)
        old = [each for each in deed.gives if each.field in deed.fields and each.field not in new]
        for each in () if is_on_new(kept.context, kept.migration, deed) else old:
            if _plain(each.field) in known:
                continue
            if any(_is_part(one, each) for one in forward.gives):
                yield f"writes what {each.source} keeps of it over {each.field}: {deed.text}"
            elif each.every and each.field not in deed.copied:
                yield f"overwrites {each.field}: {deed.text}"


def _empty_by_then(deed: Deed, kept: _Kept) -> set[str]:
    """Return the fields that a way back fills: of columns that the change adds or takes away.

    What it takes away after the operation, the way back has brought back before it.
    """
    found = {column for _, column in added_columns(kept.context, kept.migration)}
    label = kept.context.label(kept.migration).partition("@")[0]
    of_change = [one for each in kept.context.of_change(kept.migration) for one in each.operations]
    for operation in dropwhile(lambda one: deed not in one.overwrites, of_change):
        is_its = deed.model == (label, operation.model.lower()) and operation.changes_database
        if is_its and not operation.conditional and operation.kind == "RemoveField":
            found |= {operation.field, f"{operation.field}_id"}
        elif is_its and not operation.conditional and operation.kind == "DeleteModel":
            found.update(deed.fields)
    return found


def _is_part(forwards: Given, back: Given) -> bool:
    """Return whether a field is given back what another one has kept of it."""
    return forwards.shortened and (forwards.field, forwards.source) == (back.source, back.field)


def _plain(field: str) -> str:
    """Return the name of a field where it may stand for the key that it holds."""
    return field.removesuffix("_id")
