"""The database refuses what the old code still writes."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    added_by_sql,
    altered,
    check_of,
    is_new_column,
    on_old_tables,
)
from quality_harness.migrations.conditions import follows
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.domains import columns_of_domain
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.kept_by_type import is_kept as is_kept_by_type, lookups
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.outcomes import is_null_in_all, outcomes
from quality_harness.migrations.partitions import default_partition
from quality_harness.migrations.sql.statements import Act, Statement

OPERATIONS = ("AlterField", "AddConstraint", "AddConstraintNotValid", *RUN_SQL)

RULE = Rule(
    code="MIG019",
    name="new-check",
    summary=(
        "A check or an exclusion is added for existing columns, and all rows are validated at "
        "once."
    ),
    reason=(
        "Rows that break the constraint make the migration fail, and during the deploy the old "
        "code still runs and writes such rows: they are refused. While every row is looked at, "
        "nobody can write. A partition that is added beside a default one is a check of that: "
        "where it holds rows of the new partition, the migration fails. What a domain asks it asks "
        "of every column that has it."
    ),
    instead=(
        "First release code that keeps to the rule. Then add the constraint with "
        "AddConstraintNotValid (ADD CONSTRAINT ... NOT VALID), which looks at no old row, and "
        "validate it with ValidateConstraint in a migration of its own. NOT VALID spares the old "
        "rows and the lock, not the rows that code writes from now on: it is a finding, to be "
        "accepted once all running code keeps to it."
    ),
    bad="""\
operations = [
    migrations.AddConstraint(
        "blog",
        models.CheckConstraint(condition=models.Q(views__gte=0), name="views_not_negative"),
    ),
]
""",
    good="""\
operations = [
    migrations.AddField("blog", "rank", models.IntegerField(null=True)),
    migrations.AddConstraint(
        "blog", models.CheckConstraint(condition=models.Q(rank__gte=0), name="rank_positive")
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    yield from _of_fields(migration, context)
    yield from _of_constraints(migration, context)
    yield from _of_sql(migration, context)
    yield from _of_domains(migration, context)
    yield from _of_partitions(migration, context)


def _of_fields(migration: Migration, context: Context) -> Iterator[Finding]:
    for each in altered(context, migration):
        is_number = each.old.type is not None and each.old.type.family == "integer"
        if is_number and each.new.is_positive and not each.old.is_positive:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField forbids negative numbers in {each.name}; old rows and the running "
                "code may hold them.",
                _HINT,
            )


def _of_constraints(migration: Migration, context: Context) -> Iterator[Finding]:
    for step in context.steps(migration, "AddConstraint", "AddConstraintNotValid"):
        made = step.operation.given["constraint"]
        if isinstance(made, Definition) and made.name in _KINDS and not _is_harmless(step, made):
            yield RULE.finding(
                migration.location(step.operation),
                f"{step.operation.kind} adds a {made.name} to {step.operation.model}; "
                f"{_WHO[step.operation.kind]} may break it.",
                _HINT if step.operation.kind == "AddConstraint" else _HINT_FOR_NOT_VALID,
            )


def _of_sql(migration: Migration, context: Context) -> Iterator[Finding]:
    for operation, statement in on_old_tables(context, migration, *_CHECKS):
        model = context.existing(migration, statement.table)
        if (
            statement.act is Act.NOT_VALID_CHECK
            and model
            and is_kept_by_type(statement.columns, model)
        ):
            continue
        names = set(statement.columns)
        is_about_old = model is not None and bool(model.columns & names)
        is_new = any(is_new_column(context, migration, statement.table, name) for name in names)
        if is_about_old or not is_new or _refuses_null(context, migration, statement):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}; what the running code writes may break it.",
                _HINT_FOR_NOT_VALID if statement.act is Act.NOT_VALID_CHECK else _HINT,
            )


def _of_domains(migration: Migration, context: Context) -> Iterator[Finding]:
    for operation, statement in on_old_tables(context, migration, Act.DOMAIN):
        columns = columns_of_domain(context, migration, statement)
        if columns:
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}, and so of {columns}; what the running code "
                "writes may break it.",
                _HINT_FOR_NOT_VALID,
            )


def _of_partitions(migration: Migration, context: Context) -> Iterator[Finding]:
    for operation, statement in on_old_tables(context, migration, Act.PARTITION):
        default = default_partition(context, migration, statement)
        if default:
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}, whose default partition {default} may hold rows "
                "that belong there.",
                f"Move such rows out of {default} first, and give it a CHECK that it holds none, "
                f"in a migration of its own. {accept(RULE)}",
            )


_KINDS = {"CheckConstraint", "ExclusionConstraint"}
_WHO = {
    "AddConstraint": "old rows and the running code",
    "AddConstraintNotValid": "what the running code writes",
}
_CHECKS = (Act.ADD_CHECK, Act.NOT_VALID_CHECK)
_HINT = (
    "Release code that keeps to it first. Then add it with AddConstraintNotValid (NOT VALID), "
    f"which spares the old rows alone, and validate it in a migration of its own. {accept(RULE)}"
)
_HINT_FOR_NOT_VALID = (
    "NOT VALID spares the old rows, not those that the running code writes: release code that "
    f"keeps to it first. {accept(RULE)}"
)


def _refuses_null(context: Context, migration: Migration, statement: Statement) -> bool:
    """Return whether SQL asks a value of a new column that old code leaves NULL."""
    words = statement.columns
    asked = {
        words[place - 1]
        for place in range(1, len(words) - 2)
        if words[place : place + 3] == ("is", "not", "null") and "or" not in words
    }
    for model in context.states.find(statement.table) if asked else ():
        for field in filter(None, map(model.field_of, asked)):
            column = Statement(Act.ADD_COLUMN, f"column {statement.table}.{field.column}")
            if added_by_sql(context, migration, column) is None and not field.has_db_default:
                return True
    return False


def _is_harmless(step: Step, made: Definition) -> bool:
    """Return whether every old row and all old code keep to it."""
    condition = check_of(made)
    if made.name == "ExclusionConstraint":
        is_kept = _excludes_none(step, made)
    else:
        is_kept = False not in outcomes(condition, step)
    conditions = [check_of(each) for each in step.base.constraints.values()] if step.base else []
    if is_kept or (condition is not None and condition in conditions):
        return True
    # To validate a wider check at once, every row is looked at under a lock all the same.
    is_not_valid = step.operation.kind == "AddConstraintNotValid"
    if not is_not_valid or step.base is None:
        return False
    return follows(condition, Definition("&", (*conditions, *lookups(step.base))))


def _excludes_none(step: Step, made: Definition) -> bool:
    """Return whether no two rows can exclude each other, as they hold NULL in what is compared."""
    given = made.get("expressions")
    for pair in given if isinstance(given, tuple) else ():
        compared = pair[0] if isinstance(pair, tuple) and pair else None
        if isinstance(compared, Definition) and compared.name == "F":
            compared = compared.get("name", 0)
        if isinstance(compared, str) and is_null_in_all(step, compared):
            return True
    return True not in outcomes(check_of(made), step)
