"""Reads operations of other packages whose effect their documentation gives.

All others stay unresolved. Nothing has to be installed: what a migration gives them says it all.
"""

from collections.abc import Iterator

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.values import Call, Literal, Outside, Value
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.operations import UNRESOLVED, Operation
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.reader.definition_reader import plain
from quality_harness.migrations.reader.pgtrigger_operations import of_pgtrigger

# Marks of django-migration-linter, which read the source and do nothing to any database.
_MARKS = {"django_migration_linter.IgnoreMigration",
          "django_migration_linter.operations.IgnoreMigration"}  # fmt: skip
# ALTER COLUMN ... SET DEFAULT of django-add-default-value.
_DEFAULTS = {"django_add_default_value.AddDefaultValue",
             "django_add_default_value.add_default_value.AddDefaultValue"}  # fmt: skip


def of_package(call: Call, around: Around) -> list[Operation] | None:
    """Return what an operation of another package does; None where that cannot be told.

    Args:
        call: makes the operation.
        around: where it stands.
    """
    dotted = call.callee.dotted if isinstance(call.callee, Outside) else ""
    if dotted in _MARKS:
        return []
    found = _default(call, around) if dotted in _DEFAULTS else of_pgtrigger(call, around)
    return list(found) or None


def _default(call: Call, around: Around) -> Iterator[Operation]:
    given = calls.arguments(call.node, call.scope)
    model, field = _text(given.get("model_name", 0)), _text(given.get("name", 1))
    value = given.get("value", 2)
    if model is None or field is None or value is None:
        problem = "what AddDefaultValue is given is known only at run time"
        yield around.operation(UNRESOLVED, problem=problem)
    else:
        told = {"value": plain(value)}
        yield around.operation("AddDefaultValue", model=model, field=field, given=told)


def _text(value: Value | None) -> str | None:
    text = value.text if isinstance(value, Literal) else None
    return None if text is None or HOLE in text else text
