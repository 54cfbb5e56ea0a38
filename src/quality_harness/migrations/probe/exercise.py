"""Creates, reads, updates and deletes through the models of the old code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction
from django.db.models import F

from quality_harness.migrations.probe import batch
from quality_harness.migrations.probe.long_text import sent
from quality_harness.migrations.probe.rows import (
    CHECKS,
    Rows,
    check_constraints,
    first_line,
    save_all,
    unique_fields,
)

# Other kinds have no equality, or one that is not about the stored value.
_COMPARABLE = (
    "CharField",
    "TextField",
    "SlugField",
    "IntegerField",
    "SmallIntegerField",
    "BigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "PositiveBigIntegerField",
    "BooleanField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "UUIDField",
    "FloatField",
    "AutoField",
    "BigAutoField",
    "JSONField",
)
Read = Mapping[Any, tuple[Any, ...]]
# A statement, and how many rows it has to meet.
Counted = tuple[str, int]
# The rows to update, with which values, and how many they are.
Update = tuple[Any, dict[str, Any], int]


@dataclass(frozen=True)
class Failure:
    """One thing that the old code cannot do.

    Attributes:
        model: an old model.
        verb: create, read, update, change or delete.
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


class Wrong(Exception):
    """A statement succeeded, and did not do what it says."""

    def __init__(self, says: str, field: str = "", changed: bool = False) -> None:
        super().__init__(says, field, changed)
        self.says = says
        self.field = field
        self.changed = changed


def read(models: Iterable[Any]) -> dict[Any, Read]:
    """Return all rows of each model by their keys, as the old code sees them."""
    models = list(models)
    found = batch.fetch([*map(_all_rows, models)])
    return {model: _by_key(rows) for model, rows in zip(models, found, strict=True)}


def exercise(rows: Rows, before: Mapping[Any, Read], last: Callable[[], str]) -> list[Failure]:
    """Try everything through the old models; all of it is rolled back.

    Args:
        rows: those that were made before the migration.
        before: what each model read then.
        last: gives the statement that ran last.
    """
    try:
        with _undone():
            _try_all(rows, before)
    except (Error, Wrong):
        # One by one, to learn what fails; on most migrations nothing does.
        with _undone():
            return _try_each(rows, before, last)
    return []


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _try_all(rows: Rows, before: Mapping[Any, Read]) -> None:
    """Try everything in few round trips, which tell no failure from another."""
    _read_all_again({model: before[model] for model in rows.made})
    inserts: list[Counted] = []
    updates: list[Counted] = []
    deletes: list[Counted] = []
    for model, made in rows.made.items():
        if model._meta.parents:
            # It takes a statement for each table, and some that ask for the rows.
            save_all(model, rows.more(model))
            _check()
            _update(model, made)
        else:
            inserts += batch.inserts(model, rows.more(model))
            updates += [
                (batch.update(found, values), count)
                for found, values, count in (*_updates(model, made), *_changes(model, made))
            ]
        # As many as were there and were created: so a swallowed INSERT is seen, too.
        deletes.insert(0, (batch.delete(_rows(model)), len(before[model]) + len(made)))
    created, updated, deleted = _counts(inserts, updates, deletes)
    if any(count != expected for count, expected in (*created, *updated)) or any(
        count < expected for count, expected in deleted
    ):
        raise Wrong("a statement met other rows than it had to")


def _counts(*groups: Sequence[Counted]) -> Iterator[list[tuple[int, int]]]:
    """Give how many rows each statement met, and had to; check constraints after each group."""
    statements = [sql for group in groups for sql in (*(sql for sql, _ in group), *CHECKS)]
    with connection.cursor() as cursor:
        results = iter(batch.run(cursor, statements))
    for group in groups:
        yield [(next(results).count, expected) for _, expected in group]
        for _ in CHECKS:
            next(results)


def _try_each(rows: Rows, before: Mapping[Any, Read], last: Callable[[], str]) -> list[Failure]:
    failures: list[Failure] = []

    def attempt(model: Any, verb: str, work: Callable[..., None], *arguments: Any) -> bool:
        try:
            with transaction.atomic():
                work(model, *arguments)
                _check()
        except (Error, Wrong) as error:
            failures.append(_failure(model, verb, error, last()))
            return False
        return True

    models = list(rows.made)
    counts = {model: len(each) for model, each in before.items()}
    for model in models:
        attempt(model, "read", _read_again, before[model])
        if attempt(model, "create", _create, rows):
            counts[model] += len(rows.made[model])
        attempt(model, "update", _update, rows.made[model])
        attempt(model, "change", _change, rows.made[model])
    for model in reversed(models):
        attempt(model, "delete", _delete, counts[model])
    return failures


def _check() -> None:
    with connection.cursor() as cursor:
        check_constraints(cursor)


