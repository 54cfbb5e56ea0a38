"""What a migration changes of what was there: fields before and after, types, SQL on old tables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property

from quality_harness.migrations.called_functions import run_by
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.releases import function_of
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.types import Type


class Conversion(Enum):
    """What becomes of a column's values when its type changes."""

    SAME = auto()
    WIDER = auto()
    NARROWER = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Altered:
    """An AlterField with the field before and after it.

    Attributes:
        step: the operation and its model.
        old: the field before.
        new: the field after.
    """

    step: Step
    old: Field
    new: Field

    @property
    def name(self) -> str:
        """The field, as "model.field"."""
        return f"{self.step.operation.model}.{self.step.operation.field}"

    @cached_property
    def types(self) -> tuple[Type | None, Type | None]:
        """The column's type before and after it; None where it is unknown."""
        context, app = self.step.context, self.step.app
        return type_of(context, self.old, app), type_of(context, self.new, app)


def altered(context: Context, migration: Migration) -> list[Altered]:
    """Return each AlterField of what was there on the base, where the field before is known."""
    found = context.remembered.get(migration.path)
    if found is None:
        found = context.remembered[migration.path] = list(_altered(context, migration))
    return found


def _altered(context: Context, migration: Migration) -> Iterator[Altered]:
    for step in context.steps(migration, "AlterField"):
        field = step.operation.field
        old = step.before.field(field) if step.before is not None else None
        new = step.after.field(field) if step.after is not None else None
        if old is not None and new is not None:
            yield Altered(step, old, new)


# What runs SQL: by itself or in a function.
RUN_SQL = ("RunSQL", "RunPython", "custom")


def on_old_tables(
    context: Context, migration: Migration, *acts: Act
) -> list[tuple[Operation, Statement]]:
    """Return what SQL does to tables that the change has not made itself."""
    return [
        (operation, statement)
        for operation, statement in _statements(context, migration)
        if statement.act in acts and not context.is_own_table(migration, statement.thing)
    ]


def on_old_columns(
    context: Context, migration: Migration, act: Act
) -> Iterator[tuple[Operation, Statement, Field | None]]:
    """Give what SQL does to columns of such tables, each with its field on the base."""
    for operation, statement in on_old_tables(context, migration, act):
        model = context.existing(migration, statement.table)
        yield operation, statement, model.field_of(statement.column) if model else None


def _statements(context: Context, migration: Migration) -> list[tuple[Operation, Statement]]:
    found = context.statements.get(migration.path)
    if found is None:
        found = context.statements[migration.path] = list(_run(context, migration))
    return found


def _run(context: Context, migration: Migration) -> Iterator[tuple[Operation, Statement]]:
    """Give what SQL does, and what functions of earlier migrations do that it calls."""
    made: set[str] = set()
    for operation in context.operations(migration, *RUN_SQL):
        for statement in operation.statements:
            yield operation, statement
            if statement.act is Act.FUNCTION:
                made.add(function_of(statement))
            elif statement.act is Act.CALL:
                before = context.releases.functions_before(migration)
                for name, each in run_by(statement, before, made):
                    yield replace(operation, arguments={"function": name}), each


def keeps_table(step: Step, migration: Migration) -> bool:
    """Return whether the running code finds the table under its name when all is done."""
    if step.before is None or step.before.table is None:
        return False
    if step.after is not None and step.after.table == step.before.table:
        return True
    # What is renamed to and fro in one transaction is seen by nobody.
    ends = [each.table for each in (step.base, step.end) if each is not None]
    return migration.atomic and len(ends) == 2 and ends[0] == ends[1]


def keeps_column(step: Step, migration: Migration) -> bool:
    """Return whether the running code finds a renamed field's column under its name."""
    field = step.before.field(step.operation.field) if step.before is not None else None
    if field is None:
        return False
    if not field.has_database_part or field.get("db_column") is not None:
        return True
    if field.is_many_to_many:
        return field.get("db_table") is not None
    return migration.atomic and step.end is not None and field.column in step.end.columns


def conversion(old: Type, new: Type) -> Conversion:
    """Return what becomes of a column's values."""
    if old == new:
        return Conversion.SAME
    if old.family != new.family:
        return Conversion.OTHER
    if _less(new.size, old.size) or _less(new.scale, old.scale):
        return Conversion.NARROWER
    return Conversion.WIDER


def rewrites(old: Type, new: Type) -> bool:
    """Return whether PostgreSQL writes every row again to change the type."""
    if old.family == "text" == new.family:
        return _less(new.size, old.size)
    if old.family == new.family == "decimal":
        return old.scale != new.scale or _less(new.size, old.size)
    return old != new


