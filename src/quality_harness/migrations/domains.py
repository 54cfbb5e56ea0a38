"""Tells which columns of the base have a domain of the database."""

from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.statements import Act, Statement


def columns_of_domain(context: Context, migration: Migration, altered: Statement) -> str:
    """Return the columns, for a message; "" where the domain is known to be of none.

    Args:
        context: what is known of the whole change.
        migration: alters the domain.
        altered: the statement that does.
    """
    name = plain(altered.target.partition(" ")[2]).rpartition(".")[2]
    types: dict[tuple[str, str], str] = {}
    for each in context.releases.done_before(migration).statements:
        if each.act in (Act.ROOM, Act.CHANGE_TYPE):
            types[each.table, each.column] = each.detail
        elif each.act is Act.DROP:
            for key in [key for key in types if key[0] == each.table]:
                if each.column in ("", key[1]):
                    del types[key]
    found = [".".join(key) for key, kind in types.items() if name in plain(kind).split()]
    if found:
        return ", ".join(found)
    is_made = context.releases.has_made(f"domain {name}", migration) or any(
        f"domain {name}" in operation.made
        for each in context.of_change(migration)
        for operation in each.operations
    )
    return "" if is_made else "columns that may have it"