def _failure(model: Any, verb: str, error: Exception, statement: str) -> Failure:
    if isinstance(error, Wrong):
        return Failure(model, verb, error.says, error.field, "", error.changed)
    column = getattr(getattr(error.__cause__, "diag", None), "column_name", None)
    said = first_line(error)
    fields = model._meta.concrete_fields
    named = (f.name for f in fields if f.column == column or f'"{f.column}"' in said)
    by_dot = (f.name for f in fields if f".{f.column} does not" in said)
    return Failure(model, verb, said, next(named, next(by_dot, "")), statement)


def _rows(model: Any) -> Any:
    return model._base_manager.using(DEFAULT_DB_ALIAS).order_by()


def _everything(model: Any) -> Any:
    names = [field.attname for field in model._meta.concrete_fields]
    return _rows(model).values_list("pk", *names)


@cache
def _all_rows(model: Any) -> batch.Question:
    return batch.question(_everything(model))


def _by_key(rows: Iterable[tuple[Any, ...]]) -> Read:
    return {row[0]: row[1:] for row in rows}


def _read_all_again(before: Mapping[Any, Read]) -> None:
    filtered = [query for model, was in before.items() for query in _filtered(model, was)]
    found = batch.fetch([*map(_all_rows, before), *map(batch.question, filtered)])
    for (model, was), rows in zip(before.items(), found, strict=False):
        _compare(model, was, _by_key(rows))


def _read_again(model: Any, before: Read) -> None:
    _compare(model, before, _by_key(_everything(model)))
    for query in _filtered(model, before):
        list(query)


def _compare(model: Any, before: Read, now: Read) -> None:
    gone = [key for key in before if key not in now]
    if gone:
        raise Wrong(f"{len(gone)} of {len(before)} rows are gone", changed=True)
    for place, field in enumerate(model._meta.concrete_fields):
        for key, row in before.items():
            was, is_now = row[place], now[key][place]
            if was is not None and (type(was) is not type(is_now) or was != is_now):
                says = f"{_short(was)} is read as {_short(is_now)}"
                raise Wrong(says, field.name, changed=True)


def _filtered(model: Any, before: Read) -> Iterator[Any]:
    """Compare each column with a value of the type that the old code has for it."""
    for row in list(before.values())[:1]:
        wanted = {
            field.attname: sent(field, given)
            for field, given in zip(model._meta.concrete_fields, row, strict=True)
            if given is not None and field.get_internal_type() in (*_COMPARABLE, "ForeignKey")
        }
        yield _rows(model).filter(**wanted).values_list("pk")[:1]


def _create(model: Any, rows: Rows) -> None:
    objects = rows.more(model)
    save_all(model, objects)
    keys = [each.pk for each in objects]
    found = _rows(model).filter(pk__in=keys)
    if len(found.values_list("pk")) != len(objects):
        raise Wrong("rows that were inserted are not there")


def _update(model: Any, objects: Sequence[Any]) -> None:
    _run_updates(_updates(model, objects))


def _run_updates(updates: Iterable[Update]) -> None:
    for found, values, expected in updates:
        count = found.update(**values)
        if count != expected:
            raise Wrong(f"an UPDATE of {expected} rows changed {count}")


def _updates(model: Any, objects: Sequence[Any]) -> Iterator[Update]:
    """Give the rows to update, with which values, and how many they are."""
    writable = [f for f in model._meta.concrete_fields if not f.primary_key and not f.generated]
    if not writable:
        return
    keys = [each.pk for each in objects]
    yield _rows(model).filter(pk__in=keys), {f.name: F(f.name) for f in writable}, len(objects)
    for each in objects[:1]:
        values = {f.attname: getattr(each, f.attname) for f in writable if not f.has_db_default()}
        if values and not model._meta.parents:
            yield _rows(model).filter(pk=each.pk), values, 1


def _change(model: Any, objects: Sequence[Any]) -> None:
    _run_updates(_changes(model, objects))


def _changes(model: Any, objects: Sequence[Any]) -> Iterator[Update]:
    """Give a row the values of another one, and ask for it by them: a trigger may undo that."""
    fixed = unique_fields(model)
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.name not in fixed
        and not field.generated
        and not field.has_db_default()
        and field.get_internal_type() in _COMPARABLE
        and field.get_internal_type() != "JSONField"
    ]
    if not fields or model._meta.parents or len(objects) < 2:
        return
    values = {f.attname: sent(f, getattr(objects[-1], f.attname)) for f in fields}
    row = _rows(model).filter(pk=objects[0].pk)
    yield row, values, 1
    yield row.filter(**values), {fields[0].name: F(fields[0].name)}, 1


def _delete(model: Any, expected: int) -> None:
    # All of them: what was created meanwhile refers to rows of other models.
    count = _rows(model)._raw_delete(DEFAULT_DB_ALIAS)
    if count < expected:
        raise Wrong(f"a DELETE of {expected} rows removed {count}")


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."
