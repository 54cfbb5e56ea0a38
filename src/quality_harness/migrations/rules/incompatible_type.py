"""A column of another type speaks to the old code in another language."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    Conversion,
    altered,
    conversion,
    on_old_columns,
    show,
    type_of,
)
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.sql.types import Type, type_in_sql

OPERATIONS = ("AlterField", *RUN_SQL)

RULE = Rule(
    code="MIG016",
    name="incompatible-type",
    summary="A column's type becomes one of another kind.",
    reason=(
        "During the deploy the old code still runs: it writes values of the old type, which fail, "
        "and reads values of the new one, which it does not expect. Values that do not convert "
        "make the migration fail; others lose a part (a time of day, digits after the point). All "
        "rows are written again under a lock that keeps everybody out."
    ),
    instead=(
        "Add a new column of the new type, write both, copy the old rows in batches, switch the "
        "readers, and drop the old column in a later release."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "title", models.IntegerField()),
]
""",
    good="""\
operations = [
    migrations.AddField("blog", "title_number", models.IntegerField(null=True)),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        old, new = each.types
        if old is not None and new is not None and conversion(old, new) is Conversion.OTHER:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField makes {each.name} {show(new)}; it was {show(old)}, and the running "
                "code takes it for that.",
                f"Add a new field of the new type beside {each.name}, write both, copy, switch "
                f"the readers, and drop the old one in a later release. {accept(RULE)}",
            )
    for operation, statement, field in on_old_columns(context, migration, Act.CHANGE_TYPE):
        old = None if field is None else type_of(context, field, context.label(migration))
        if _changes_kind(old, type_in_sql(statement.detail)):
            was = "what it was before cannot be told" if old is None else f"it was {show(old)}"
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement} to {statement.detail or '…'}; {was}.",
                "Add a new column of the new type, write both, copy, switch the readers, and "
                f"drop the old one in a later release. {accept(RULE)}",
            )


def _changes_kind(old: Type | None, new: Type | None) -> bool:
    if old is None:
        # Of a column that is not known, only text without a limit takes what was there.
        return new != Type("text")
    return new is None or conversion(old, new) is Conversion.OTHER
