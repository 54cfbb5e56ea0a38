"""Finds the functions of the tree that a call, a with block, a loop or an attribute leads into."""

import ast
from collections.abc import Iterator

from quality_harness.migrations.evaluator import attributes, calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Partial,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.functions.commands import handler
from quality_harness.migrations.functions.managers import may_be_of_model, method_of_model
from quality_harness.migrations.functions.queries import model_class

# What gives something of the tree: a function, an attribute, a module.
GIVES = {"builtins.getattr", "importlib.import_module", "django.utils.module_loading.import_string"}
_NOTHING = calls.Arguments((), {}, complete=False)
_REACHES = {"apps", "schema_editor", "connection", "cursor"}
_ENTERED = ("__enter__", "__exit__")
Led = tuple[Function, calls.Arguments]


def named(node: ast.expr, scope: Scope) -> Value | None:
    """Return what a name, an attribute, or a method of what a call gives stands for.

    Args:
        node: the expression.
        scope: what it sees.

    Returns:
        None for all other expressions.
    """
    first = node
    while isinstance(first, ast.Attribute):
        first = first.value
    if not isinstance(first, ast.Name):
        return _of_made(node, scope)
    found = scope.of(first)
    # Whatever is reached through the unknown is unknown.
    return found if isinstance(found, Unknown) or first is node else scope.of(node)


def _of_made(node: ast.expr, scope: Scope) -> Value | None:
    """Return what is reached through a call: `Cleaner(apps).run`."""
    first = node
    while isinstance(first, ast.Attribute | ast.Call):
        first = first.value if isinstance(first, ast.Attribute) else first.func
    start = scope.of(first) if isinstance(first, ast.Name) else None
    match start:
        case Class() | Function() | Partial() | ModuleValue():
            return scope.of(node)
        case Outside(dotted=dotted) if dotted in GIVES:
            return scope.of(node)
        case Call(callee=Class()) if isinstance(node, ast.Attribute):
            found = scope.of(node)
            # A method may give the object itself, or another one like it.
            method = attributes.of_object(start, node.attr, Unknown(node, scope))
            return found if isinstance(found, Function) else method
        case _:
            return None


def entry(node: ast.expr, scope: Scope) -> Value | None:
    """Return what an entry of a named table stands for; None for all other expressions."""
    is_entry = isinstance(node, ast.Subscript) and named(node.value, scope) is not None
    return scope.of(node) if is_entry else None


def called_by(node: ast.Call, callee: Value, scope: Scope) -> Iterator[Led]:
    """Give the functions that a call of a value runs, and what it gives them."""
    if isinstance(callee, Outside | Unknown):
        return
    for option in options(callee):
        found: Value | None = option
        if isinstance(option, Class) and _is_given_apps(node):
            made = Call(node, scope, option)
            found = attributes.of_object(made, "__init__", Unknown(node, scope))
        elif isinstance(option, Call):
            # A task that is a class has run() for it.
            unknown = Unknown(node, scope)
            found = attributes.called(option) or attributes.of_object(option, "run", unknown)
        if isinstance(found, Function):
            yield found, calls.arguments(node, scope)


def _is_given_apps(node: ast.Call) -> bool:
    """Return whether an object is made with what it needs to reach rows while it is made."""
    given = [*node.args, *(each.value for each in node.keywords)]
    return any(isinstance(each, ast.Name) and each.id in _REACHES for each in given)


