"""Evaluates expressions.

What depends on run time keeps its place as an `Unknown`, or as a hole in a text, and every
branch of a conditional is kept: nothing that a migration may do gets lost on the way.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from quality_harness.migrations.evaluator import (
    applied,
    attributes,
    calls,
    composing,
    copying,
    files,
    generated,
)
from quality_harness.migrations.evaluator.bindings import target_names
from quality_harness.migrations.evaluator.deciding import is_vendor
from quality_harness.migrations.evaluator.truth import truth
from quality_harness.migrations.evaluator.values import (
    MOST_MEMBERS,
    Call,
    Choice,
    Class,
    File,
    Function,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Unknown,
    Value,
    add,
    as_text,
    choose,
    combine,
    options,
)
from quality_harness.migrations.hole import HOLE

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

Loop = ast.For | ast.AsyncFor | ast.comprehension


def evaluate(node: ast.expr, scope: "Scope") -> Value:
    """Return what an expression is, seen from `scope`."""
    evaluator = _EVALUATORS.get(type(node))
    return Unknown(node, scope) if evaluator is None else evaluator(node, scope)


def iterate(loop: Loop, scope: "Scope") -> Iterator["Scope"]:
    """Give a scope for each round of a loop; one with unknown names where that is unknown."""
    for option in options(scope.of(loop.iter)):
        members = option.members if isinstance(option, Items) else (Unknown(loop.iter, scope),)
        if isinstance(option, Class):
            members = attributes.enumerated(option) or members
        if isinstance(option, Unknown) and isinstance(option.node, ast.Dict):
            members = _keys(option.node, option.scope) or members
        for member in members:
            unknown = member if isinstance(member, Unknown) else Unknown(loop.target, scope)
            yield scope.child(bind(loop.target, member, unknown))


def rounds(loops: Sequence[Loop], outer: Iterable["Scope"], around: "Scope") -> list["Scope"]:
    """Return a scope for each round of the last of some loops; one with unknown names for too many.

    Args:
        loops: one inside the other.
        outer: the rounds of the others.
        around: the scope in which the first one stands.
    """
    found = (inner for scope in outer for inner in iterate(loops[-1], scope))
    scopes = list(islice(found, MOST_MEMBERS + 1))
    if len(scopes) <= MOST_MEMBERS:
        return scopes
    names = [name for loop in loops for name in target_names(loop.target)]
    return [around.child(dict.fromkeys(names, Unknown(loops[-1].target, around)))]


def bind(target: ast.expr, value: Value, unknown: Unknown) -> dict[str, Value]:
    """Return the names that assigning `value` to `target` binds."""
    if isinstance(target, ast.Name):
        return {target.id: value}
    members = generated.members(value) if isinstance(value, Call) else None
    match target, value if members is None else Items(members):
        case ast.Tuple(elts=parts) | ast.List(elts=parts), Items(members=members) if len(
            parts
        ) == len(members):
            pairs = zip(parts, members, strict=True)
            return {name: each for pair in pairs for name, each in bind(*pair, unknown).items()}
    return dict.fromkeys(target_names(target), unknown)


def _constant(node: Any, scope: "Scope") -> Value:
    return Literal(node.value)


def _name(node: Any, scope: "Scope") -> Value:
    if node.id == "__file__":
        return File(scope.file.path)
    return scope.lookup(node.id) or Unknown(node, scope)


def _attribute(node: Any, scope: "Scope") -> Value:
    if node.attr == "vendor" and is_vendor(node):
        return Literal("postgresql")
    owner = scope.of(node.value)
    if isinstance(owner, Outside):
        return _outside(owner, node.attr, scope)
    if node.attr == "db_table" or node.attr in composing.COLUMNS:
        found = composing.of_meta(node, scope)
        if found is not None:
            return found
    unknown = Unknown(node, scope)
    if isinstance(owner, Choice):
        return combine(lambda value: _attribute_of(value, node.attr, unknown), unknown, owner)
    return unknown if isinstance(owner, Unknown) else _attribute_of(owner, node.attr, unknown)


def _outside(owner: Outside, name: str, scope: "Scope") -> Value:
    dotted = f"{owner.dotted}.{name}"
    return scope.module(dotted) or Outside(dotted)


def _attribute_of(value: Value, name: str, unknown: Unknown) -> Value:
    match value:
        case Outside():
            return _outside(value, name, unknown.scope)
        case ModuleValue(scope=scope):
            return scope.own(name) or scope.submodule(name) or unknown
        case Class():
            return attributes.of_class(value, name) or unknown
        case Call():
            return attributes.of_object(value, name, unknown) or _read(value, name, unknown)
        case File():
            return files.attribute(value, name, unknown)
        case Literal() if name == "value":
            # A member of an enumeration is what stands behind it.
            return value
        case _:
            return unknown


def _read(owner: Call, name: str, unknown: Unknown) -> Value:
    """Return what a property of an object gives."""
    found = attributes.read_of(owner, name)
    if found is None:
        return unknown
    made = ast.copy_location(ast.Call(ast.Constant(None), [], []), unknown.node)
    return calls.call(found, ast.fix_missing_locations(made), unknown)


def _call(node: Any, scope: "Scope") -> Value:
    callee = node.func
    if not isinstance(callee, ast.Attribute):
        return _called(scope.of(callee), node, scope)
    receiver = scope.of(callee.value)
    if isinstance(receiver, Unknown):
        found = None
        if isinstance(receiver.node, ast.Dict):
            found = _of_dictionary(node, callee.attr, receiver.node, receiver.scope)
        else:
            found = composing.quoted_by(Unknown(callee, scope), node, scope)
        return found or Unknown(node, scope)
    held = applied.held(receiver, node, scope) if callee.attr == "get" else None
    if held is not None:
        return held
    if any(isinstance(option, Literal | File) for option in options(receiver)):
        arguments, unknown = calls.arguments(node, scope), Unknown(node, scope)
        return combine(
            lambda value: _method(value, callee.attr, arguments, unknown), unknown, receiver
        )
    if callee.attr in copying.METHODS:
        found = copying.copied(receiver, node, scope.file.tree)
        if found is not None:
            return found
    return _called(scope.of(callee), node, scope)


def _method(value: Value, name: str, given: calls.Arguments, unknown: Unknown) -> Value:
    if isinstance(value, File):
        return files.method(value, name, given.positional, unknown)
    return calls.text_method(value, name, given, unknown)


def _called(callee: Value, node: ast.Call, scope: "Scope") -> Value:
    unknown = Unknown(node, scope)
    if isinstance(callee, Unknown):
        return composing.quoted_by(callee, node, scope) or unknown
    return combine(lambda each: calls.call(each, node, unknown), unknown, callee)


def _items(node: Any, scope: "Scope") -> Value:
    members: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            members.extend(_spread(scope.of(element.value)))
        else:
            members.append(scope.of(element))
    return Items(tuple(members))


def _spread(value: Value) -> Iterator[Value]:
    if isinstance(value, Choice):
        for option in options(value):
            members = option.members if isinstance(option, Items) else (option,)
            yield from (Choice((member,)) for member in members)
    else:
        yield from value.members if isinstance(value, Items) else (value,)


def _joined(node: Any, scope: "Scope") -> Value:
    def join(*plain: Value) -> Value:
        return Literal("".join(as_text(part) for part in plain))

    return combine(join, Unknown(node, scope), *[_part(part, scope) for part in node.values])


def _part(part: ast.expr, scope: "Scope") -> Value:
    if isinstance(part, ast.FormattedValue):
        unknown = Unknown(part, scope)
        spec = Literal("") if part.format_spec is None else scope.of(part.format_spec)
        conversion = "" if part.conversion == -1 else chr(part.conversion)
        return combine(
            lambda value, given: calls.formatted(value, as_text(given), conversion, unknown),
            unknown,
            scope.of(part.value),
            spec,
        )
    return scope.of(part)


def _operator(node: Any, scope: "Scope") -> Value:
    unknown = Unknown(node, scope)
    match node.op:
        case ast.Add():
            return add(scope.of(node.left), scope.of(node.right), unknown)
        case ast.Div():
            left = scope.of(node.left)
            if isinstance(left, File):
                return files.joined(left, (scope.of(node.right),), unknown)
            return unknown
        case ast.Mod():
            right = scope.of(node.right)
            return combine(
                lambda text: calls.percent(text, right, unknown), unknown, scope.of(node.left)
            )
        case _:
            return unknown


def _comprehension(node: Any, scope: "Scope") -> Value:
    scopes = [scope]
    for number in range(1, len(node.generators) + 1):
        scopes = rounds(node.generators[:number], scopes, scope)
    members: list[Value] = []
    for inner in scopes:
        answers = [truth(test, inner) for generator in node.generators for test in generator.ifs]
        if False not in answers:
            member = inner.of(node.elt)
            members.append(member if None not in answers else Choice((member,)))
    return Items(tuple(members))


def _conditional(node: Any, scope: "Scope") -> Value:
    answer = truth(node.test, scope)
    taken = [node.body, node.orelse] if answer is None else [node.body if answer else node.orelse]
    return choose([scope.of(each) for each in taken])


def _either(node: Any, scope: "Scope") -> Value:
    return choose([scope.of(value) for value in node.values])


def _assignment(node: Any, scope: "Scope") -> Value:
    return scope.of(node.value)


def _lambda(node: Any, scope: "Scope") -> Value:
    return Function(node, scope)


def _subscript(node: Any, scope: "Scope") -> Value:
    unknown = Unknown(node, scope)

    def pick(value: Value, index: Value) -> Value:
        match value, index:
            case Items(members=members), Literal(value=int() as place):
                return members[place] if 0 <= place < len(members) else unknown
            case Unknown(node=ast.Dict() as entries), _:
                return _entry(entries, value.scope, index) or unknown
            case Call(), Literal(value=str() as key):
                return (applied.entries(value) or {}).get(key, unknown)
            case _:
                return unknown

    if isinstance(node.slice, ast.Slice):
        return unknown
    return combine(pick, unknown, scope.of(node.value), scope.of(node.slice))


def _entry(entries: ast.Dict, scope: "Scope", key: Value) -> Value | None:
    """Return what a dictionary holds under a key: all of it where the key is unknown."""
    if any(each is None for each in entries.keys):
        return None
    pairs = [(scope.of(each), value) for each, value in _pairs(entries)]
    if not all(isinstance(each, Literal) for each, _ in pairs):
        return None
    is_known = isinstance(key, Literal) and HOLE not in as_text(key)
    found = [scope.of(value) for each, value in pairs if not is_known or each == key]
    # The last one of a key counts.
    return choose(found[-1:] if is_known else found) if found else None


def _pairs(entries: ast.Dict) -> Iterator[tuple[ast.expr, ast.expr]]:
    for key, value in zip(entries.keys, entries.values, strict=True):
        assert key is not None
        yield key, value


def _keys(entries: ast.Dict, scope: "Scope") -> tuple[Value, ...]:
    """Return the keys of a dictionary; none where it may have others.

    One that begins empty is filled by what the evaluator does not follow.
    """
    keys = [each for each in entries.keys if each is not None]
    return tuple(map(scope.of, keys)) if len(keys) == len(entries.keys) else ()


def _of_dictionary(node: ast.Call, method: str, entries: ast.Dict, scope: "Scope") -> Value | None:
    """Return what a method of a dictionary gives."""
    if method == "get" and node.args:
        found = _entry(entries, scope, scope.of(node.args[0]))
        return found or (scope.of(node.args[1]) if len(node.args) > 1 else None)
    keys = _keys(entries, scope)
    if not keys:
        return None
    values = [scope.of(value) for value in entries.values]
    match method:
        case "values":
            return Items(tuple(values))
        case "keys":
            return Items(keys)
        case "items":
            return Items(tuple(Items(pair) for pair in zip(keys, values, strict=True)))
        case _:
            return None


_EVALUATORS: dict[type, Callable[[Any, "Scope"], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.JoinedStr: _joined,
    ast.BinOp: _operator,
    ast.IfExp: _conditional,
    ast.BoolOp: _either,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Lambda: _lambda,
    ast.NamedExpr: _assignment,
    ast.Subscript: _subscript,
}
