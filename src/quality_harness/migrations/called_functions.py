"""Tells what functions of the database do that an earlier migration made and a later one calls."""

from collections.abc import Collection, Iterator, Mapping

from quality_harness.migrations.sql.functions import run_functions
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import Act, Statement, find


def run_by(
    call: Statement, made: Mapping[str, list[Statement]], without: Collection[str]
) -> Iterator[tuple[str, Statement]]:
    """Give what functions do that a statement calls, or that those call, each with its function.

    Args:
        call: the statement.
        made: the functions that earlier migrations have made, by their names.
        without: the functions that have got another body since.
    """
    seen = set(without)
    waiting = [*call.columns]
    while waiting:
        name = waiting.pop(0)
        if name in made and name not in seen:
            seen.add(name)
            # Of several that have one name, the arguments tell which is meant.
            for body in {each.body[0]: each.body[1] for each in made[name]}.values():
                for found in (*find(body), *effects(body), *run_functions(body, {})):
                    yield name, found
                    waiting += found.columns if found.act is Act.CALL else ()