def _less(new: int | None, old: int | None) -> bool:
    return new is not None and (old is None or new < old)


def type_of(context: Context, field: Field, app: str) -> Type | None:
    """Return a column's type, that of the target's key for a relation; None if unknown."""
    if field.target is None:
        return field.type
    table = context.states.table_of(field.target, app)
    for model in context.states.find((table or "").lower()):
        keys = (each for each in model.fields.values() if each.get("primary_key") is True)
        key = next(keys, None)
        return None if key is None else key.type
    return None


def show(found: Type) -> str:
    """Return a type for a message."""
    if found.family == "decimal" and found.size is not None:
        return f"{found.size} digits before the point and {found.scale} after"
    if found.family.endswith("text"):
        return found.family + ("" if found.size is None else f" of {found.size} characters")
    size = "" if found.size is None else f" of {found.size} bytes"
    return f"{found.family}{size}"


def is_new_and_empty(step: Step, name: str) -> bool:
    """Return whether the change itself has added a field, and it holds NULL in every row."""
    base = step.base
    field = step.after.field(name) if step.after is not None else None
    if base is None or field is None or base.field(name) is not None:
        return False
    return field.null is True and not field.has_default and not field.has_db_default


def added_columns(context: Context, migration: Migration) -> set[tuple[str, str]]:
    """Return the columns, each with its table, that the change of a migration adds."""
    found: set[tuple[str, str]] = set()
    for each in context.of_change(migration):
        for step in context.steps(each):
            operation = step.operation
            field = step.after.field(operation.field) if step.after is not None else None
            if operation.kind == "AddField" and field is not None and step.after is not None:
                found.add((step.after.table_key, field.column or ""))
            for statement in operation.statements:
                if statement.act is Act.ADD_COLUMN:
                    found.add((statement.table, statement.column))
    return found


def added_by_sql(context: Context, migration: Migration, about: Statement) -> Statement | None:
    """Return the statement of the change that adds the column which another one is about."""
    for each in context.of_change(migration):
        for operation in context.operations(each, *RUN_SQL):
            for statement in operation.statements:
                is_it = (statement.table, statement.column) == (about.table, about.column)
                if is_it and statement.act is Act.ADD_COLUMN:
                    return statement
    return None


def is_new_column(context: Context, migration: Migration, table: str, column: str) -> bool:
    """Return whether the change itself adds a column to a table."""
    base = context.existing(migration, table)
    is_old = base is not None and column in base.columns
    return not is_old and (table, column) in added_columns(context, migration)


def names_in(condition: object) -> set[str]:
    """Return the lookups of a condition, such as "rating__gte"."""
    found: set[str] = set()
    if isinstance(condition, Definition):
        if condition.name in ("Q", "", "|", "&", "~"):
            found.update(name for name in condition.named if not name.startswith("_"))
        for part in (*condition.positional, *condition.named.values()):
            found |= names_in(part)
        if condition.name == "F":
            found.update(each for each in condition.positional if isinstance(each, str))
    elif isinstance(condition, tuple) and condition and isinstance(condition[0], str):
        found.add(condition[0])
        found |= names_in(condition[-1])
    return found


def requires_value(condition: object, field: str) -> bool:
    """Return whether a condition is that a field is not NULL."""
    wanted = (f"{field.lower()}__isnull", False)
    if not isinstance(condition, Definition):
        return False
    if condition.name == "&":
        return any(requires_value(part, field) for part in condition.positional)
    if condition.name != "Q" or condition.named.get("_connector") == "OR":
        return False
    return wanted in condition.positional or wanted in condition.named.items()


def check_of(constraint: Definition) -> object:
    """Return the condition of a CheckConstraint."""
    return constraint.get("condition") or constraint.get("check")


def unique_sets(model: Model) -> Iterator[frozenset[str]]:
    """Give the sets of fields whose values the database keeps unique."""
    for field in model.fields.values():
        if field.is_unique:
            yield frozenset({field.name.lower()})
    for names in together(model.options.get("unique_together")):
        yield frozenset(names)
    for constraint in model.constraints.values():
        given = constraint.get("fields")
        if isinstance(given, tuple) and given and constraint.get("condition") is None:
            yield frozenset(str(name).lower() for name in given)


def together(given: object) -> list[tuple[str, ...]]:
    """Return unique_together or index_together as a list of tuples."""
    if not isinstance(given, tuple) or not given:
        return []
    if all(isinstance(name, str) for name in given):
        return [tuple(str(name).lower() for name in given)]
    return [
        tuple(str(name).lower() for name in names) for names in given if isinstance(names, tuple)
    ]
