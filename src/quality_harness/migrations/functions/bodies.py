"""Reads what a Python function of a migration does to the database, as far as its syntax tells."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field as with_default, replace
from functools import cache, lru_cache, partial

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.deciding import Decide, decided
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Function,
    Literal,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.functions import branches, callees
from quality_harness.migrations.functions.asked_models import asked
from quality_harness.migrations.functions.assignments import assigned
from quality_harness.migrations.functions.calls import (
    DELETES,
    OF_OPERATION,
    WRITING,
    deed,
    direct,
    is_super,
    method_of,
)
from quality_harness.migrations.functions.deeds import ASKS, DELETES_ROWS, Deed
from quality_harness.migrations.functions.found_by_name import found_by_name
from quality_harness.migrations.functions.managers import method_of_manager
from quality_harness.migrations.functions.outside_effects import decided_elsewhere
from quality_harness.migrations.functions.queries import meaning, rows_of
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.statements import Act

# How a task is put off: Celery's methods, those of Django's own tasks, of Dramatiq and Huey.
_RUNS_LATER = {"delay", "apply_async", "s", "si", "signature", "subtask", "enqueue", "aenqueue",
               "send", "send_with_options", "schedule", "run", "apply"}  # fmt: skip
# What is given to a thread, a pool or a signal to be called.
_CALLED_BACK = {"target", "func", "fn", "function", "callback", "receiver", "initializer"}
_APPS = {"apps", "schema_editor"}
# No model has a property of this name: it is the manager, or the key.
_NO_PROPERTY = {"objects", "pk", "id"}
_ACTING = (ast.Call, ast.Attribute, ast.With, ast.AsyncWith, ast.For)
Acting = ast.Call | ast.Attribute | ast.With | ast.AsyncWith | ast.For
Given = tuple[Scope, frozenset[tuple[str, Literal]]]


def deeds(function: Function) -> tuple[Deed, ...]:
    """Return what a function, and the functions of the tree that it calls, do to the database."""
    unknown = Unknown(function.node, function.scope)
    # Django calls it, and gives nothing by name: what a partial gives stays.
    given = calls.Arguments((), dict(function.named), complete=False)
    values = calls.parameters(function, given, unknown)
    walk = _Walk()
    found = list(_function(function, values, function.scope, walk))
    if walk.decided and walk.varies:
        # What one call skips the other, inside of it, may come to.
        found = list(_function(function, values, function.scope, _Walk(decides=False)))
    return tuple(_beside_own_tables(dict.fromkeys(found)))


def _beside_own_tables(found: Iterable[Deed]) -> Iterator[Deed]:
    """Leave out what SQL does to tables that the function itself has made before."""
    made: set[str] = set()
    for each in found:
        statement = each.statement
        if statement is None or not each.does:
            if statement is not None and statement.act is Act.CREATE:
                made |= {statement.table} - {"", "…"}
            is_own = statement is not None and statement.table in made
            if statement is None or statement.act is not Act.UPDATE or not is_own:
                yield each
        elif statement.table not in made:
            yield replace(each, statement=None)
        elif statement.act is Act.RENAME and not statement.column:
            made.add(plain(statement.detail))


@dataclass
class _Walk:
    """The way through the functions that one function leads to.

    Attributes:
        around: the functions that are being read, and what their conditions may see of the calls
            that lead to them: none is entered again from inside.
        cut: those of them that were come upon again since the innermost one was entered.
        read: the calls that were read to their end, each with the functions around it that cut
            its way. While these are still around, another call alike tells nothing new.
        decides: whether conditions are decided by the constants of the call.
        decided: whether one was.
        varies: whether a function was come upon again with other constants than those it is read
            with.
    """

    around: dict[ast.AST, Given] = with_default(default_factory=dict)
    cut: set[ast.AST] = with_default(default_factory=set)
    read: dict[object, set[ast.AST]] = with_default(default_factory=dict)
    decides: bool = True
    decided: bool = False
    varies: bool = False


def _function(
    function: Function, values: dict[str, Value], caller: Scope, walk: _Walk
) -> Iterator[Deed]:
    node = function.node
    given = (function.scope, branches.settled(values))
    if node in walk.around:
        walk.cut.add(node)
        walk.varies |= walk.around[node] != given
        return
    depth = min(caller.depth, calls.DEEPEST)
    meant = frozenset((name, meaning(value)) for name, value in values.items())
    call = (node, function.scope, depth, meant)
    known = walk.read.get(call)
    if known is not None and known <= walk.around.keys():
        walk.cut |= known
        return
    cut_before, walk.cut = walk.cut, set()
    walk.around[node] = given
    yield from _body(function, function.scope.call(values, function.body, caller), walk)
    del walk.around[node]
    walk.read[call] = walk.cut - {node}
    walk.cut = cut_before | walk.read[call]


def _body(function: Function, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    written = cache(partial(assigned, function, scope))
    decide = branches.by_constants(function.node, scope) if walk.decides else None
    walk.decided |= decide is not None
    for each in _acting(function.node, decide) if decide else _acting_always(function.node):
        if isinstance(each, ast.Call):
            callee = callees.named(each.func, scope)
            if isinstance(each.func, ast.Call):
                for made in _by_name(each, scope):
                    found = callee if made is each else callees.named(made.func, scope)
                    yield from direct(made, found, scope, written)
                yield from _chosen_at_run_time(each, scope)
                yield from _found_by_name(each, function, scope, walk)
            else:
                yield from direct(each, callee, scope, written)
                if method_of(each) == "get_model":
                    for model in asked(each, scope, walk.around):
                        yield Deed("", 0, 0, "", ASKS, model=model)
            for does in decided_elsewhere(each, callee, scope):
                yield deed(each, scope, does, resolved=False)
            yield from _followed(each, callee, scope, walk)
        else:
            for led in callees.run_by(each, scope):
                yield from _run([led], each, scope, walk)
            if isinstance(each, ast.Attribute):
                yield from _handed_over(each, scope)


@lru_cache(maxsize=256)
def _acting_always(node: branches.Node) -> tuple[Acting, ...]:
    return _acting(node, decided)


def _acting(node: branches.Node, decide: Decide) -> tuple[Acting, ...]:
    """Return what in a body may run something."""
    body = node.body if isinstance(node.body, list) else [node.body]
    found = [each for each in calls.own_nodes(body, decide) if isinstance(each, _ACTING)]
    called = {id(each.func) for each in found if isinstance(each, ast.Call)}
    return tuple(
        each
        for each in found
        if isinstance(each, ast.Call) or (id(each) not in called and _may_act(each))
    )


def _may_act(node: ast.AST) -> bool:
    """Return whether an attribute, a loop or a with block may be about an object of the tree."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            return attr in DELETES or (isinstance(value, ast.Name) and attr not in _NO_PROPERTY)
        case ast.For(iter=iterated):
            return callees.is_plain(iterated)
    items: list[ast.withitem] = getattr(node, "items", [])
    return any(callees.is_plain(item.context_expr) for item in items)


