"""Reads django-pgtrigger's operations, which write out the triggers that they make.

That is the package by which most Django projects make triggers; `makemigrations` writes what it
needs into the migration, so nothing of it has to be installed. Source: its documentation and
migrations that it wrote, version 4.
"""

from collections.abc import Iterator

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.values import Call, Literal, Outside, Value
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.operations import UNRESOLVED, Operation
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.sql.functions import run_functions
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import Act, Statement, find

_ADD, _REMOVE = "pgtrigger.migrations.AddTrigger", "pgtrigger.migrations.RemoveTrigger"
_REQUIRED = ("func", "operation", "pgid", "table", "when")
_OPTIONAL = {"declare": "", "constraint": "", "timing": "", "level": "ROW", "condition": ""}


def of_pgtrigger(call: Call, around: Around) -> Iterator[Operation]:
    """Give what an operation of pgtrigger does, as RunSQL; nothing for all others.

    Args:
        call: makes the operation.
        around: where it stands.
    """
    dotted = call.callee.dotted if isinstance(call.callee, Outside) else ""
    if dotted not in (_ADD, _REMOVE):
        return
    given = calls.arguments(call.node, call.scope)
    if dotted == _ADD:
        found = _made(_sql(_member(given.get("trigger", 1), "Trigger", "sql")), around)
    else:
        found = _dropped(_text(given.get("name", 1)))
    if found is None:
        problem = f"the trigger of {dotted} is known only at run time"
        yield around.operation(UNRESOLVED, problem=problem)
    else:
        told = {"function": dotted.rpartition(".")[2]}
        yield around.operation("RunSQL", statements=found, arguments=told)


def _made(sql: str | None, around: Around) -> tuple[Statement, ...] | None:
    if sql is None:
        return None
    return (*find(sql), *effects(sql), *run_functions(sql, around.functions))


def _dropped(name: str | None) -> tuple[Statement, ...] | None:
    if name is None:
        return None
    # The name in the database ends with a digest.
    return (Statement(Act.DROP_TRIGGER, "table …", f"pgtrigger_{name}_"),)


def _sql(made: Value | None) -> str | None:
    """Return the SQL of a trigger; None where some of it is known only at run time."""
    if not isinstance(made, Call) or not _is_of(made, "UpsertTriggerSql"):
        return None
    given = calls.arguments(made.node, made.scope)
    parts = {**dict.fromkeys(_REQUIRED), **_OPTIONAL}
    parts |= {name: _text(value) for name, value in given.named.items()}
    if None in parts.values() or "execute" in parts or not given.complete:
        return None
    return (
        "CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql AS $pgtrigger$ "
        "{declare} BEGIN {func} END; $pgtrigger$; "
        'CREATE {constraint} TRIGGER {pgid} {when} {operation} ON "{table}" {timing} '
        "FOR EACH {level} {condition} EXECUTE FUNCTION {pgid}();"
    ).format(**parts)


def _member(made: Value | None, kind: str, name: str) -> Value | None:
    if not isinstance(made, Call) or not _is_of(made, kind):
        return None
    return calls.arguments(made.node, made.scope).get(name, 1)


def _is_of(made: Call, kind: str) -> bool:
    return made.callee == Outside(f"pgtrigger.compiler.{kind}")


def _text(value: Value | None) -> str | None:
    text = value.text if isinstance(value, Literal) else None
    return None if text is None or HOLE in text else text
