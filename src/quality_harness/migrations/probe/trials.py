"""What the old code does with the rows of its models, in few round trips.

The statements are composed once: they are tried after each migration of a chain, and where
something fails, once more on the schema before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F

from quality_harness.migrations.probe import batch
from quality_harness.migrations.probe.long_text import sent
from quality_harness.migrations.probe.rows import Rows
from quality_harness.migrations.probe.saving import CHECKS, check_constraints, save_all
from quality_harness.migrations.probe.structure import unique_fields

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


class Wrong(Exception):
    """A statement succeeded, and did not do what it says."""

    def __init__(self, says: str, field: str = "", changed: bool = False) -> None:
        super().__init__(says, field, changed)
        self.says = says
        self.field = field
        self.changed = changed


@dataclass(frozen=True)
class Trial:
    """What is tried through one model.

    Attributes:
        reads: all rows, then those that have a row's values.
        inserts: of the rows that were made, once more; none for a model with parents.
        updates: of those rows, likewise.
        rows: the statement that meets all rows, and how many there are once those were inserted.
        delete: the statement that removes all rows.
    """

    reads: Sequence[batch.Question]
    inserts: Sequence[Counted]
    updates: Sequence[Counted]
    rows: Counted
    delete: str


class Trials:
    """The trials of some old models.

    Attributes:
        rows: those that were made.
        before: what each model read then.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.before = _read(rows.made)
        self._composed: dict[Any, Trial] = {}

    def write(self, models: Sequence[Any]) -> None:
        """Read, create and update through each of the models.

        Raises:
            Error: PostgreSQL refuses a statement.
            Wrong: one does something else; which one may not be known.
        """
        trials = [self._trial(model) for model in models]
        self._compare(models, batch.fetch([each for trial in trials for each in trial.reads]))
        for model in models:
            if model._meta.parents:
                # It takes a statement for each table, and some that ask for the rows.
                save_all(model, self.rows.more(model))
                with connection.cursor() as cursor:
                    check_constraints(cursor)
                run_updates(updates(model, self.rows.made[model]))
        inserts = [each for trial in trials for each in trial.inserts]
        changes = [each for trial in trials for each in trial.updates]
        created, there, updated = _counts(inserts, [trial.rows for trial in trials], changes)
        if any(count != expected for count, expected in (*created, *updated)):
            raise Wrong("a statement met other rows than it had to")
        # There may be more: the migration itself may have made some.
        if any(count < expected for count, expected in there):
            raise Wrong("rows that were inserted are not there")

    def delete(self, expected: Mapping[Any, int]) -> None:
        """Delete all rows of the models, those first that refer to others.

        Args:
            expected: how many rows of each model there are at least.

        Raises:
            Error: PostgreSQL refuses a statement.
            Wrong: one met too few rows.
        """
        deletes = [(self._trial(model).delete, count) for model, count in expected.items()]
        (deleted,) = _counts(deletes[::-1])
        if any(count < expected for count, expected in deleted):
            raise Wrong("a DELETE met too few rows")

    def _trial(self, model: Any) -> Trial:
        if model not in self._composed:
            self._composed[model] = _compose(model, self.rows, self.before[model])
        return self._composed[model]

    def _compare(self, models: Sequence[Any], found: Sequence[Iterable[tuple[Any, ...]]]) -> None:
        answers = iter(found)
        for model in models:
            first, *_ = [next(answers) for _ in self._trial(model).reads]
            compare(model, self.before[model], by_key(first))


def _compose(model: Any, rows: Rows, before: Read) -> Trial:
    reads = [_all_rows(model), *map(batch.question, filtered(model, before))]
    delete, made = batch.delete(rows_of(model)), rows.made[model]
    table = connection.ops.quote_name(model._meta.db_table)
    there = (f"SELECT FROM {table}", len(before) + len(made))
    if model._meta.parents:
        return Trial(reads, (), (), there, delete)
    changes = [
        (batch.update(found, values), count)
        for found, values, count in (*updates(model, made), *exchanges(model, made))
    ]
    return Trial(reads, batch.inserts(model, rows.more(model)), changes, there, delete)


