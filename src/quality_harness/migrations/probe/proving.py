"""Proves a chain of migrations that reach a database together."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field as with_default, replace
from pathlib import Path
from typing import Any

from django.db import Error, connection, transaction
from django.db.migrations.exceptions import IrreversibleError

from quality_harness.migrations.probe import catalog, comparing, rules, running
from quality_harness.migrations.probe.concerned import concerned
from quality_harness.migrations.probe.databases import Server
from quality_harness.migrations.probe.evidence import Evidence, Proof
from quality_harness.migrations.probe.exercise import Failure, Read, exercise, read
from quality_harness.migrations.probe.history import Broken, Step, source_constants
from quality_harness.migrations.probe.rows import Rows, first_line
from quality_harness.migrations.probe.values import Constants
from quality_harness.migrations.probe.watch import NeedsOwnTransactions, Watch

# Which rows the tables hold when the migration runs.
EDGES, PLAIN, EMPTY = "edges", "plain", "empty"


class FailsOnRows(Exception):
    """A migration of the chain does not run on the rows that are there."""

    def __init__(self, step: Step, evidence: Evidence) -> None:
        super().__init__(evidence.says)
        self.step = step
        self.evidence = evidence


@dataclass
class _Before:
    """How things stood before the chain."""

    rows: Rows
    read: dict[Any, Read]
    tables: dict[str, catalog.Table]
    names: dict[str, Any]
    known: set[tuple[str, str, str]] = with_default(default_factory=set)
    lost: set[tuple[str, str]] = with_default(default_factory=set)


@dataclass(frozen=True)
class Prover:
    """Proves chains on the database `name`, which is as before the chain, and stays so."""

    server: Server
    name: str
    root: Path

    def prove(self, state: Any, chain: Sequence[Step]) -> list[Proof]:
        """Return one proof for each migration of the chain that is judged.

        Args:
            state: before the chain; it is not changed.
            chain: migrations that reach a database in one release.

        Raises:
            Broken: a migration does not even run on empty tables.
        """
        failures: list[tuple[Step, Evidence]] = []
        for kind in (EDGES, PLAIN, EMPTY):
            try:
                proofs = self._prove(state, chain, kind)
            except FailsOnRows as failure:
                if kind == EMPTY:
                    raise Broken(f"{failure.step.name} cannot be applied: {failure}") from failure
                failures.append((failure.step, failure.evidence))
            else:
                return _with_failures(proofs, failures)
        raise AssertionError("the last kind of rows returns or raises")

    def _prove(self, state: Any, chain: Sequence[Step], kind: str) -> list[Proof]:
        if all(step.migration.atomic for step in chain):
            try:
                with transaction.atomic():
                    try:
                        return list(self._chain(state.clone(), chain, kind))
                    finally:
                        transaction.set_rollback(True)
            except NeedsOwnTransactions:
                pass
        return self._prove_on_copy(state, chain, kind)

    def _prove_on_copy(self, state: Any, chain: Sequence[Step], kind: str) -> list[Proof]:
        """Let the migrations commit, on a database that is dropped afterwards."""
        use_database("")
        copy = self.server.make(self.name)
        try:
            use_database(copy)
            return list(self._chain(state.clone(), chain, kind))
        finally:
            use_database(self.name)
            self.server.drop(copy)

    def _chain(self, state: Any, chain: Sequence[Step], kind: str) -> Iterator[Proof]:
        before = _prepare(state, chain, kind)
        with transaction.atomic():
            usual = {each.key for each in _exercise(before)} if before.rows.made else set()
        before.known |= usual
        for step in chain:
            if step.judged:
                proof, state = _prove_step(step, state, before, is_last=step is chain[-1])
                complete = proof.complete and kind == EDGES and not before.rows.failed
                yield replace(proof, complete=complete)
            else:
                state = running.apply(step.migration, state)


def use_database(name: str) -> None:
    """Have the default alias lead to the database `name`; to none where empty."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _prepare(state: Any, chain: Sequence[Step], kind: str) -> _Before:
    models = concerned(state.apps.get_models(include_auto_created=True), _apps(chain))
    rows = Rows(_constants(chain), is_plain=kind == PLAIN)
    if kind != EMPTY:
        with transaction.atomic():
            rows.fill(models)
    quote = connection.ops.quote_name
    names = {quote(model._meta.db_table): model for model in rows.made}
    with connection.cursor() as cursor:
        keys = {name: model._meta.pk.column for name, model in names.items()}
        tables = catalog.read_tables(cursor, keys)
    return _Before(rows, {model: read(model) for model in rows.made}, tables, names)


