"""Tells what a class of operation does, by what it overrides and not by its name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from quality_harness.migrations.definitions import UNKNOWN
from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.reached import reached
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Literal,
    Outside,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.reader.definition_classes import lineage_of
from quality_harness.migrations.reader.definition_reader import plain, read_all

_DJANGO = re.compile(
    r"django\.(db\.migrations|contrib\.postgres\.operations)\.([\w.]+\.)?(?P<kind>[A-Z]\w+)"
)
# Django's operations that do nothing by themselves.
_PLAIN = ("Operation", "BaseOperation")
# Most of a migration's text: read by syntax, since the evaluator would look behind its imports.
DEFINING = {"fields", "field", "options", "bases", "managers", "index", "constraint",
            "unique_together", "index_together"}  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """What an operation's class does.

    Attributes:
        kind: the name of Django's class that it is or derives from.
        inherits: whether that class's own work on the database is done.
        own: the database_forwards that the class defines itself.
        arguments: what Django's class is made with.
        scope: what the arguments that were left unevaluated see.
        reversible: False where the class itself has no way back.
        inner: other operations that `own` carries out, if all of them are known.
        brings_back: whether the class brings a way back that needs no argument.
    """

    kind: str
    inherits: bool
    own: Function | None
    arguments: calls.Arguments
    scope: Scope
    reversible: bool = True
    inner: tuple[Value, ...] = ()
    brings_back: bool = False

    def definitions(self, name: str, position: int) -> list[object]:
        """Return every alternative of an argument that defines something.

        Args:
            name: the argument's name.
            position: its place.

        Returns:
            None alone where the operation is not given it, UNKNOWN where that cannot be told.
        """
        if name in self.arguments.left:
            return read_all(self.arguments.left[name], self.scope)
        value = self.arguments.get(name, position)
        if value is None:
            return [None if self.arguments.complete else UNKNOWN]
        return [plain(option) for option in options(value)]


def behaviour(call: Call) -> Behaviour | None:
    """Return what the operation that a call makes does, or None where that cannot be told."""
    if isinstance(call.callee, Outside):
        kind = _django_kind(call.callee)
        if kind is None:
            return None
        given = calls.arguments(call.node, call.scope, without=DEFINING)
        return Behaviour(kind, True, None, given, call.scope)
    lineage = list(lineage_of(call.callee))
    kinds = [kind for each in lineage if (kind := _django_kind(each)) is not None]
    if not kinds:
        return None
    forwards = _method(lineage, "database_forwards", call)
    inherits = forwards is None or _calls_super(forwards, "database_forwards")
    inherits = inherits and not _is_never_allowed(lineage)
    given = calls.arguments(call.node, call.scope)
    for init in _inits(lineage):
        given = _passed_on(init, given, call)
    reversible = _is_reversible(lineage, forwards, kinds[0], call)
    unknown = Unknown(call.node, call.scope)
    inner = () if forwards is None else tuple(_carried_out(forwards, unknown))
    back = _brings_back(lineage, call)
    return Behaviour(kinds[0], inherits, forwards, given, call.scope, reversible, inner, back)


def _carried_out(own: Function, unknown: Unknown) -> Iterator[Value]:
    """Give the operations whose database_forwards a method calls; none if one is not known."""
    nothing = calls.Arguments((), {}, complete=False)
    scope = own.scope.call(calls.parameters(own, nothing, unknown), own.body, unknown.scope)
    found: list[Value] = []
    for node in calls.own_nodes(own.body):
        match node:
            case ast.Call(func=ast.Attribute(attr="database_forwards", value=carried)):
                found += options(scope.of(carried))
    is_told = all(isinstance(each, Call) and behaviour(each) is not None for each in found)
    yield from found if is_told else []


def raises(function: Function) -> bool:
    """Return whether all that a function does ends in an exception."""
    return any(isinstance(each, ast.Raise) for each in function.body)


def _is_reversible(lineage: list[Value], forwards: Function | None, kind: str, call: Call) -> bool:
    for each in lineage:
        told = each.own("reversible") if isinstance(each, Class) else None
        if isinstance(told, Literal):
            return told.value is not False
    backwards = _method(lineage, "database_backwards", call)
    if backwards is not None:
        return not raises(backwards)
    # Django's plain Operation raises; its other classes know their way back.
    return forwards is None or kind not in _PLAIN


def _brings_back(lineage: list[Value], call: Call) -> bool:
    """Return whether a class says that it can be taken back, and does that itself."""
    # What stands behind Django's class comes too late.
    own = takewhile(lambda each: _django_kind(each) in (None, *_PLAIN), lineage)
    said = [each.own("reversible") for each in own if isinstance(each, Class)]
    backwards = _method(lineage, "database_backwards", call)
    return (
        next(filter(None, said), None) == Literal(True)
        and backwards is not None
        and not raises(backwards)
        and not _calls_super(backwards, "database_backwards")
    )


def _is_never_allowed(lineage: list[Value]) -> bool:
    """Return whether a class says that it concerns no model on any database."""
    allowed = _method(lineage, "allow_migrate_model")
    if allowed is None or isinstance(allowed.node, ast.Lambda):
        return False
    given = [each.value for each in calls.own_nodes(allowed.body) if isinstance(each, ast.Return)]
    return bool(given) and all(isinstance(each, ast.Constant) and not each.value for each in given)


def _django_kind(value: Value) -> str | None:
    return django_kind(value.dotted) if isinstance(value, Outside) else None


@lru_cache(maxsize=256)
def django_kind(dotted: str) -> str | None:
    """Return the name of Django's operation, or None where it is none of Django's."""
    found = _DJANGO.fullmatch(dotted)
    return found and found["kind"]


def _method(lineage: list[Value], name: str, call: Call | None = None) -> Function | None:
    """Return a method; with the call that makes an object, what that object comes to of it."""
    for each in lineage:
        if _django_kind(each) not in (None, *_PLAIN):
            # What stands behind Django's class comes too late.
            return None
        found = each.own(name) if isinstance(each, Class) else None
        if isinstance(found, Function):
            return found if call is None else reached(replace(found, bound=(call,)))
    return None


def _calls_super(function: Function, name: str) -> bool:
    """Return whether a method calls that of the class above, be it by a name or by a helper."""
    return any(_of_super(node, name) for node in ast.walk(function.node))


def _super_calls(function: Function, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function.node):
        if isinstance(node, ast.Call) and _of_super(node.func, name):
            yield node


def _of_super(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Attribute(attr=attribute, value=ast.Call(func=ast.Name(id="super"))):
            return attribute == name
    return False


def _inits(lineage: list[Value]) -> Iterator[Function]:
    """Give each __init__ that stands before Django's own, the nearest first."""
    for each in lineage:
        if _django_kind(each) not in (None, *_PLAIN):
            return
        found = each.own("__init__") if isinstance(each, Class) else None
        if isinstance(found, Function):
            yield found


def _passed_on(init: Function, given: calls.Arguments, call: Call) -> calls.Arguments:
    """Return what an overridden __init__ gives to the class above."""
    inner = calls.Arguments((call, *given.positional), given.named, given.complete)
    values = calls.parameters(init, inner, Unknown(call.node, call.scope))
    for node in _super_calls(init, "__init__"):
        # What the class above does to a list is followed there; Django's change none.
        body = [
            each for each in init.body if not (isinstance(each, ast.Expr) and each.value is node)
        ]
        return calls.arguments(node, init.scope.call(values, body, call.scope))
    return calls.Arguments((), {}, complete=False)
