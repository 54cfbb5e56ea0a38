"""What a field of Django gives of itself: clone() and deconstruct()."""

import ast
from collections.abc import Iterator

from quality_harness.migrations.evaluator.values import Call, Items, Literal, Outside, Value

METHODS = {"clone", "deconstruct"}


def copied(field: Value, node: ast.Call, tree: ast.Module) -> Value | None:
    """Return what such a method of a field gives; None where it is no field of Django.

    Args:
        field: what the method is called on.
        node: the call.
        tree: the module that the call stands in.
    """
    if not is_field(field):
        return None
    assert isinstance(node.func, ast.Attribute) and isinstance(field, Call)
    return field if node.func.attr == "clone" else _taken_apart(field, node, tree)


def is_field(value: Value) -> bool:
    """Return whether a value is a field of Django's own."""
    match value:
        case Call(callee=Outside(dotted=dotted)):
            return dotted.startswith("django.db.models.") and dotted.endswith(("Field", "Key"))
        case _:
            return False


def _taken_apart(field: Call, node: ast.Call, tree: ast.Module) -> Value | None:
    """Return name, path, arguments and named ones, which nothing changes on the way."""
    if field.node.args or not _is_only_spread(node, tree):
        return None
    made = ast.Call(ast.Name("dict", ast.Load()), [], field.node.keywords)
    named = ast.fix_missing_locations(ast.copy_location(made, node))
    given = Call(named, field.scope, Outside("builtins.dict"))
    assert isinstance(field.callee, Outside)
    return Items((Literal(None), Literal(field.callee.dotted), Items(()), given))


def _is_only_spread(node: ast.Call, tree: ast.Module) -> bool:
    """Return whether all that is done with the named arguments is to spread them: `**named`."""
    nodes = list(ast.walk(tree))
    names = {
        each.targets[0].elts[-1].id
        for each in nodes
        if isinstance(each, ast.Assign)
        and each.value is node
        and isinstance(each.targets[0], ast.Tuple)
        and isinstance(each.targets[0].elts[-1], ast.Name)
    }
    spread = {id(each) for part in nodes for each in _spread_in(part)}
    return bool(names) and all(
        id(each) in spread
        for each in nodes
        if isinstance(each, ast.Name) and each.id in names and isinstance(each.ctx, ast.Load)
    )


def _spread_in(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.keyword(arg=None, value=value):
            yield value
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if key is None)
