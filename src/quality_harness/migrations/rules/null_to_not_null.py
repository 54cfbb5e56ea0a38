"""NULL is forbidden while the old code still writes it."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    altered,
    check_of,
    on_old_columns,
    requires_value,
)
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AlterField", *RUN_SQL)

RULE = Rule(
    code="MIG014",
    name="null-to-not-null",
    summary="A column that took NULL does not take it any longer.",
    reason=(
        "During the deploy the old code still runs and writes NULL: those INSERTs and UPDATEs "
        "fail. Rows that hold NULL make the migration itself fail, and the check of all rows keeps "
        "everybody else from the table."
    ),
    instead=(
        "First release code that never writes NULL, and fill the rows that hold it. Then add a "
        "CheckConstraint (isnull=False) with AddConstraintNotValid and validate it in a migration "
        "of its own. In a later release null=False is safe: what the database forbids already is "
        "no finding."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "subtitle", models.CharField(max_length=200)),
]
""",
    good="""\
operations = [
    AddConstraintNotValid(
        "blog",
        models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="subtitle_given"),
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        if each.old.null is not True or each.new.null is not False:
            continue
        if not _is_forbidden(each.step.base, each.old.name, each.step.before):
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField forbids NULL in {each.name}, which the running code may still write.",
                _HINT,
            )
    for operation, statement, field in on_old_columns(context, migration, Act.SET_NOT_NULL):
        model = context.existing(migration, statement.table)
        if field is None or not _is_settled(model, field):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}, which the running code may still write.",
                _HINT,
            )


_HINT = (
    "Release code that never writes NULL first, add a CHECK that is NOT VALID, validate it in a "
    f"migration of its own, and forbid NULL in a later release. {accept(RULE)}"
)


def _is_settled(model: Model | None, field: Field) -> bool:
    return field.null is False or _is_forbidden(model, field.name, model)


def _is_forbidden(base: Model | None, field: str, before: Model | None) -> bool:
    """Return whether a constraint of the base forbids NULL already, in every row by now."""
    constraints = base.constraints.items() if base is not None else ()
    unvalidated = before.unvalidated if before is not None else ()
    return any(
        requires_value(check_of(each), field) and name not in unvalidated
        for name, each in constraints
    )