def by_name(node: ast.Call, callee: Value | None, scope: Scope) -> Iterator[Led]:
    """Give the functions that something is called by its name only: a command, a row's method."""
    match node.func:
        case ast.Name(id="call_command") | ast.Attribute(attr="call_command"):
            for command in handler(node, scope):
                yield command, _NOTHING
        case ast.Name() | ast.Subscript() if callee is None or isinstance(callee, Unknown):
            yield from _registered(node.func, scope)
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=method):
            for option in options(scope.lookup("self") or Literal(None)):
                if isinstance(option, Call):
                    for above in attributes.overridden(option, method):
                        yield above, calls.arguments(node, scope)
        case ast.Attribute(attr="send_task"):
            started = task(node, scope)
            yield from [(started, _NOTHING)] if started is not None else []
        case ast.Attribute(value=owner, attr=method) if may_be_of_model(method, scope):
            model = model_class(owner, scope)
            found = None if model is None else method_of_model(model, method)
            if isinstance(found, Function):
                yield found, calls.Arguments((Unknown(owner, scope),), {}, complete=False)


def task(node: ast.Call, scope: Scope) -> Function | None:
    """Return the function whose task send_task() names by its module and its own name."""
    for option in options(scope.of(node.args[0])) if node.args else ():
        name = option.text if isinstance(option, Literal) else None
        module, _, own = (name or "").rpartition(".")
        found = scope.module(module) if module else None
        function = found.scope.own(own) if isinstance(found, ModuleValue) else None
        if isinstance(function, Function):
            return function
    return None


def _registered(called: ast.expr, scope: Scope) -> Iterator[Led]:
    """Give the functions that their decorators have put on the list that a loop calls."""
    for option in options(scope.of(called)):
        if not isinstance(option, Unknown):
            continue
        for holder in _holders(option.node):
            if _is_empty(option.scope.of(holder)):
                for function in _decorated(scope):
                    yield function, _NOTHING


def _holders(node: ast.AST) -> Iterator[ast.Name]:
    """Give the list or dictionary that a loop, or an index, takes something from."""
    taken_from = node.iter if isinstance(node, ast.For) else node
    if isinstance(taken_from, ast.Name | ast.Call | ast.Subscript):
        for each in ast.walk(taken_from):
            if isinstance(each, ast.Name):
                yield each


def _is_empty(value: Value) -> bool:
    match value:
        case Items(members=()) | Unknown(node=ast.Dict(keys=[])):
            return True
        case Items(members=(Unknown(node=ast.Call(func=ast.Attribute(attr="append"))),)):
            # The function that fills it is the decorator.
            return True
        case _:
            return False


def _decorated(scope: Scope) -> Iterator[Function]:
    """Give the functions of a file that a decorator of the tree has got."""
    for statement in scope.file.tree.body:
        decorators = getattr(statement, "decorator_list", [])
        found = scope.lookup(statement.name) if isinstance(statement, ast.FunctionDef) else None
        is_ours = any(_is_ours(each, scope) for each in decorators)
        if is_ours and isinstance(found, Function):
            yield found


def _is_ours(decorator: ast.expr, scope: Scope) -> bool:
    maker = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(named(maker, scope), Function)


def run_by(node: ast.AST, scope: Scope) -> Iterator[Led]:
    """Give the methods that run without a call: of a with block, a loop, a property."""
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                yield from _methods(item.context_expr, _ENTERED, scope)
        case ast.For(iter=iterated):
            yield from _methods(iterated, ("__iter__",), scope)
        case ast.Attribute(value=ast.Name() as owner, attr=name):
            for option in options(scope.of(owner)):
                if isinstance(option, Call):
                    read = attributes.read_of(option, name)
                    yield from [(read, _NOTHING)] if read is not None else []


def _methods(node: ast.expr, names: tuple[str, ...], scope: Scope) -> Iterator[Led]:
    for option in options(scope.of(node)) if is_plain(node) else ():
        for name in names if isinstance(option, Call) else ():
            assert isinstance(option, Call)
            found = attributes.of_object(option, name, Unknown(node, scope))
            if isinstance(found, Function):
                yield found, _NOTHING


def is_plain(node: ast.expr) -> bool:
    """Return whether an expression is a name, or the call of one: an object, or a class."""
    return isinstance(node.func if isinstance(node, ast.Call) else node, ast.Name)
