"""Tells whether what a function does is about what the change itself makes."""

from itertools import takewhile

from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration


def is_on_new(context: Context, migration: Migration, deed: Deed) -> bool:
    """Return whether a function does something to a table or relation that the change makes."""
    if deed.table:
        # The model that is given beside it tells nothing.
        return _is_made_before(context, migration, deed)
    model = context.states.models.get(deed.model)
    if model is None:
        return False
    new = any(
        operation.kind == "AddField"
        and (operation.model.lower(), operation.field.lower()) == (deed.model[1], deed.relation)
        for each in context.of_change(migration)
        for operation in each.operations
    )
    return new or context.is_own_table(migration, model.table_key)


def _is_made_before(context: Context, migration: Migration, deed: Deed) -> bool:
    """Return whether an operation of the change makes a deed's table, and stands before it.

    A table may be renamed to make room for a new one under its name.
    """
    everything = (
        (each.path, index, operation)
        for each in context.of_change(migration)
        for index, operation in enumerate(each.operations)
    )
    before = takewhile(lambda placed: deed not in placed[2].deeds, everything)
    made = (
        context.states.changes.get((path, index))
        for path, index, operation in before
        if operation.kind == "CreateModel"
        and operation.changes_database
        and not operation.conditional
    )
    models = (change.after for change in made if change is not None)
    return any(model is not None and model.table_key == deed.table for model in models)


def is_list(context: Context, deed: Deed) -> bool:
    """Return whether what a function takes values from is a column, no relation between rows."""
    model = context.states.models.get(deed.model)
    field = model.fields.get(deed.relation) if model is not None else None
    return field is not None and field.type is not None