def _read(models: Iterable[Any]) -> dict[Any, Read]:
    """Return all rows of each model by their keys, as the old code sees them."""
    models = list(models)
    found = batch.fetch([*map(_all_rows, models)])
    return {model: by_key(rows) for model, rows in zip(models, found, strict=True)}


def _counts(*groups: Sequence[Counted]) -> Iterator[list[tuple[int, int]]]:
    """Give how many rows each statement met, and had to; check constraints after each group."""
    statements = [sql for group in groups for sql in (*(sql for sql, _ in group), *CHECKS)]
    with connection.cursor() as cursor:
        results = iter(batch.run(cursor, statements))
    for group in groups:
        yield [(next(results).count, expected) for _, expected in group]
        for _ in CHECKS:
            next(results)


def rows_of(model: Any) -> Any:
    """Return the queryset of all rows."""
    return model._base_manager.using(DEFAULT_DB_ALIAS).order_by()


def everything(model: Any) -> Any:
    """Return the queryset of all rows with the key first, then the values of all fields."""
    names = [field.attname for field in model._meta.concrete_fields]
    return rows_of(model).values_list("pk", *names)


@cache
def _all_rows(model: Any) -> batch.Question:
    return batch.question(everything(model))


def by_key(rows: Iterable[tuple[Any, ...]]) -> Read:
    """Return the rows of `everything` by their keys."""
    return {row[0]: row[1:] for row in rows}


def compare(model: Any, before: Read, now: Read) -> None:
    """Compare what is read with what was read before.

    Raises:
        Wrong: a row is gone, or a value has changed.
    """
    gone = [key for key in before if key not in now]
    if gone:
        raise Wrong(f"{len(gone)} of {len(before)} rows are gone", changed=True)
    for place, field in enumerate(model._meta.concrete_fields):
        for key, row in before.items():
            was, is_now = row[place], now[key][place]
            if was is not None and (type(was) is not type(is_now) or was != is_now):
                says = f"{_short(was)} is read as {_short(is_now)}"
                raise Wrong(says, field.name, changed=True)


def filtered(model: Any, before: Read) -> Iterator[Any]:
    """Compare each column with a value of the type that the old code has for it."""
    for row in list(before.values())[:1]:
        wanted = {
            field.attname: sent(field, given)
            for field, given in zip(model._meta.concrete_fields, row, strict=True)
            if given is not None and field.get_internal_type() in (*_COMPARABLE, "ForeignKey")
        }
        yield rows_of(model).filter(**wanted).values_list("pk")[:1]


def run_updates(wanted: Iterable[Update]) -> None:
    """Update the rows.

    Raises:
        Wrong: an UPDATE met other rows.
    """
    for found, values, expected in wanted:
        count = found.update(**values)
        if count != expected:
            raise Wrong(f"an UPDATE of {expected} rows changed {count}")


def updates(model: Any, objects: Sequence[Any]) -> Iterator[Update]:
    """Give the rows to update with their own values."""
    writable = [f for f in model._meta.concrete_fields if not f.primary_key and not f.generated]
    if not writable:
        return
    keys = [each.pk for each in objects]
    yield rows_of(model).filter(pk__in=keys), {f.name: F(f.name) for f in writable}, len(objects)
    for each in objects[:1]:
        values = {f.attname: getattr(each, f.attname) for f in writable if not f.has_db_default()}
        if values and not model._meta.parents:
            yield rows_of(model).filter(pk=each.pk), values, 1


def exchanges(model: Any, objects: Sequence[Any]) -> Iterator[Update]:
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
    row = rows_of(model).filter(pk=objects[0].pk)
    yield row, values, 1
    yield row.filter(**values), {fields[0].name: F(fields[0].name)}, 1


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."
