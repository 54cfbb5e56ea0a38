"""Proves a chain of migrations that reach a database together."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field as with_default, replace
from pathlib import Path
from typing import Any

from django.db import Error, connection, transaction

from quality_harness.migrations.probe import catalog, comparing, in_place, rules, running
from quality_harness.migrations.probe.concerned import concerned, may_hold
from quality_harness.migrations.probe.databases import Server
from quality_harness.migrations.probe.evidence import Evidence, Proof
from quality_harness.migrations.probe.exercise import Failure
from quality_harness.migrations.probe.held import Held, held
from quality_harness.migrations.probe.history import Broken, Step, source_constants
from quality_harness.migrations.probe.rows import Recipe, Rows
from quality_harness.migrations.probe.running import Run
from quality_harness.migrations.probe.saving import first_line
from quality_harness.migrations.probe.seeing import (
    Before,
    exercised,
    failures_of,
    is_lost,
    locks,
    losses,
    operation_at,
    reversal,
    undone,
)
from quality_harness.migrations.probe.stops import is_on_purpose
from quality_harness.migrations.probe.structure import in_order
from quality_harness.migrations.probe.trials import Trials
from quality_harness.migrations.probe.values import Constants
from quality_harness.migrations.probe.watch import NeedsOwnTransactions, Watch

# Which rows the tables hold when the migration runs.
EDGES, PLAIN, EMPTY = "edges", "plain", "empty"
_FAILS = "it fails on rows that the old code may write: "
_STOPS = "it stops on purpose where the rows are not as it wants them: "


class FailsOnRows(Exception):
    """A migration of the chain does not run on the rows that are there."""

    def __init__(self, step: Step, evidence: Evidence) -> None:
        super().__init__(step, evidence)
        self.step = step
        self.evidence = evidence


@dataclass(frozen=True)
class Proved:
    """What came of a chain.

    Attributes:
        proofs: one for each migration of it that is judged.
        runs: of each migration, to be repeated; none where it did not run on all rows.
    """

    proofs: list[Proof]
    runs: list[Run]


@dataclass(frozen=True)
class Prover:
    """Proves chains on the database `name`, which is as before the chain, and stays so.

    Attributes:
        server: on which the database is.
        name: its name.
        rebuild: makes the database anew, as before the chain.
        searched: recipes of rows that needed a search.
    """

    server: Server
    name: str
    rebuild: Callable[[], None]
    searched: dict[str, list[Recipe]] = with_default(default_factory=dict)

    def prove(self, state: Any, chain: Sequence[Step]) -> Proved:
        """Prove the migrations of the chain that are judged.

        Args:
            state: before the chain; it is not changed.
            chain: migrations that reach a database in one release.

        Raises:
            Broken: a migration does not even run on empty tables.
        """
        failures: list[tuple[Step, Evidence]] = []
        for kind in (EDGES, PLAIN):
            try:
                proved = self._prove(state, chain, kind)
            except FailsOnRows as failure:
                failures.append((failure.step, failure.evidence))
            else:
                return replace(proved, proofs=_with_failures(proved.proofs, failures))
        try:
            proved = self._prove(state, chain, EMPTY)
        except FailsOnRows as failure:
            said = failure.evidence.says.removeprefix(_FAILS).removeprefix(_STOPS)
            raise Broken(f"{failure.step.name} cannot be applied: {said}") from failure
        return replace(proved, proofs=_with_failures(proved.proofs, failures))

    def _prove(self, state: Any, chain: Sequence[Step], kind: str) -> Proved:
        if all(step.migration.atomic for step in chain):
            with suppress(NeedsOwnTransactions), transaction.atomic():
                try:
                    return self._chain(state.clone(), chain, kind)
                finally:
                    transaction.set_rollback(True)
        models = in_order(_concerned(state, chain))
        if in_place.is_possible(chain, models):
            proved = self._prove_in_place(state, chain, kind, models)
        else:
            proved = self._prove_on_copy(state, chain, kind)
        if _has_failures(proved):
            with transaction.atomic():
                usual = exercised(self._prepare(state.clone(), chain, kind))
                transaction.set_rollback(True)
            return _without(usual, proved)
        return proved

    def _prove_in_place(
        self, state: Any, chain: Sequence[Step], kind: str, models: Sequence[Any]
    ) -> Proved:
        """Let the migration commit, and take back what is left of it."""
        with connection.cursor() as cursor:
            schema = catalog.schema(cursor)
        try:
            return self._chain(state.clone(), chain, kind)
        finally:
            if not in_place.is_restored(schema, models):
                self.rebuild()

    def _prove_on_copy(self, state: Any, chain: Sequence[Step], kind: str) -> Proved:
        """Let the migrations commit, on a database that is dropped afterwards."""
        use_database("")
        copy = self.server.make(template=self.name)
        try:
            use_database(copy)
            return self._chain(state.clone(), chain, kind)
        finally:
            use_database(self.name)
            self.server.drop(copy)

    def _chain(self, state: Any, chain: Sequence[Step], kind: str) -> Proved:
        before = self._prepare(state, chain, kind)
        proved = Proved([], [])
        with undone():
            for step in chain:
                if step.judged:
                    proof, run = _prove_step(step, state, before, is_last=step is chain[-1])
                    complete = proof.complete and kind == EDGES and not before.rows.failed
                    proved.proofs.append(replace(proof, complete=complete))
                else:
                    run = _apply(step, state, _watch(before))
                proved.runs.append(run)
                state = run.after
        if connection.in_atomic_block and _has_failures(proved):
            return _without(exercised(before), proved)
        return proved

    def _prepare(self, state: Any, chain: Sequence[Step], kind: str) -> Before:
        searched = self.searched if kind == EDGES else {}
        rows = Rows(_constants(chain), kind == PLAIN, searched)
        if kind != EMPTY:
            rows.fill(_concerned(state, chain))
        quote = connection.ops.quote_name
        names = {quote(model._meta.db_table): model for model in rows.made}
        keys = {name: model._meta.pk.column for name, model in names.items()}
        columns = {
            name: {field.column for field in model._meta.local_concrete_fields}
            for name, model in names.items()
        }
        with connection.cursor() as cursor:
            tables = catalog.read_tables(cursor, keys, columns)
        return Before(rows, Trials(rows), tables, names)


def _concerned(state: Any, chain: Sequence[Step]) -> list[Any]:
    models = (
        model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.app_label not in state.real_apps
    )
    return concerned(models, [step.migration for step in chain])


def _has_failures(proved: Proved) -> bool:
    return any(each.verb for proof in proved.proofs for each in proof.evidence)


def _without(usual: Sequence[Failure], proved: Proved) -> Proved:
    """Return what came of a chain without what fails on the database before it as well."""
    keys = {each.key for each in usual}
    proofs = [
        replace(
            proof,
            evidence=tuple(
                each for each in proof.evidence if (each.model, each.verb, each.field) not in keys
            ),
        )
        for proof in proved.proofs
    ]
    return replace(proved, proofs=proofs)


def use_database(name: str) -> None:
    """Have the default alias lead to the database `name`; to none where empty."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _constants(chain: Iterable[Step]) -> Constants:
    found = [source_constants(Path(step.file)) for step in chain if step.judged]
    return Constants(
        tuple(text for each in found for text in each.texts),
        tuple(number for each in found for number in each.numbers),
    )


