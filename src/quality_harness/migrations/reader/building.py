"""Builds the operations of a migration from the values that its source gives."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from quality_harness.migrations.definitions import UNKNOWN
from quality_harness.migrations.evaluator import applied, attributes
from quality_harness.migrations.evaluator.values import (
    MOST_ALTERNATIVES,
    Call,
    Choice,
    File,
    Function,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Value,
    as_text,
    options,
)
from quality_harness.migrations.functions.deeds import CARRIES_OUT
from quality_harness.migrations.functions.to_operations import of_function
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.operations import UNRESOLVED, Direction, Effect, Operation
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.reader.classes import Behaviour, behaviour, raises
from quality_harness.migrations.reader.known_arguments import DEFINITIONS, TEXTS
from quality_harness.migrations.reader.package_operations import of_package
from quality_harness.migrations.sql.functions import run_functions
from quality_harness.migrations.sql.kept import kept, left_behind
from quality_harness.migrations.sql.objects import Things, blocked, things
from quality_harness.migrations.sql.schema import effects, made_by
from quality_harness.migrations.sql.statements import WRITES, Act, Statement, find


def build(value: Value, around: Around) -> Iterator[Operation]:
    """Give the operations of an operation, a list of them, or alternatives."""
    match value:
        case Choice():
            for option in options(value):
                yield from build(option, replace(around, conditional=True))
        case Items(members=members):
            for member in members:
                yield from build(member, around)
        case Call():
            yield from _call(value, around.at(value))
        case Literal(value=None):
            return
        case Function() if isinstance(applied.decorated(value), Call | Items):
            yield from build(applied.decorated(value), around)
        case _:
            yield around.operation(UNRESOLVED, problem=_describe(value))


def _call(call: Call, around: Around) -> Iterator[Operation]:
    found = behaviour(call)
    if found is None:
        problem = f"{ast.unparse(call.node.func)} is defined outside this tree"
        known = of_package(call, around)
        yield from [around.operation(UNRESOLVED, problem=problem)] if known is None else known
        return
    stated: list[Operation] = []
    if found.inherits:
        yield from _django(found, around)
    else:
        stated += _django(found, replace(around, effect=Effect.STATE_ONLY))
        yield from stated if around.effect is not Effect.DATABASE_ONLY else ()
    for inner in found.inner:
        yield from build(inner, around)
    if found.own is not None:
        for operation in of_function(found.own, "custom", around, Direction.FORWARD, stated):
            if not (found.inner and operation.problem.endswith(CARRIES_OUT)):
                yield replace(operation, reversible=found.reversible)


def _django(found: Behaviour, around: Around) -> Iterator[Operation]:
    match found.kind:
        case "SeparateDatabaseAndState":
            yield from _separate(found, around)
        case "RunSQL":
            yield from _run_sql(found, around)
        case "RunPython":
            yield from _run_python(found, around)
        case kind:
            yield from _named(kind, found, around)


def _named(kind: str, found: Behaviour, around: Around) -> Iterator[Operation]:
    names = TEXTS.get(kind, {})
    defined = DEFINITIONS.get(kind, {})
    values: list[list[Any]] = [
        _alternatives(found.arguments.get(*place)) for place in names.values()
    ]
    values += [found.definitions(*place) for place in defined.items()]
    if prod(map(len, values)) > MOST_ALTERNATIVES:
        values = [["…"] for _ in names] + [[UNKNOWN] for _ in defined]
    for combination in product(*values):
        texts = dict(zip(names, combination, strict=False))
        given = dict(zip(defined, combination[len(names) :], strict=True))
        model, field = texts.pop("model", ""), texts.pop("field", "")
        yield around.operation(kind, model=model, field=field, arguments=texts, given=given)


def _alternatives(value: Value | None) -> list[str]:
    if value is None:
        return ["…"]
    return [as_text(option).replace(HOLE, "…") for option in options(value)]


def _separate(found: Behaviour, around: Around) -> Iterator[Operation]:
    sides = (
        ("database_operations", 0, Effect.DATABASE_ONLY),
        ("state_operations", 1, Effect.STATE_ONLY),
    )
    for name, position, effect in sides:
        value = found.arguments.get(name, position)
        # Inside a side that is already taken away, the other side does not run either.
        if value is not None and around.effect in (Effect.BOTH, effect):
            yield from build(value, replace(around, effect=effect))
    if not found.arguments.complete:
        yield around.operation(UNRESOLVED, problem="its arguments are known only at run time")


def _run_sql(found: Behaviour, around: Around) -> Iterator[Operation]:
    sides = (("sql", 0, Direction.FORWARD), ("reverse_sql", 1, Direction.REVERSE))
    forward, made = list[str](), things(())
    for name, position, direction in sides:
        value = found.arguments.get(name, position)
        if value is None and direction is Direction.REVERSE:
            continue
        statements: list[Statement] = []
        problems: list[str] = []
        texts: list[str] = []
        for text in _sql_texts(value) if value is not None else [None]:
            if text is None:
                problems.append(f"the SQL of {name} is known only at run time")
                continue
            for statement in find(text):
                if statement.act is Act.UNKNOWN:
                    problems.append(f"its SQL {statement}")
                else:
                    statements.append(statement)
            statements += effects(text)
            statements += run_functions(text, around.functions)
            texts.append(text)
        own = things(texts)
        is_back = direction is Direction.REVERSE
        found_back = _way_back(forward, made, texts, own) if is_back and not problems else {}
        forward, made = texts, own
        yield around.operation(
            "RunSQL",
            **found_back,
            dropped=tuple(sorted(own.dropped)),
            statements=tuple(statements),
            direction=direction,
            reversible=_is_reversible(found, "reverse_sql"),
            stays=direction is Direction.FORWARD and bool(texts) and _stays(found),
            made=(*made_by(statements), *own.made),
            writes=any(each.act in WRITES for each in statements),
            elidable=_is_elidable(found),
        )
        for problem in dict.fromkeys(problems):
            yield around.operation(UNRESOLVED, problem=problem, direction=direction)
    state = found.arguments.get("state_operations", 2)
    if state is not None and around.effect is Effect.BOTH:
        yield from build(state, replace(around, effect=Effect.STATE_ONLY))


def _way_back(
    forward: list[str], made: Things, back: list[str], undone: Things
) -> dict[str, tuple[str, ...]]:
    """Return what the SQL of a way back leaves, does not make again, and stops at."""
    return {
        "left": left_behind(kept(forward), back) + made.left_behind(undone),
        "changed": made.changed_for_good(undone),
        "stuck": blocked(made, back) or (),
    }


def _is_reversible(found: Behaviour, name: str) -> bool:
    value = found.arguments.get(name, 1)
    if found.brings_back:
        return True
    if value is None:
        return not found.arguments.complete
    return not (isinstance(value, Literal) and value.value is None)


def _is_elidable(found: Behaviour) -> bool:
    value = found.arguments.get("elidable", 4)
    return isinstance(value, Literal) and value.value is True


def _stays(found: Behaviour) -> bool:
    """Whether a RunSQL gives a way back that runs nothing."""
    value = found.arguments.get("reverse_sql", 1)
    if value is None or found.brings_back or not _is_reversible(found, "reverse_sql"):
        return False
    return not any(text is None or text.strip() for text in _sql_texts(value))


def _sql_texts(value: Value) -> Iterator[str | None]:
    """Give each text that RunSQL runs: one, or a list of texts and (text, parameters)."""
    for option in options(value):
        match option:
            case Literal(value=str() as text):
                yield text
            case Literal(value=None):
                pass
            case Outside(dotted=dotted) if dotted.endswith("RunSQL.noop"):
                pass
            case Items(members=members):
                for member in members:
                    yield from _sql_texts(_first_of_pair(member))
            case _:
                yield None


def _first_of_pair(value: Value) -> Value:
    if isinstance(value, Items) and len(value.members) == 2:
        return value.members[0]
    return value


def _run_python(found: Behaviour, around: Around) -> Iterator[Operation]:
    sides = (("code", 0, Direction.FORWARD), ("reverse_code", 1, Direction.REVERSE))
    for name, position, direction in sides:
        value = found.arguments.get(name, position)
        for option in options(value) if value is not None else ():
            option = attributes.called(option) or option
            if isinstance(option, Function):
                reversible = found.brings_back or not _raises_back(found)
                reversible = reversible and _is_reversible(found, "reverse_code")
                for operation in of_function(option, "RunPython", around, direction):
                    elidable = _is_elidable(found)
                    yield replace(operation, reversible=reversible, elidable=elidable)
            elif isinstance(option, Outside) and option.dotted.endswith("RunPython.noop"):
                reversible = _is_reversible(found, "reverse_code")
                yield around.operation("RunPython", direction=direction, reversible=reversible)
            elif not (isinstance(option, Literal) and option.value is None):
                problem = f"the {name} of RunPython is {_describe(option)}"
                yield around.operation(UNRESOLVED, problem=problem, direction=direction)
        if value is None and direction is Direction.FORWARD:
            problem = "the code of RunPython is known only at run time"
            yield around.operation(UNRESOLVED, problem=problem)


def _raises_back(found: Behaviour) -> bool:
    value = found.arguments.get("reverse_code", 1)
    back = None if value is None else attributes.called(value) or value
    return isinstance(back, Function) and raises(back)


def _describe(value: Value) -> str:
    match value:
        case Outside(dotted=dotted):
            return f"{dotted}, which is defined outside this tree"
        case Literal(value=plain):
            return f"{plain!r}, which is no operation"
        case Items() | Choice():
            return "a list"
        case File(path=path):
            return f"the file {path}"
        case _:
            text = "a module" if isinstance(value, ModuleValue) else ast.unparse(value.node)
            return f"`{text[:60]}`, which is known only at run time"