def _by_name(node: ast.Call, scope: Scope) -> Iterator[ast.Call]:
    """Give `owner.method()` for each method of `getattr(owner, "method")()`, or the call."""
    match node.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            for option in options(scope.of(name)):
                if isinstance(option, Literal) and option.text is not None:
                    method = ast.Attribute(owner, option.text, ast.Load())
                    made = ast.Call(method, node.args, node.keywords)
                    yield ast.fix_missing_locations(ast.copy_location(made, node))
        case _:
            yield node


def _chosen_at_run_time(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    """Tell of a method of rows whose name is not known."""
    match node.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            is_known = all(isinstance(each, Literal) for each in options(scope.of(name)))
            if not is_known and rows_of(owner, scope) is not None:
                does = "calls a method that is known only at run time"
                yield deed(node, scope, does, resolved=False)


def _found_by_name(node: ast.Call, around: Function, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    """Tell of a method of the tree whose name is not known, where one that may be meant acts."""
    given = calls.arguments(node, scope)
    meant = found_by_name(node, around.node, scope)
    found = list(_run([(each, given) for each in meant], node, scope, walk))
    if any(each.does not in ("", ASKS) for each in found):
        yield deed(node, scope, "calls a method that is known only at run time", resolved=False)


def _handed_over(node: ast.Attribute, scope: Scope) -> Iterator[Deed]:
    """Tell of a method that is handed to somebody who will call it."""
    if node.attr in DELETES:
        rows = rows_of(node.value, scope)
        if rows is not None:
            yield replace(deed(node, scope, DELETES_ROWS), model=rows.model)


def _followed(node: ast.Call, callee: Value | None, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    method = method_of_manager(node, scope)
    if method is not None:
        values = calls.parameters(method, calls.arguments(node, scope), Unknown(node, scope))
        yield from _function(method, values, scope, walk)
        return
    by_name = [] if isinstance(callee, Function) else list(callees.by_name(node, callee, scope))
    if by_name:
        yield from _run(by_name, node, scope, walk)
        return
    callee = callee or callees.entry(node.func, scope)
    is_told = isinstance(callee, Function)
    if method_of(node) in _RUNS_LATER and isinstance(node.func, ast.Attribute) and not is_told:
        target = node.func.value
        callee = callees.named(target, scope) or callees.entry(target, scope) or callee
    is_unknown = callee is None or isinstance(callee, Unknown)
    if is_unknown and _is_handed_the_apps(node):
        yield deed(node, scope, "calls what is known only at run time", resolved=False)
    if callee is None:
        return
    found = list(callees.called_by(node, callee, scope))
    if found:
        yield from _run(found, node, scope, walk)
    else:
        yield from _called_back(node, scope, walk)


def _is_handed_the_apps(node: ast.Call) -> bool:
    """Return whether a call gets what it needs to reach every model, and so may do anything."""
    given = [*node.args, *(each.value for each in node.keywords)]
    if not any(isinstance(each, ast.Name) and each.id in _APPS for each in given):
        return False
    return method_of(node) not in WRITING | OF_OPERATION and not is_super(node.func)


def _run(found: Iterable[callees.Led], node: ast.AST, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    for function, given in found:
        values = calls.parameters(function, given, Unknown(node, scope))
        yield from _function(function, values, scope, walk)


def _called_back(node: ast.Call, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    """Tell of the functions that map(), on_commit() and the like are given to call."""
    nothing = calls.Arguments((), {}, complete=False)
    named = [each.value for each in node.keywords if each.arg in _CALLED_BACK]
    for argument in (*node.args, *named):
        for option in options(scope.of(argument)) if _may_be_function(argument, scope) else ():
            # A lambda stands in the body that is read.
            if isinstance(option, Function) and not isinstance(option.node, ast.Lambda):
                values = calls.parameters(option, nothing, Unknown(node, scope))
                yield from _function(option, values, scope, walk)


def _may_be_function(node: ast.expr, scope: Scope) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name == "partial"
        case ast.Attribute(value=ast.Name(id=module)):
            return scope.imported(module) is not None
        case _:
            return isinstance(node, ast.Name)
