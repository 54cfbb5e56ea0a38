"""What is overwritten is lost as surely as what is deleted."""

from collections.abc import Iterator
from dataclasses import replace

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.migrations.comparing import (
    added_columns,
    is_new_column,
    on_old_tables,
)
from quality_harness.migrations.fields import Field
from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.on_new import is_on_new
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act, Statement

OPERATIONS = ("RunSQL", "RunPython", "custom")

RULE = Rule(
    code="MIG023",
    name="update-rows",
    summary="Values of an existing column are overwritten.",
    reason=(
        "The old values are gone for good: reversing the migration brings nothing back, and the "
        "old code that still runs may be using them. On a large table the statement holds its "
        "locks until the whole migration ends."
    ),
    instead=(
        "Write the new values to a new column and keep the old one until nothing reads it; for "
        "large tables in batches, by a command. Filling a column that the change adds, rows in "
        "which it is NULL, or, from another one, a column that takes NULL and was added since its "
        "table was made, is no finding. An UPDATE with a condition is a warning, one of a single "
        "row by its key is none."
    ),
    bad="""\
operations = [
    migrations.RunSQL("UPDATE blog_blog SET title = ''"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("UPDATE blog_blog SET subtitle = title WHERE subtitle IS NULL"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(context, migration, Act.UPDATE):
        lost = [name for name in statement.columns if _loses(migration, context, statement, name)]
        if lost and statement.detail != "one":
            found = RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}: what {', '.join(lost)} held is lost.",
                _HINT,
            )
            is_picked = statement.detail == "some"
            yield replace(found, severity=Severity.WARNING) if is_picked else found
    for operation in context.operations(migration):
        for deed in operation.overwrites:
            if is_on_new(context, migration, deed):
                continue
            lost = [name for name in deed.fields if _loses_field(migration, context, deed, name)]
            if lost:
                location = migration.location(operation)
                if deed.path == migration.path:
                    location = Location(deed.path, deed.line, deed.column)
                rows = "rows that are there" if deed.picked else "every row"
                found = RULE.finding(
                    location,
                    f"{operation.arguments['function']}() overwrites {', '.join(lost)} in "
                    f"{rows}: {deed.text}",
                    _HINT,
                )
                yield replace(found, severity=Severity.WARNING) if deed.picked else found


_HINT = (
    "Write the new values to a new column and keep the old one until nothing reads it; or name "
    f"in a condition the rows that are meant. {accept(RULE)}"
)


def _loses(migration: Migration, context: Context, statement: Statement, column: str) -> bool:
    model = context.existing(migration, statement.table)
    if is_new_column(context, migration, statement.table, column):
        return False
    field = None if model is None else model.field_of(column)
    if column not in statement.copied or model is None or field is None:
        return True
    return field.null is not True or _came_with_its_table(context, model, field.name)


def _loses_field(migration: Migration, context: Context, deed: Deed, name: str) -> bool:
    """Return whether a field of that name was there on the base and holds something."""
    app, wanted = deed.model if deed.model[0] else (context.label(migration), "")
    models = context.models_before(migration, app)
    pairs = [
        (model, base)
        for model, base in models
        if wanted in ("", model.name.lower()) and _field(model, name) is not None
    ]
    old = [field for _, base in pairs if base and (field := _field(base, name)) is not None]
    if not old:
        is_new = any(column == name for _, column in added_columns(context, migration))
        return not (pairs or is_new)
    is_filled_later = any(
        field.null is True and base and not _came_with_its_table(context, base, name)
        for _, base in models
        if base and (field := _field(base, name)) is not None
    )
    return not (name in deed.copied and is_filled_later)


def _came_with_its_table(context: Context, model: Model, name: str) -> bool:
    """Whether a field is as old as its table: it was not added to be filled afterwards."""
    return any(_field(each, name) for each in context.created.get(model.key, ()))


def _field(model: Model, name: str) -> Field | None:
    return model.field(name) or model.field_of(name)