def _constants(chain: Iterable[Step]) -> Constants:
    found = [source_constants(Path(step.file)) for step in chain if step.judged]
    return Constants(
        tuple(text for each in found for text in each.texts),
        tuple(number for each in found for number in each.numbers),
    )


def _apps(chain: Iterable[Step]) -> set[str]:
    """Return the apps that the migrations touch; code and SQL may touch those depended upon."""
    labels: set[str] = set()
    for step in chain:
        labels.add(step.migration.app_label)
        if not all(_is_plain(operation) for operation in step.migration.operations):
            labels.update(label for label, _ in step.migration.dependencies)
    return labels


def _is_plain(operation: Any) -> bool:
    return type(operation).__name__ not in ("RunPython", "RunSQL") and type(
        operation
    ).__module__.startswith("django.")


def _prove_step(step: Step, state: Any, before: _Before, *, is_last: bool) -> tuple[Proof, Any]:
    started = time.perf_counter()
    migration = step.migration
    was = state.clone()
    with connection.cursor() as cursor:
        schema = catalog.schema(cursor)
    oids = [table.oid for table in before.tables.values()]
    watch = Watch(connection, oids, in_transaction=connection.in_atomic_block)
    state = _apply(step, state, watch)
    ended = time.perf_counter()
    evidence = [*_locks(migration, watch, before, ended), *_losses(before, watch, migration)]
    evidence += _failures(before, migration)
    evidence += _reversed(step, was, schema, before)
    if not is_last and not connection.in_atomic_block:
        # The reversal above was for good.
        state = _apply(step, was, watch)
    evidence += [
        Evidence(rules.UNPROVED.code, f"no row could be made: {reason}", model._meta.label)
        for model, reason in before.rows.failed.items()
    ]
    seconds = time.perf_counter() - started
    return Proof(step.path, tuple(evidence), True, watch.matched, seconds), state


def _apply(step: Step, state: Any, watch: Watch) -> Any:
    try:
        with _savepoint():
            return running.apply_watched(step.migration, state, watch)
    except (NeedsOwnTransactions, KeyboardInterrupt):
        raise
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        kind, index = _operation(step.migration, watch.operation)
        says = f"it fails on rows that the old code may write: {first_line(error)}"
        statement = watch.last if isinstance(error, Error) else ""
        is_data = not statement.lstrip().lower().startswith(("alter", "create", "set"))
        raise FailsOnRows(
            step,
            Evidence(
                rules.FAILS_ON_ROWS.code,
                says,
                statement=statement,
                operation=index,
                kind=kind,
                minor=is_data,
            ),
        ) from error


def _savepoint() -> Any:
    from contextlib import nullcontext

    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _operation(migration: Any, index: int) -> tuple[str, int]:
    operations = migration.operations
    return (type(operations[index]).__name__, index) if 0 <= index < len(operations) else ("", -1)


def _locks(migration: Any, watch: Watch, before: _Before, ended: float) -> Iterator[Evidence]:
    by_oid = {table.oid: before.names[name] for name, table in before.tables.items()}
    seen: set[tuple[str, int, int]] = set()
    for each in watch.seen:
        if (each.what, each.table, each.operation) in seen:
            continue
        seen.add((each.what, each.table, each.operation))
        kind, index = _operation(migration, each.operation)
        held = f"held for {max(ended - each.at, 0) * 1000:.0f} ms here, to the migration's end"
        if each.what == "rewrite":
            code, says = rules.TABLE_REWRITE.code, f"the table is written anew under {each.mode}"
        else:
            code, says = rules.STRONG_LOCK.code, f"the table is read through under {each.mode}"
        label = by_oid[each.table]._meta.label
        yield Evidence(code, f"{says}, {held}", label, "", each.sql, index, kind)


