"""Tells which partitions of a change PostgreSQL looks for rows of in a default partition."""

from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.statements import Act, Statement

# A check of the default partition tells PostgreSQL what it does not hold.
_CHECKED = (Act.ADD_CHECK, Act.VALIDATE)


def default_partition(context: Context, migration: Migration, partition: Statement) -> str:
    """Return the default partition that PostgreSQL reads to add another one; "" without one.

    Args:
        context: what is known of the whole change.
        migration: adds the partition.
        partition: the statement that does.
    """
    of_change = [
        statement
        for each in context.of_change(migration)
        for operation in context.operations(each, *RUN_SQL)
        for statement in operation.statements
        if statement.act is Act.DROP
    ]
    found = ""
    for each in (*context.releases.done_before(migration).statements, *of_change):
        names = f" {found}", f".{found}"
        is_gone = each.act is Act.DROP and plain(each.target).endswith(names)
        if each.act is Act.DEFAULT_PARTITION and each.table == partition.table:
            found = each.detail
        elif is_gone or (each.act in _CHECKED and each.table == found):
            found = ""
    return found
