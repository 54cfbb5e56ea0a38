"""What cannot be told from the source is said, never passed over."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.definitions import UNKNOWN, Definition
from quality_harness.migrations.fields import SIZES
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import UNRESOLVED, Effect, Migration

OPERATIONS = (UNRESOLVED, "AddField", "AlterField", "AddConstraint")

RULE = Rule(
    code="MIG011",
    name="unresolved-operation",
    summary="What the migration does is known only at run time.",
    reason=(
        "The check reads the source and runs nothing. SQL from a file, an operation of a "
        "class outside the project or a list that is computed may lose data, and silence "
        "would look like a pass."
    ),
    instead=(
        "Write operations and their SQL out in the migration, from constants if need be: a "
        "migration should do the same on every database and every day. Where that cannot be, "
        "accept the finding and say what it does."
    ),
    bad="""\
operations = [
    migrations.RunSQL(open("changes.sql").read()),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE INDEX blog_post_slug ON blog_post (slug)"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in context.operations(migration, UNRESOLVED):
        yield RULE.finding(
            migration.location(operation),
            f"Cannot tell what this does: {operation.problem}.",
            f"Write it out in the migration, from constants if need be. {accept(RULE)}",
        )
    for step in context.steps(migration, "AddField", "AlterField", "AddConstraint"):
        problem = _untold(step)
        if problem:
            yield RULE.finding(
                migration.location(step.operation),
                f"Cannot tell what this does: {problem}.",
                f"Write it out in the migration, from constants if need be. {accept(RULE)}",
            )


def _untold(step: Step) -> str:
    """Return what a rule would have to know of a field or a constraint, and cannot."""
    operation = step.operation
    name = f"{operation.model}.{operation.field}" if operation.field else operation.model
    is_field = "field" in operation.given
    given = step.field.definition if is_field else operation.given.get("constraint")
    if not isinstance(given, Definition):
        return f"{operation.kind} gives {name} what is known only at run time"
    is_altered = operation.kind == "AlterField"
    if is_altered and (step.before is None or _is_editors(step)):
        return f"the model of {name} is not made by any migration of this tree"
    if is_altered and _has_unknown_size(step):
        return f"how much {name} takes is computed"
    if operation.field and given.complete and given.get("null") is UNKNOWN:
        return f"whether {name} takes NULL is computed"
    return ""


def _is_editors(step: Step) -> bool:
    """Return whether a schema editor alters a field that no migration of the tree makes."""
    is_alone = step.operation.effect is Effect.DATABASE_ONLY
    return is_alone and step.before is not None and step.before.field(step.operation.field) is None


def _has_unknown_size(step: Step) -> bool:
    """Return whether the length or the digits that a column had become unknown ones."""
    assert step.before is not None
    old = step.before.field(step.operation.field)
    new = step.after.field(step.operation.field) if step.after is not None else None
    if old is None or new is None or old.type is None:
        return False
    return any(new.get(name) is UNKNOWN for name in SIZES) and new.is_known
