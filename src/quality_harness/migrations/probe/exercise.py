"""Creates, reads, updates and deletes through the models of the old code."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field as with_default
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction

from quality_harness.migrations.probe.remaining import Remaining, refers
from quality_harness.migrations.probe.saving import check_constraints, first_line, save_all
from quality_harness.migrations.probe.trials import (
    Read,
    Trials,
    Wrong,
    by_key,
    compare,
    everything,
    exchanges,
    filtered,
    rows_of,
    run_updates,
    updates,
)

TOGETHER = "do all of it one after another"
# Foreign keys that let nothing go.
_HELD = ("23503", "23001")


@dataclass(frozen=True)
class Failure:
    """One thing that the old code cannot do.

    Attributes:
        model: an old model.
        verb: create, read, update, change or delete; TOGETHER where only all of it fails.
        says: what PostgreSQL says.
        field: the field that is concerned, where that is known.
        statement: what was run.
        changed: rows are read with other values than before.
        reason: PostgreSQL's code of the error, or empty.
    """

    model: Any
    verb: str
    says: str
    field: str = ""
    statement: str = ""
    changed: bool = False
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from other failures."""
        return self.model._meta.label, self.verb, self.field


def exercise(trials: Trials, last: Callable[[], str]) -> list[Failure]:
    """Try everything through the old models; all of it is rolled back.

    Args:
        trials: what is tried.
        last: gives the statement that ran last.
    """
    models = list(trials.rows.made)
    if not models:
        return []
    # As many as were there and were created: so a swallowed INSERT is seen, too.
    every = {model: len(trials.before[model]) + len(trials.rows.made[model]) for model in models}
    try:
        with _undone():
            trials.write(models)
            trials.delete(every)
    except (Error, Wrong) as error:
        together = _failure(models[0], TOGETHER, error, last())
        # One by one, to learn what fails; on most migrations nothing does.
        with _undone():
            # A trigger may ask what stands in other tables: nothing found is no proof.
            return _try_each(trials, models, last) or [together]
    return []


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _error_of(work: Callable[..., None], *arguments: Any) -> Exception | None:
    """Return why something fails; what it did is rolled back then."""
    try:
        with transaction.atomic():
            work(*arguments)
            with connection.cursor() as cursor:
                check_constraints(cursor)
    except (Error, Wrong) as error:
        return error
    return None


@dataclass(frozen=True)
class _Attempts:
    """Tries one thing after another, and keeps what succeeds.

    Attributes:
        trials: what is tried.
        last: gives the statement that ran last.
        remaining: the rows that the migration has left.
        failures: what failed so far.
    """

    trials: Trials
    last: Callable[[], str]
    remaining: Remaining
    failures: list[Failure] = with_default(default_factory=list)

    def write(self, model: Any) -> int:
        """Read, create and update through a model; return how many rows were created."""
        rows = self.trials.rows
        if _error_of(self.trials.write, [model]) is None:
            return len(rows.made[model])
        made = self.remaining.usable(model, rows.made[model])
        more = self.remaining.usable(model, rows.more(model))
        self._attempt(model, "read", _read_again, self.trials.before[model])
        is_created = self._attempt(model, "create", _create, more)
        self._attempt(model, "update", _update, made)
        self._attempt(model, "change", _change, made)
        return len(more) if is_created else 0

    def delete(self, expected: Mapping[Any, int]) -> None:
        """Delete all rows of each model, those first that refer to others."""
        if _error_of(self.trials.delete, expected) is None:
            return
        there = list(expected)
        told: list[Failure] = []
        held: list[Failure] = []
        for model in reversed(expected):
            error = _error_of(_delete, model, expected[model])
            if error is None:
                there.remove(model)
                continue
            # Rows that could not be deleted hold those that they refer to.
            is_held = _sqlstate(error) in _HELD and refers(model, there)
            (held if is_held else told).append(_failure(model, "delete", error, self.last()))
        # In a circle each is held by another, and nothing else tells why.
        self.failures.extend(told or held)

    def _attempt(self, model: Any, verb: str, work: Callable[..., None], *arguments: Any) -> bool:
        error = _error_of(work, model, *arguments)
        if error is not None:
            self.failures.append(_failure(model, verb, error, self.last()))
        return error is None


def _try_each(trials: Trials, models: Sequence[Any], last: Callable[[], str]) -> list[Failure]:
    attempts = _Attempts(trials, last, Remaining(trials.before))
    attempts.delete(
        {model: attempts.remaining.count(model) + attempts.write(model) for model in models}
    )
    return attempts.failures


def _failure(model: Any, verb: str, error: Exception, statement: str) -> Failure:
    if isinstance(error, Wrong):
        return Failure(model, verb, error.says, error.field, "", error.changed)
    column = _told(error, "column_name")
    said = first_line(error)
    fields = model._meta.concrete_fields
    named = (f.name for f in fields if f.column == column or f'"{f.column}"' in said)
    by_dot = (f.name for f in fields if f".{f.column} does not" in said)
    field = next(named, next(by_dot, ""))
    return Failure(model, verb, said, field, statement, reason=_sqlstate(error))


def _sqlstate(error: Exception) -> str:
    return _told(error, "sqlstate") or ""


def _told(error: Exception, what: str) -> str | None:
    """Return one of the things that PostgreSQL tells about an error beside its message."""
    return getattr(getattr(error.__cause__, "diag", None), what, None)


def _read_again(model: Any, before: Read) -> None:
    compare(model, before, by_key(everything(model)))
    for query in filtered(model, before):
        list(query)


def _create(model: Any, objects: Sequence[Any]) -> None:
    save_all(model, objects)
    keys = [each.pk for each in objects]
    found = rows_of(model).filter(pk__in=keys)
    if len(found.values_list("pk")) != len(objects):
        raise Wrong("rows that were inserted are not there")


def _update(model: Any, objects: Sequence[Any]) -> None:
    run_updates(updates(model, objects))


def _change(model: Any, objects: Sequence[Any]) -> None:
    run_updates(exchanges(model, objects))


def _delete(model: Any, expected: int) -> None:
    # All of them: what was created meanwhile refers to rows of other models.
    count = rows_of(model)._raw_delete(DEFAULT_DB_ALIAS)
    if count < expected:
        raise Wrong(f"a DELETE of {expected} rows removed {count}")