def _watch(before: Before) -> Watch:
    oids = {name: table.oid for name, table in before.tables.items()}
    others = catalog.tables_of(before.schema)
    return Watch(connection, oids, connection.in_atomic_block, others)


def _prove_step(step: Step, state: Any, before: Before, *, is_last: bool) -> tuple[Proof, Run]:
    started = time.perf_counter()
    migration = step.migration
    with connection.cursor() as cursor:
        schema = catalog.schema(cursor)
    before.schema = before.schema or frozenset(schema)
    before.used.update(
        model._meta.db_table for model in state.apps.get_models(include_auto_created=True)
    )
    watch = _watch(before)
    run = _apply(step, state, watch)
    with connection.cursor() as cursor:
        old = [line for line in schema if line in before.schema]
        is_seen = not comparing.is_dropped_unseen(old, catalog.columns(cursor), before.tables)
    evidence = list(locks(migration, watch, before, time.perf_counter()))
    failures = exercised(before)
    tried = Held()
    if any(map(may_hold, migration.operations)):
        tried = held(before.tables, before.names, before.schema)
    failures += tried.failures.values()
    if any(each.verb == "read" for each in failures):
        evidence += losses(before)
    evidence += failures_of((each for each in failures if each.key not in before.known), before)
    evidence += reversal(run, schema, before)
    if watch.needs_production:
        says = "where the files of a table stand is known to production alone"
        evidence.append(Evidence(rules.UNPROVED.code, says))
    if not is_last and not connection.in_atomic_block:
        # The reversal above was for good.
        run.again()
    evidence += [
        Evidence(rules.UNPROVED.code, f"no row could be {done}: {reason}", model._meta.label)
        for done, reasons in (("made", before.rows.failed), ("deleted", tried.untried))
        for model, reason in reasons.items()
    ]
    seconds = time.perf_counter() - started
    tables = tuple(model._meta.db_table for model in before.names.values())
    complete = is_seen and not watch.needs_production and not tried.untried
    return Proof(step.path, tuple(evidence), complete, watch.matched, seconds, tables), run


def _apply(step: Step, state: Any, watch: Watch) -> Run:
    try:
        return running.apply_watched(step.migration, state, watch)
    except NeedsOwnTransactions:
        raise
    except Exception as error:
        if is_lost():
            raise
        raise FailsOnRows(step, _failed(step.migration, watch, error)) from error


def _failed(migration: Any, watch: Watch, error: Exception) -> Evidence:
    kind, index = operation_at(migration, watch.operation)
    statement = watch.last if isinstance(error, Error) else ""
    # Values that no application writes may well be too large for a computation on them.
    is_computation = not statement.lstrip().lower().startswith(("alter", "create", "set"))
    # All of it is rolled back, and this is the check that the rule itself advises.
    is_check = bool(migration.atomic) and is_on_purpose(error, watch.last)
    return Evidence(
        rules.FAILS_ON_ROWS.code,
        f"{_STOPS if is_check else _FAILS}{first_line(error)}",
        statement=statement,
        operation=index,
        kind=kind,
        minor=is_computation,
        informs=is_check,
    )


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
