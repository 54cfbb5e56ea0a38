"""The database refuses a reference that the old code still writes."""

from collections.abc import Iterator
from dataclasses import replace

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import (
    RUN_SQL,
    Altered,
    altered,
    is_new_column,
    on_old_tables,
)
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AlterField", *RUN_SQL)

RULE = Rule(
    code="MIG020",
    name="new-foreign-key",
    summary=("A foreign key is added to an existing column, and all rows are validated at once."),
    reason=(
        "Rows that lead nowhere make the migration fail, and during the deploy the old code still "
        "runs and may write such rows: they are refused. While every row is looked at, nobody can "
        "write to either table."
    ),
    instead=(
        "First release code that writes only references that lead somewhere. Then add the foreign "
        "key with ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own; "
        "the field changes in state_operations. NOT VALID spares the old rows and the lock, not "
        "the rows that code writes from now on: it is a finding, to be accepted once all running "
        "code keeps to it. Django also drops a foreign key and adds it again where its field "
        "changes, by null or default; that locks and fails nothing, so it is a warning. A new "
        "column with null=True may have its foreign key at once."
    ),
    bad="""\
operations = [
    migrations.RunSQL(
        "ALTER TABLE blog_post ADD CONSTRAINT author_fk FOREIGN KEY (editor_id) REFERENCES user"
    ),
]
""",
    good="""\
operations = [
    migrations.AddField("post", "author", models.ForeignKey("blog.User", null=True)),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        if each.new.has_constraint and _is_new(each, context):
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField adds a foreign key to {each.name}; rows that lead nowhere make it "
                "fail.",
                _HINT,
            )
        elif each.new.has_constraint and each.old.has_constraint and _is_made_again(each):
            found = RULE.finding(
                migration.location(each.step.operation),
                f"AlterField drops the foreign key of {each.name} and adds it again: every row is "
                "looked at while nobody can write to either table.",
                "Change the column by RunSQL (DROP NOT NULL, SET NOT NULL) and the field in "
                f"state_operations. {accept(RULE)}",
            )
            yield replace(found, severity=Severity.WARNING)
    for operation, statement in on_old_tables(context, migration, *_KEYS):
        table = statement.table
        if not any(is_new_column(context, migration, table, name) for name in statement.columns):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}; rows that lead nowhere are refused, old ones "
                "or new ones.",
                _HINT,
            )


_KEYS = (Act.ADD_FOREIGN_KEY, Act.NOT_VALID_KEY)
_HINT = (
    "Add the constraint with NOT VALID by RunSQL, validate it in a migration of its own, and "
    f"change the field in state_operations. {accept(RULE)}"
)


def _is_new(each: Altered, context: Context) -> bool:
    if not each.old.has_constraint:
        return each.old.is_known
    tables = [
        context.states.table_of(field.target, each.step.app) for field in (each.old, each.new)
    ]
    return None not in tables and tables[0] != tables[1]


# What Django leaves the foreign key alone for.
_WITHOUT_EFFECT = {"to", "on_delete", "db_column"}


def _is_made_again(each: Altered) -> bool:
    old, new = _of_constraint(each.old), _of_constraint(each.new)
    return old != new or each.old.kind != each.new.kind or each.old.column != each.new.column


def _of_constraint(field: Field) -> dict[str, object]:
    named = field.definition.named if isinstance(field.definition, Definition) else {}
    unset = {"null": False, "default": None, "unique": False, "db_index": True}
    told = {name: value for name, value in named.items() if name not in _WITHOUT_EFFECT}
    return unset | told
