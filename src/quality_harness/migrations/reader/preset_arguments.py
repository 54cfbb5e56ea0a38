"""Runs an __init__ of the project on paper: what it calls the class above with.

Only what preset arguments are written with is understood; a name that anything else may have
changed is UNKNOWN.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quality_harness.migrations.definitions import UNKNOWN, Definition
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Class, Function

Read = Callable[[ast.expr, Scope], object]


def _is_above(node: ast.AST) -> bool:
    """Return whether a call is that of the __init__ of the class above."""
    match node:
        case ast.Call(func=ast.Attribute(attr="__init__")):
            return True
        case _:
            return False


# The __init__ of one field is run for each field that a migration makes with it.
@lru_cache(maxsize=256)
def _calls_above(statement: ast.stmt) -> bool:
    return any(map(_is_above, ast.walk(statement)))


@dataclass
class Init:
    """The run of one __init__: what its names stand for, as plain values.

    Attributes:
        init: the method.
        classes: its class and those after it in the order of their methods.
        given: what it is called with.
        read: what an expression is, seen from a scope.
    """

    init: Function
    classes: list[Class]
    given: Definition
    read: Read

    def passed_on(self) -> Definition | None:
        """Return what it calls the class above with; None where that cannot be told."""
        node = self.init.node
        names: dict[str, object] = {}
        parameters = node.args.posonlyargs + node.args.args
        left = dict(self.given.named)
        for place, each in enumerate(parameters[1:]):
            if place < len(self.given.positional):
                names[each.arg] = self.given.positional[place]
            elif each.arg in left:
                names[each.arg] = left.pop(each.arg)
        for each in node.args.kwonlyargs:
            if each.arg in left:
                names[each.arg] = left.pop(each.arg)
        for name, default in self._defaults():
            otherwise = self.read(default, self.init.scope) if self.given.complete else UNKNOWN
            names.setdefault(name, otherwise)
        if node.args.vararg is not None:
            names[node.args.vararg.arg] = self.given.positional[max(0, len(parameters) - 1) :]
        if node.args.kwarg is not None:
            names[node.args.kwarg.arg] = left
        return self._run(self.init.body, names)

    def _defaults(self) -> Iterator[tuple[str, ast.expr]]:
        given = self.init.node.args
        names = [each.arg for each in (*given.posonlyargs, *given.args)]
        yield from zip(reversed(names), reversed(given.defaults), strict=False)
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if default is not None:
                yield each.arg, default

    def _run(self, body: Any, names: dict[str, object]) -> Definition | None:
        for statement in body:
            match statement:
                case ast.Expr(value=ast.Call() as call) if _is_above(call):
                    return self._called(call, names)
                case ast.If():
                    self._branch(statement, names)
                    if _calls_above(statement):
                        return None
                case ast.Expr(value=ast.Call() as call):
                    self._of(call, names)
                case ast.Assign(targets=targets, value=value):
                    found = self._of(value, names)
                    for target in targets:
                        self._bind(target, found, names)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, self._of(value, names), names)
                case ast.Delete(targets=[ast.Subscript() as target]):
                    self._take(target, names)
                case ast.AugAssign(target=target, op=ast.BitOr(), value=value) if isinstance(
                    self._of(target, names), dict
                ):
                    self._merge(self._of(target, names), self._of(value, names))
                case ast.AugAssign(target=target, op=operator, value=value):
                    added = ast.BinOp(target, operator, value)
                    self._bind(target, self._of(added, names), names)
                case _ if _calls_above(statement):
                    return None
        return None

    def _bind(self, target: ast.expr, value: object, names: dict[str, object]) -> None:
        match target:
            case ast.Name() | ast.Attribute():
                names[ast.unparse(target)] = value
            case ast.Subscript():
                self._put(target, value, names)
            case _:
                used = (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
                names.update(dict.fromkeys(used, UNKNOWN))

    def _called(self, call: ast.Call, names: dict[str, object]) -> Definition:
        """Return the arguments of `super().__init__()` or `models.CharField.__init__(self)`."""
        assert isinstance(call.func, ast.Attribute)
        args = call.args if isinstance(call.func.value, ast.Call) else call.args[1:]
        complete = self.given.complete
        positional: list[object] = []
        for each in args:
            if isinstance(each, ast.Starred):
                found = self._of(each.value, names)
                complete = complete and isinstance(found, tuple)
                positional += found if isinstance(found, tuple) else ()
            else:
                positional.append(self._of(each, names))
        named: dict[str, object] = {}
        for keyword in call.keywords:
            found = self._of(keyword.value, names)
            if keyword.arg is not None:
                named[keyword.arg] = found
            elif isinstance(found, dict):
                named.update(found)
            else:
                complete = False
        return Definition(self.given.kind, tuple(positional), named, complete)

    def _branch(self, node: ast.If, names: dict[str, object]) -> None:
        test = self._of(node.test, names)
        if test is not UNKNOWN:
            self._run(node.body if test else node.orelse, names)
            return
        one, other = _copied(names), _copied(names)
        self._run(node.body, one)
        self._run(node.orelse, other)
        names.update(_joined(one, other))

    def _of(self, node: ast.expr, names: dict[str, object]) -> object:
        """Return what an expression gives."""
        match node:
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.Dict(keys=keys, values=values):
                return self._dictionary(keys, values, names)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
                keys = [ast.Constant(each.arg) if each.arg else None for each in keywords]
                return self._dictionary(keys, [each.value for each in keywords], names)
            case ast.Call(func=ast.Attribute(value=owner, attr=method)):
                holder = self._of(owner, names) if isinstance(owner, ast.Name) else UNKNOWN
                if isinstance(holder, dict):
                    return self._method(holder, method, node, names)
            case ast.Subscript(value=ast.Name(id=name)) if isinstance(names.get(name), dict):
                return self._held(node, names)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._compared(self._of(left, names), operator, self._of(right, names))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                found = self._of(operand, names)
                return UNKNOWN if found is UNKNOWN else not found
            case ast.BoolOp(op=ast.Or(), values=[first, second]):
                found = self._of(first, names)
                return found if found is UNKNOWN or found else self._of(second, names)
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                given = ast.unparse(node)
                return names[given] if given in names else self._own(attribute)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _sum(self._of(left, names), self._of(right, names))
            case ast.Call(func=ast.Name(id="len"), args=[measured]):
                found = self._of(measured, names)
                return len(found) if isinstance(found, str | tuple | dict) else UNKNOWN
        return self._by_syntax(node, names)

    def _by_syntax(self, node: ast.expr, names: dict[str, object]) -> object:
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        return UNKNOWN if used & {*names, "self"} else self.read(node, self.init.scope)

    def _own(self, attribute: str) -> object:
        """Return an attribute of the class or of one above it."""
        for each in self.classes:
            for statement in each.node.body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == attribute:
                        return self.read(value, each.scope.body(each.node))
        return UNKNOWN

    def _dictionary(self, keys: Any, values: Any, names: dict[str, object]) -> object:
        found: dict[object, object] = {}
        for key, value in zip(keys, values, strict=True):
            each = self._of(value, names)
            if key is not None:
                found[self._of(key, names)] = each
            elif isinstance(each, dict):
                found.update(each)
            else:
                return UNKNOWN
        return UNKNOWN if UNKNOWN in found else found

    def _method(
        self, holder: dict[str, object], method: str, node: ast.Call, names: dict[str, object]
    ) -> object:
        given = [self._of(each, names) for each in node.args]
        otherwise = given[1] if len(given) > 1 else None
        if method == "update":
            for each in given:
                self._merge(holder, each)
            pairs = {each.arg: self._of(each.value, names) for each in node.keywords}
            self._merge(holder, pairs)
            return None
        if method not in ("setdefault", "pop", "get") or not given:
            return UNKNOWN
        name = str(given[0])
        if name not in holder and not self.given.complete:
            otherwise = UNKNOWN
        if method == "setdefault":
            return holder.setdefault(name, otherwise)
        return holder.pop(name, otherwise) if method == "pop" else holder.get(name, otherwise)

    def _held(self, node: ast.Subscript, names: dict[str, object]) -> object:
        holder = self._of(node.value, names)
        key = self._of(node.slice, names)
        return holder.get(key, UNKNOWN) if isinstance(holder, dict) else UNKNOWN

    def _put(self, target: ast.Subscript, value: object, names: dict[str, object]) -> None:
        holder = self._of(target.value, names)
        if isinstance(holder, dict):
            holder[self._of(target.slice, names)] = value

    def _take(self, target: ast.Subscript, names: dict[str, object]) -> None:
        holder = self._of(target.value, names)
        if isinstance(holder, dict):
            holder.pop(self._of(target.slice, names), None)

    def _merge(self, holder: object, more: object) -> None:
        if isinstance(holder, dict) and isinstance(more, dict):
            holder.update(more)

    def _compared(self, left: object, operator: ast.cmpop, right: object) -> object:
        if isinstance(right, dict) and isinstance(operator, ast.In | ast.NotIn):
            if left not in right and not self.given.complete:
                return UNKNOWN
            return (left in right) is isinstance(operator, ast.In)
        if UNKNOWN in (left, right) or not isinstance(operator, ast.Is | ast.IsNot | ast.Eq):
            return UNKNOWN
        return (left == right) is not isinstance(operator, ast.IsNot)


def _sum(left: object, right: object) -> object:
    """Return two numbers or two texts in one."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return left + right if isinstance(left, str) and isinstance(right, str) else UNKNOWN


def _copied(names: dict[str, object]) -> dict[str, object]:
    return {
        name: dict(value) if isinstance(value, dict) else value for name, value in names.items()
    }


def _joined(one: dict[str, object], other: dict[str, object]) -> dict[str, object]:
    """Return what is the same after both branches; all else is UNKNOWN."""
    found: dict[str, object] = {}
    for name in {**one, **other}:
        left, right = one.get(name, UNKNOWN), other.get(name, UNKNOWN)
        if isinstance(left, dict) and isinstance(right, dict):
            found[name] = _joined(left, right)
        else:
            found[name] = left if left == right else UNKNOWN
    return found
