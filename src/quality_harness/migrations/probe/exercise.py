"""Creates, reads, updates and deletes through the models of the old code."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction

from quality_harness.migrations.probe.rows import Rows
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
    """

    model: Any
    verb: str
    says: str
    field: str = ""
    statement: str = ""
    changed: bool = False

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


def _works(work: Callable[..., None], wanted: Any) -> bool:
    """Whether something succeeds; where not, what it did is rolled back."""
    try:
        with transaction.atomic():
            work(wanted)
    except (Error, Wrong):
        return False
    return True


def _try_each(trials: Trials, models: Sequence[Any], last: Callable[[], str]) -> list[Failure]:
    failures: list[Failure] = []

    def attempt(model: Any, verb: str, work: Callable[..., None], *arguments: Any) -> bool:
        try:
            with transaction.atomic():
                work(model, *arguments)
                with connection.cursor() as cursor:
                    check_constraints(cursor)
        except (Error, Wrong) as error:
            failures.append(_failure(model, verb, error, last()))
            return False
        return True

    rows, expected = trials.rows, {model: len(each) for model, each in trials.before.items()}
    for model in models:
        created = works = _works(trials.write, [model])
        if not works:
            attempt(model, "read", _read_again, trials.before[model])
            created = attempt(model, "create", _create, rows)
            attempt(model, "update", _update, rows.made[model])
            attempt(model, "change", _change, rows.made[model])
        if created:
            expected[model] += len(rows.made[model])
    if not _works(trials.delete, expected):
        for model in reversed(models):
            attempt(model, "delete", _delete, expected[model])
    return failures


def _failure(model: Any, verb: str, error: Exception, statement: str) -> Failure:
    if isinstance(error, Wrong):
        return Failure(model, verb, error.says, error.field, "", error.changed)
    column = getattr(getattr(error.__cause__, "diag", None), "column_name", None)
    said = first_line(error)
    fields = model._meta.concrete_fields
    named = (f.name for f in fields if f.column == column or f'"{f.column}"' in said)
    by_dot = (f.name for f in fields if f".{f.column} does not" in said)
    return Failure(model, verb, said, next(named, next(by_dot, "")), statement)


def _read_again(model: Any, before: Read) -> None:
    compare(model, before, by_key(everything(model)))
    for query in filtered(model, before):
        list(query)


def _create(model: Any, rows: Rows) -> None:
    objects = rows.more(model)
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
