"""Says what a migration did, by comparison with how things stood before."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field as with_default
from typing import Any

from django.db import connection, transaction
from django.db.migrations.exceptions import IrreversibleError

from quality_harness.migrations.probe import catalog, comparing, restoring, rules
from quality_harness.migrations.probe.evidence import Evidence
from quality_harness.migrations.probe.exercise import Failure, exercise
from quality_harness.migrations.probe.rows import Rows
from quality_harness.migrations.probe.running import Run
from quality_harness.migrations.probe.saving import first_line
from quality_harness.migrations.probe.trials import Trials
from quality_harness.migrations.probe.watch import AROUND, Watch

# Django writes it for PositiveIntegerField, and leaves no other way to add one.
_CHECKS_NEW_COLUMN = re.compile(
    r"\s*ALTER TABLE \S+ ADD COLUMN (?:(?!,\s*(?:ADD|ALTER|DROP|VALIDATE)\b)[^;])* CHECK \("
    r"(?:(?!,\s*(?:ADD|ALTER|DROP|VALIDATE)\b)[^;])*;?\s*$",
    re.IGNORECASE,
)


@dataclass
class Before:
    """How things stood before the chain.

    Attributes:
        rows: those that were made.
        trials: what the old models do with them.
        tables: by their quoted names.
        names: the model of each table, likewise.
        known: failures that have been told.
        lost: tables and columns of which the loss has been told.
        schema: what stood there; what the chain itself makes it may drop again.
        used: the tables of all models, of those that are not concerned too.
    """

    rows: Rows
    trials: Trials
    tables: dict[str, catalog.Table]
    names: dict[str, Any]
    known: set[tuple[str, str, str]] = with_default(default_factory=set)
    lost: set[tuple[str, str]] = with_default(default_factory=set)
    schema: frozenset[str] = frozenset()
    used: set[str] = with_default(default_factory=set)


def is_lost() -> bool:
    """Whether the connection to the server is gone."""
    return connection.connection is None or bool(connection.connection.closed)


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is done inside of a transaction; without one, statements commit."""
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def operation_at(migration: Any, index: int) -> tuple[str, int]:
    """Return the class and the index of an operation; none and -1 where there is no such one."""
    operations = migration.operations
    return (type(operations[index]).__name__, index) if 0 <= index < len(operations) else ("", -1)


def locks(migration: Any, watch: Watch, before: Before, ended: float) -> Iterator[Evidence]:
    """Give the tables that were read through under a strong lock, or written anew."""
    by_oid = {table.oid: before.names[name] for name, table in before.tables.items()}
    seen: set[tuple[str, int, int]] = set()
    for each in watch.seen:
        if (each.what, each.table, each.operation) in seen:
            continue
        seen.add((each.what, each.table, each.operation))
        kind, index = operation_at(migration, each.operation)
        held = f"held for {max(ended - each.at, 0) * 1000:.0f} ms here, to the migration's end"
        if each.what == "rewrite":
            code, says = rules.TABLE_REWRITE.code, f"the table is written anew under {each.mode}"
        else:
            code, says = rules.STRONG_LOCK.code, f"the table is read through under {each.mode}"
        label = by_oid[each.table]._meta.label
        informs = each.what == "lock" and _CHECKS_NEW_COLUMN.match(each.sql) is not None
        yield Evidence(code, f"{says}, {held}", label, "", each.sql, index, kind, informs=informs)


def losses(before: Before) -> Iterator[Evidence]:
    """Give the rows and values of the old models that are gone or changed."""
    with connection.cursor() as cursor:
        found = list(comparing.forward_losses(cursor, before.tables))
    for loss in found:
        if (loss.table, loss.column) not in before.lost:
            before.lost.add((loss.table, loss.column))
            model = before.names[loss.table]
            field = _field_of(model, loss.column)
            yield Evidence(rules.DATA_LOST.code, loss.says, model._meta.label, field)


def _field_of(model: Any, column: str) -> str:
    return next((f.name for f in model._meta.concrete_fields if f.column == column), column)


def exercised(before: Before) -> list[Failure]:
    """Return what the old code cannot do; all that it did is rolled back."""
    statements: list[str] = []

    def note(execute: Any, sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        if not str(sql).startswith(AROUND):
            statements[:] = [str(sql)]
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        return exercise(before.trials, lambda: "".join(statements))


def failures_of(failures: Iterable[Failure], before: Before) -> Iterator[Evidence]:
    """Give what the old code cannot do any more, and has not been told."""
    lost = {
        (before.names[table]._meta.label, _field_of(before.names[table], column))
        for table, column in before.lost
    }
    for failure in failures:
        before.known.add(failure.key)
        label = failure.model._meta.label
        is_told = failure.changed and ((label, failure.field) in lost or (label, "") in lost)
        if not is_told:
            yield Evidence(
                rules.OLD_CODE_FAILS.code,
                f"the old code fails to {failure.verb}: {failure.says}",
                label,
                failure.field,
                failure.statement,
                verb=failure.verb,
                reason=failure.reason,
            )


def reversal(run: Run, schema: Sequence[str], before: Before) -> list[Evidence]:
    """Return what is wrong with the way back."""
    operations = run.migration.operations
    try:
        with undone():
            run.back()
            return list(_after_reversal(run, schema, before))
    except IrreversibleError as error:
        index = next((n for n, each in enumerate(operations) if not each.reversible), -1)
        kind, _ = operation_at(run.migration, index)
        says = f"it cannot be reversed: {first_line(error)}"
        return [Evidence(rules.IRREVERSIBLE.code, says, operation=index, kind=kind)]
    except Exception as error:
        if is_lost():
            raise
        return [Evidence(rules.IRREVERSIBLE.code, f"its reversal fails: {first_line(error)}")]


def _after_reversal(run: Run, schema: Sequence[str], before: Before) -> Iterator[Evidence]:
    with connection.cursor() as cursor:
        now = catalog.schema(cursor)
        keys = {name: before.rows.ordinary(model) for name, model in before.names.items()}
        found = list(comparing.losses_by_name(cursor, before.tables, keys))
    code = rules.LOSSY_REVERSAL.code
    differences = comparing.schema_differences(schema, now)
    if differences:
        says = f"the reversal leaves another schema: {'; '.join(differences)}"
        # An index of the change itself, which became a constraint, goes with that.
        kept = [each for each in schema if each in before.schema or not each.startswith("index")]
        kept += [each for each in schema if each not in kept and each in now]
        is_enough = restoring.is_enough(kept, now, before.used)
        stop = _next_try(run) if is_enough and restoring.leaves_functions(schema, now) else ""
        yield Evidence(code, f"{says}{stop}", informs=is_enough and not stop)
    for loss in found:
        if (loss.table, loss.column) not in before.lost and (loss.table, "") not in before.lost:
            model = before.names[loss.table]
            field = _field_of(model, loss.column)
            yield Evidence(code, f"after the reversal {loss.says}", model._meta.label, field)


def _next_try(run: Run) -> str:
    """Return where the migration stops that is run again; "" where it runs, or would commit."""
    if not connection.in_atomic_block:
        return ""
    try:
        with undone():
            run.again()
    except Exception as error:
        return f"; the next try fails: {first_line(error)}"
    return ""
