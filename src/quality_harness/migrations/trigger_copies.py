"""Tells where a trigger copies what is written to a place that does not take all of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quality_harness.migrations.comparing import RUN_SQL, Conversion, conversion, show, type_of
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.types import Type, type_in_sql


@dataclass(frozen=True)
class _Place:
    """A column that a trigger fills.

    Attributes:
        type: its type; None where that is unknown.
        takes_null: whether it takes NULL.
        target: the table that it refers to; "" for none.
    """

    type: Type | None
    takes_null: bool
    target: str


def without_room(
    context: Context, migration: Migration, copy: Statement, earlier: Iterable[Statement]
) -> Iterator[str]:
    """Give what a trigger copies and its target refuses, so that the write itself fails.

    Args:
        context: what is known of the whole change.
        migration: makes the trigger.
        copy: what the trigger copies.
        earlier: what SQL did before the change.
    """
    model = context.existing(migration, copy.table)
    # The last table of a name is the one that is there.
    made = list(_rooms([*earlier, *_of_change(context, migration)]))[::-1]
    for column, source in zip(copy.columns, copy.copied, strict=True):
        row, _, name = source.partition(".")
        field = None if model is None else model.field_of(name)
        place = _place(context, copy.detail, column, made)
        if model is None or field is None or place is None:
            continue
        what = f"copies {copy.table}.{name} by a trigger to {copy.detail}.{column}"
        old, new = type_of(context, field, model.app), place.type
        if old is not None and new is not None and conversion(old, new) is Conversion.NARROWER:
            yield f"{what}, which has room for {show(new)} only"
        if field.null is True and not place.takes_null:
            yield f"{what}, which takes no NULL"
        is_key = field.get("primary_key") is True
        is_gone = row == "old" and {"AFTER", "DELETE"} <= {*copy.body}
        if is_key and is_gone and place.target == copy.table:
            yield f"{what}, which refers to the row that is deleted"


def _of_change(context: Context, migration: Migration) -> Iterator[Statement]:
    for each in context.of_change(migration):
        for operation in context.operations(each, *RUN_SQL):
            yield from operation.statements


def _rooms(done: list[Statement]) -> Iterator[Statement]:
    """Give the columns of tables as they were made, where nothing has changed them since."""
    changed = {each.table for each in done if each.act in (Act.ALTER, Act.DROP)}
    for each in done:
        if each.act is Act.ROOM and each.table not in changed:
            yield each


def _place(context: Context, table: str, column: str, made: Iterable[Statement]) -> _Place | None:
    """Return a column of a model, or of a table that SQL has made; None for an unknown one."""
    schema, _, own = table.rpartition(".")
    if schema not in ("", "public"):
        return None
    for model in context.states.find(own):
        field = model.field_of(column)
        if field is not None:
            target = context.states.table_of(field.target, model.app) or ""
            found = type_of(context, field, model.app)
            refers = target.lower() if field.has_constraint else ""
            return _Place(found, field.null is not False, refers)
    for each in made:
        if (each.table, each.column) == (own, column):
            targets = [name for name in each.columns if name != "not null"]
            found = type_in_sql(each.detail)
            return _Place(found, "not null" not in each.columns, "".join(targets))
    return None
