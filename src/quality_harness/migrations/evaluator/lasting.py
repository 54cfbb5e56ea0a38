"""What the methods of an object of the tree do to the lists that it holds."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator import attributes, calls
from quality_harness.migrations.evaluator.bindings import LIST_METHODS, Binding, How, collect
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Outside,
    Unknown,
    Value,
    add,
)

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

# What makes something new of a list, or only looks at it.
_MAKE_NEW = ("builtins.", "copy.", "itertools.", "functools.", "collections.", "django.")
_OF_DICTIONARY = {"update", "setdefault", "pop", "popitem", "clear"}
# So many methods deep.
_DEEPEST = 4


def after(owner: Call, node: ast.Call, scope: "Scope") -> Call:
    """Return an object as it is after a statement has called a method of it.

    Args:
        owner: the object.
        node: the call.
        scope: what it sees.
    """
    assert isinstance(node.func, ast.Attribute)
    method = attributes.of_object(owner, node.func.attr, Unknown(node, scope))
    if not isinstance(method, Function):
        return owner
    return replace(owner, done=(*owner.done, (method, node, scope)))


def since(owner: Call, name: str, made: Items, unknown: Unknown, *, shared: bool = False) -> Value:
    """Return a list of an object with what its methods have put into it.

    Args:
        owner: the object.
        name: the list's name.
        made: the list as __init__ leaves it, or the class has it.
        unknown: what stands for what cannot be told.
        shared: whether all objects of the class have one list.
    """
    changing = frozenset(_changing(owner, name))
    value: Value = made
    for method, node, scope in owner.done if changing else ():
        value = _run(method, node, scope, name, changing, value, 0)
    if owner.loose or (changing and _is_used_otherwise(owner, changing, shared)):
        return add(value, Items((unknown,)), unknown)
    return value


def is_changed(owner: Call, name: str) -> bool:
    """Return whether a method, but for __init__, or a statement may change an attribute."""
    return owner.loose or any(True for _ in _changing(owner, name))


def _is_used_otherwise(owner: Call, changing: frozenset[str], shared: bool) -> bool:
    """Return whether the file that makes an object names such a method where nothing follows it."""
    followed = {node.func for _, node, _ in owner.done}
    for node in _named_in(owner.scope.file.tree):
        if isinstance(node, ast.Constant):
            if node.value in changing:
                return True
        elif node.attr in changing and node not in followed:
            other = owner.scope.of(node.value)
            is_another = isinstance(other, Call) and other.node is not owner.node
            if shared or not is_another:
                return True
    return False


def _changing(owner: Call, name: str) -> Iterator[str]:
    """Give the methods, but for __init__, that do something to an attribute."""
    lineage = attributes.lineage(owner.callee) if isinstance(owner.callee, Class) else ()
    for each in lineage:
        yield from _methods_on(each.node, name)


@lru_cache(maxsize=256)
def _methods_on(node: ast.ClassDef, name: str) -> frozenset[str]:
    """Return the methods that do something to an attribute, themselves or by another one."""
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    found = {
        each.name
        for each in methods
        if each.args.args and f"{each.args.args[0].arg}.{name}" in collect(each.body)
    }
    for _ in range(_DEEPEST):
        found |= {each.name for each in methods if found & set(_own_calls(each))}
    return frozenset(found - {"__init__"})


def _own_calls(method: ast.FunctionDef) -> Iterator[str]:
    for each in calls.own_nodes(method.body):
        if isinstance(each, ast.Call) and _is_of_self(each, method):
            assert isinstance(each.func, ast.Attribute)
            yield each.func.attr


def _is_of_self(node: ast.Call, method: ast.FunctionDef) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Name(id=owner)):
            return bool(method.args.args) and owner == method.args.args[0].arg
        case _:
            return False


def _run(
    method: Function,
    node: ast.Call,
    scope: "Scope",
    name: str,
    changing: frozenset[str],
    value: Value,
    depth: int,
) -> Value:
    """Return a list after a method has run."""
    if not isinstance(method.node, ast.FunctionDef) or method.node.name not in changing:
        return value
    values = calls.parameters(method, calls.arguments(node, scope), Unknown(node, scope))
    inner = method.scope.call(values, method.body, scope)
    first = method.node.args.args[0].arg
    changed = inner.own(f"{first}.{name}", value) or value
    owner = values.get(first)
    for each in calls.own_nodes(method.body) if depth < _DEEPEST else ():
        if isinstance(each, ast.Call) and _is_of_self(each, method.node):
            assert isinstance(each.func, ast.Attribute)
            found = None
            if isinstance(owner, Call) and each.func.attr in changing:
                found = attributes.of_object(owner, each.func.attr, Unknown(each, inner))
            if isinstance(found, Function):
                changed = _run(found, each, inner, name, changing, changed, depth + 1)
    return changed


@lru_cache(maxsize=256)
def _named_in(tree: ast.Module) -> tuple[ast.Attribute | ast.Constant, ...]:
    """Return the attributes that a module names, but for those of `self`, and its texts."""
    return tuple(
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, str))
        or (
            isinstance(node, ast.Attribute)
            and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        )
    )


def may_change(callee: Value, binding: Binding) -> bool:
    """Return whether a call may change a list or an object that it gets by a name.

    Args:
        callee: what is called.
        binding: of the name that is handed on, with the call.
    """
    node = binding.node
    assert isinstance(node, ast.Call)
    if isinstance(callee, Outside):
        return not callee.dotted.startswith(_MAKE_NEW)
    if not isinstance(callee, Function):
        return True
    names = [each.arg for each in callee.node.args.args][len(callee.bound) :]
    pairs = [
        *zip(names, node.args, strict=False),
        *((each.arg, each.value) for each in node.keywords),
    ]
    own = {
        name for name, given in pairs if isinstance(given, ast.Name) and given.id == binding.name
    }
    changed = {name.partition(".")[0] for name in collect(callee.body)}
    return not own or not own.isdisjoint(changed)


def changes_dictionary(value: Value | None, node: ast.Call) -> bool:
    """Return whether a method that a statement calls changes a dictionary."""
    is_method = isinstance(node.func, ast.Attribute) and node.func.attr in _OF_DICTIONARY
    return is_method and not isinstance(value, Items) and may_be_filled(value)


def may_be_filled(value: Value | None) -> bool:
    """Return whether a value is a list or a dictionary.

    A dictionary that begins empty is one of unknown entries already.
    """
    match value:
        case Items() | Unknown(node=ast.Dict(keys=[_, *_])) | Call(callee=Outside("builtins.dict")):
            return True
        case _:
            return False


def sets_attributes(callee: Value, binding: Binding) -> bool:
    """Return whether a call may set attributes of an object of Django's that it gets by a name."""
    match binding.node:
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]):
            return name == binding.name
        case _:
            return isinstance(callee, Function) and may_change(callee, binding)


@lru_cache(maxsize=256)
def filled_in_functions(tree: ast.Module) -> dict[str, ast.AST]:
    """Return the names of a module's lists and dictionaries into which its functions put something.

    Each comes with the place.
    """
    found: dict[str, ast.AST] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            bound = collect(function.body)
            own = {name for name, all_of in bound.items() if any(map(_gives, all_of))}
            own |= {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
            for node in calls.own_nodes(function.body):
                found |= {name: node for name in _filled_by(node) if name not in own}
    return found


def _gives(binding: Binding) -> bool:
    return binding.how in (How.ASSIGN, How.UNPACK, How.LOOP)


def _filled_by(node: ast.AST) -> Iterator[str]:
    """Give the names of lists and dictionaries into which one statement or call puts something."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
            if method in LIST_METHODS or method in _OF_DICTIONARY:
                yield name
        case ast.Assign(targets=targets):
            for target in targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    yield target.value.id
