"""A field that moves to another column leaves the old code's column behind."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import altered
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Migration

OPERATIONS = ("AlterField",)

RULE = Rule(
    code="MIG017",
    name="alter-db-column",
    summary="AlterField renames a column.",
    reason=(
        "During the deploy the old code still runs and names the old column in every SELECT and "
        "INSERT of the model: all of them fail. Changing db_column renames, and so does making a "
        "ForeignKey of a plain field, whose column ends in _id."
    ),
    instead=(
        "Keep the column: set db_column to the name that it has. Where the column itself must have "
        "a new name, add a new field, write both, copy, switch the readers, and drop the old one "
        "in a later release."
    ),
    bad="""\
operations = [
    migrations.AlterField(
        "blog", "title", models.CharField(max_length=200, db_column="headline")
    ),
]
""",
    good="""\
operations = [
    migrations.AlterField("blog", "title", models.CharField(max_length=200, db_column="title")),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        old, new = each.old.quoted_column, each.new.quoted_column
        if old is not None and each.new.is_named_at_run_time:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField may rename the column {old} of {each.name}: its db_column is known "
                "only at run time.",
                f'Write out the column: db_column="{old}" keeps it. {accept(RULE)}',
            )
        if old is None or new is None or old == new:
            continue
        is_there_in_the_end = each.step.end is not None and _has(each.step.end, old)
        was_there = each.step.base is None or _has(each.step.base, old)
        if was_there and not (is_there_in_the_end and migration.atomic):
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField renames the column {old} of {each.name} to {new} under the running "
                "code.",
                f'Keep the column: set db_column="{old}" on {each.name}. {accept(RULE)}',
            )


def _has(model: Model, column: str) -> bool:
    """Return whether a model has a column of exactly this name: Django quotes it."""
    return any(field.quoted_column == column for field in model.fields.values())
