"""A constraint that is validated where it is added spares nobody the lock."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AddConstraintNotValid", "ValidateConstraint", *RUN_SQL)

RULE = Rule(
    code="MIG026",
    name="validated-at-once",
    summary="A NOT VALID constraint is validated in the transaction that adds it.",
    reason=(
        "Adding a constraint with NOT VALID takes a short lock, validating it takes long under a "
        "weak one. In one transaction the strong lock is kept until all rows are looked at, as if "
        "NOT VALID were not there. How long depends on the table's size, so this is a warning."
    ),
    instead=(
        "ValidateConstraint, or VALIDATE CONSTRAINT, in a migration of its own, after the one that "
        "adds the constraint."
    ),
    bad="""\
operations = [
    AddConstraintNotValid(
        "blog", models.CheckConstraint(condition=models.Q(views__gte=0), name="views_positive")
    ),
    ValidateConstraint("blog", "views_positive"),
]
""",
    good="""\
operations = [
    ValidateConstraint("blog", "views_positive"),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    added: set[str] = set()
    for operation in context.operations(migration, *_KINDS, *RUN_SQL) if migration.atomic else ():
        for is_added, table in _constraints(operation):
            if is_added:
                added.add(table)
            elif table in added:
                yield RULE.finding(
                    migration.location(operation),
                    f"A constraint of {table} is validated in the transaction that adds it.",
                    f"Move the validation to a migration of its own. {accept(RULE)}",
                )


_KINDS = ("AddConstraintNotValid", "ValidateConstraint")


def _constraints(operation: Operation) -> Iterator[tuple[bool, str]]:
    """Give the tables whose constraints are added (True) and validated (False), in order."""
    if operation.kind in _KINDS:
        yield operation.kind == "AddConstraintNotValid", operation.model.lower()
    for each in operation.statements:
        if each.act in (Act.NOT_VALID, Act.VALIDATE):
            yield each.act is Act.NOT_VALID, each.table
