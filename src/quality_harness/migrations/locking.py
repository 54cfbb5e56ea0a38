"""Which tables that were there a migration locks, and against whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quality_harness.migrations.comparing import on_old_tables
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql.statements import Act

LOCKING = ("AddField", "AlterField", "RemoveField", "RenameField", "RenameModel", "AddConstraint",
           "AddConstraintNotValid", "RemoveConstraint", "AlterModelTable", "AlterUniqueTogether",
           "AddIndex", "DeleteModel", "AlterOrderWithRespectTo", "AddDefaultValue")  # fmt: skip
# Which arguments of a field the database knows of, beside its type.
_OF_COLUMN = ("null", "unique", "primary_key", "db_index", "db_default", "db_column", "to",
              "through", "db_table", "db_collation", "db_constraint")  # fmt: skip


@dataclass(frozen=True)
class Locked:
    """A table that a migration locks, and that was there before.

    Attributes:
        operation: the operation that takes the lock.
        name: the table, or its model.
        for_readers: whether nobody can read it either.
    """

    operation: Operation
    name: str
    for_readers: bool = True

    @property
    def kept_from(self) -> str:
        """What nobody can do meanwhile."""
        return "read" if self.for_readers else "write to"


def locked_tables(context: Context, migration: Migration) -> Iterator[Locked]:
    """Give what a migration locks of what was there, by operations first and then by SQL."""
    for step in context.steps(migration, *LOCKING):
        operation = step.operation
        old = step.before.field(operation.field) if step.before is not None else None
        new = step.after.field(operation.field) if step.after is not None else None
        is_same = operation.kind == "AlterField" and not _differs(old, new)
        if not is_same and not (new is not None and new.is_many_to_many):
            yield Locked(operation, operation.model, operation.kind != "AddIndex")
    for operation, statement in on_old_tables(context, migration, Act.ALTER):
        yield Locked(operation, statement.table)


def most_locked(found: Iterable[Locked]) -> Locked | None:
    """Return the first lock that keeps readers out, or else the first one."""
    return min(found, key=lambda each: not each.for_readers, default=None)


def _differs(old: Field | None, new: Field | None) -> bool:
    if old is None or new is None:
        return True
    return (
        old.kind != new.kind
        or old.type != new.type
        or any(old.get(name) != new.get(name) for name in _OF_COLUMN)
    )