def _losses(before: _Before, watch: Watch, migration: Any) -> Iterator[Evidence]:
    with connection.cursor() as cursor:
        losses = list(comparing.forward_losses(cursor, before.tables))
    for loss in losses:
        if (loss.table, loss.column) not in before.lost:
            before.lost.add((loss.table, loss.column))
            model = before.names[loss.table]
            field = _field_of(model, loss.column)
            yield Evidence(rules.DATA_LOST.code, loss.says, model._meta.label, field)


def _field_of(model: Any, column: str) -> str:
    return next((f.name for f in model._meta.concrete_fields if f.column == column), column)


def _exercise(before: _Before) -> list[Failure]:
    statements: list[str] = []

    def note(execute: Any, sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        statements[:] = [str(sql)]
        return execute(sql, parameters, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        try:
            return exercise(before.rows, before.read, lambda: "".join(statements))
        finally:
            transaction.set_rollback(True)


def _failures(before: _Before, migration: Any) -> Iterator[Evidence]:
    lost = {
        (before.names[table]._meta.label, _field_of(before.names[table], column))
        for table, column in before.lost
    }
    for failure in _exercise(before):
        if failure.key in before.known:
            continue
        before.known.add(failure.key)
        label = failure.model._meta.label
        is_told = failure.changed and ((label, failure.field) in lost or (label, "") in lost)
        if not is_told:
            says = f"the old code fails to {failure.verb}: {failure.says}"
            yield Evidence(rules.OLD_CODE_FAILS.code, says, label, failure.field, failure.statement)


def _reversed(step: Step, was: Any, schema: Sequence[str], before: _Before) -> list[Evidence]:
    migration = step.migration
    try:
        if not connection.in_atomic_block:
            running.unapply(migration, was.clone())
            return list(_after_reversal(schema, before))
        with transaction.atomic():
            running.unapply(migration, was.clone())
            evidence = list(_after_reversal(schema, before))
            transaction.set_rollback(True)
            return evidence
    except IrreversibleError:
        index = next((n for n, each in enumerate(migration.operations) if not each.reversible), -1)
        kind, _ = _operation(migration, index)
        says = f"it cannot be reversed: {kind} has no way back"
        return [Evidence(rules.IRREVERSIBLE.code, says, operation=index, kind=kind)]
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        return [Evidence(rules.IRREVERSIBLE.code, f"its reversal fails: {first_line(error)}")]


def _after_reversal(schema: Sequence[str], before: _Before) -> Iterator[Evidence]:
    with connection.cursor() as cursor:
        differences = comparing.schema_differences(schema, catalog.schema(cursor))
        losses = list(comparing.losses_by_name(cursor, before.tables))
    code = rules.LOSSY_REVERSAL.code
    if differences:
        yield Evidence(code, f"the reversal leaves another schema: {'; '.join(differences)}")
    for loss in losses:
        if (loss.table, loss.column) not in before.lost and (loss.table, "") not in before.lost:
            model = before.names[loss.table]
            field = _field_of(model, loss.column)
            yield Evidence(code, f"after the reversal {loss.says}", model._meta.label, field)


def _with_failures(
    proofs: Sequence[Proof], failures: Sequence[tuple[Step, Evidence]]
) -> list[Proof]:
    """Add why the migrations did not run on other rows; only rare ones weigh less."""
    worst = {step.path: evidence for step, evidence in failures[:1]}
    worst |= {step.path: replace(evidence, minor=False) for step, evidence in failures[1:]}
    return [
        (
            replace(proof, evidence=(worst[proof.path], *proof.evidence), complete=False)
            if proof.path in worst
            else proof
        )
        for proof in proofs
    ]
