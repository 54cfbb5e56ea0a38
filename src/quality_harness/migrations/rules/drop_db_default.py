"""The old code leaves to the database what the database no longer knows."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    added_by_sql,
    altered,
    on_old_columns,
    on_old_tables,
)
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AlterField", *RUN_SQL)

RULE = Rule(
    code="MIG021",
    name="drop-db-default",
    summary="A column loses the default on which the running code relies.",
    reason=(
        "During the deploy the old code still runs. It gives no value of its own for a field with "
        "a db_default and leaves it to the database (INSERT ... DEFAULT): without one that means "
        "NULL, which the column refuses."
    ),
    instead=(
        "Release code that gives the value itself first (a default on the field beside the "
        "db_default), and remove the db_default in a later release. Or let it stand: it costs "
        "nothing."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "status", models.CharField(max_length=10, default="draft")),
]
""",
    good="""\
operations = [
    migrations.AlterField(
        "blog", "status", models.CharField(max_length=10, default="draft", db_default="draft")
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        if _is_relied_on(each.old) and not each.new.has_db_default:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField takes the db_default from {each.name}; the running code relies on it.",
                _HINT,
            )
    for operation, statement, field in on_old_columns(context, migration, Act.DROP_DEFAULT):
        added = added_by_sql(context, migration, statement)
        must_be_given = added is not None and added.detail == "not null"
        if must_be_given or (field is not None and _is_relied_on(field)):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}; the running code relies on it.",
                _HINT,
            )
    for operation, statement in on_old_tables(context, migration, Act.DROP_IDENTITY):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}: the running code's INSERTs get no value for it.",
            f"Let it stand until no code leaves the column to the database. {accept(RULE)}",
        )


_HINT = (
    "Give the field a default beside its db_default, release that, and remove the db_default in "
    f"a later release. {accept(RULE)}"
)


def _is_relied_on(field: Field) -> bool:
    return field.has_db_default and not field.has_default and field.null is False
