"""A narrower column refuses what the old code and the old rows hold."""

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
from quality_harness.migrations.sql.types import type_in_sql

OPERATIONS = ("AlterField", *RUN_SQL)

RULE = Rule(
    code="MIG015",
    name="narrowed-type",
    summary="A column takes shorter texts, smaller numbers or fewer digits than before.",
    reason=(
        "Old rows that are too long make the migration fail, or are cut. During the deploy the old "
        "code still runs and writes values that the column refuses."
    ),
    instead=(
        "Limit new values in the code first (a validator, a shorter form field), mend the old "
        "rows, and keep the column as wide as it is: a wider column costs nothing. Where it must "
        "be narrower, add a CheckConstraint that is NOT VALID, validate it later, and narrow in a "
        "later release."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "title", models.CharField(max_length=50)),
]
""",
    good="""\
operations = [
    migrations.AlterField("blog", "title", models.CharField(max_length=500)),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        old, new = each.types
        if old is not None and new is not None and conversion(old, new) is Conversion.NARROWER:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField narrows {each.name} from {show(old)} to {show(new)}: longer values "
                "of old rows and of the running code do not fit.",
                f"Keep the column of {each.name} as wide as it is, and limit new values in the "
                f"code. {accept(RULE)}",
            )
    for operation, statement, field in on_old_columns(context, migration, Act.CHANGE_TYPE):
        old = None if field is None else type_of(context, field, context.label(migration))
        new = type_in_sql(statement.detail)
        if old is not None and new is not None and conversion(old, new) is Conversion.NARROWER:
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}, from {show(old)} to {show(new)}: longer "
                "values do not fit.",
                f"Keep the column as wide as it is, and limit new values in the code. "
                f"{accept(RULE)}",
            )
