"""Finds the method behind a call of a model's own manager, which a migration sees too.

The model of a migration has the managers that say `use_in_migrations`, and all their methods.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from quality_harness.migrations.evaluator import attributes
from quality_harness.migrations.evaluator.modules import SourceFile
from quality_harness.migrations.evaluator.scope import Scope, scope_of
from quality_harness.migrations.evaluator.values import Call, Class, Function, Literal, Unknown
from quality_harness.migrations.functions.queries import rows_of
from quality_harness.migrations.functions.rows import Key

_DEEPEST = 4
_OF_DJANGO = {"all", "filter", "exclude", "get", "create", "update", "delete", "count", "exists",
              "values", "values_list", "order_by", "using", "iterator", "get_or_create", "first",
              "update_or_create", "bulk_create", "bulk_update"}  # fmt: skip


def method_of_manager(node: ast.Call, scope: Scope) -> Function | None:
    """Return the method that `Model.objects.method()` runs; None where it is Django's own."""
    match node.func:
        case ast.Attribute(value=ast.Attribute(value=model, attr=manager) as owner, attr=method):
            if method in _OF_DJANGO or isinstance(model, ast.Attribute):
                return None
            rows = rows_of(owner, scope)
            found = None if rows is None else _method(rows.model, manager, method, scope)
            return found if isinstance(found, Function) else None
        case _:
            return None


def may_be_of_model(method: str, scope: Scope) -> bool:
    """Return whether a method can be one that the project's own models have, by its name."""
    return method not in _OF_DJANGO and _imports_models(scope.file.tree)


@lru_cache(maxsize=256)
def _imports_models(tree: ast.Module) -> bool:
    """Return whether a module imports models of the tree, or is one of models."""
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            module = statement.module or ""
            names = {module.rpartition(".")[2], *(alias.name for alias in statement.names)}
            is_ours = bool(statement.level) or not module.startswith("django.")
            if is_ours and ("models" in names or ".models." in module):
                return True
    return False


def method_of_model(model: Class, name: str) -> Function | None:
    """Return a method of a model's class, or one of its managers and of their querysets.

    Args:
        model: the class, which the code imports.
        name: the method's name.
    """
    found = attributes.of_class(model, name)
    if isinstance(found, Function):
        return found
    for statement in model.node.body:
        if isinstance(statement, ast.Assign) and _may_be_manager(statement.value):
            behind = _behind(statement.value, name, model.scope, 0)
            if behind is not None:
                return behind
    return None


def _may_be_manager(node: ast.expr) -> bool:
    """Return whether an attribute is not plainly a field: `models.CharField()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="models"))):
            return False
        case _:
            return isinstance(node, ast.Call)


def _behind(node: ast.expr, name: str, scope: Scope, depth: int) -> Function | None:
    """Return a method of a class that an expression names: `Manager.from_queryset(Rows)()`."""
    for each in ast.walk(node) if depth < _DEEPEST else ():
        found = scope.of(each) if isinstance(each, ast.Name) else None
        if isinstance(found, Class):
            method = attributes.of_class(found, name)
            if isinstance(method, Function):
                return method
            for base in found.node.bases:
                further = _behind(base, name, found.scope, depth + 1)
                if further is not None:
                    return further
    return None


def _method(model: Key, manager: str, method: str, scope: Scope) -> object:
    for owner in _classes(model, scope):
        made = attributes.of_class(owner, manager)
        if isinstance(made, Call) and isinstance(made.callee, Class):
            told = attributes.of_class(made.callee, "use_in_migrations")
            if isinstance(told, Literal) and told.value is True:
                own = attributes.of_object(made, method, Unknown(made.node, made.scope))
                return own or _behind(made.node, method, made.scope, 0)
    return None


def _classes(model: Key, scope: Scope) -> Iterator[Class]:
    """Give the class of the tree that a model has, as its app's models.py tells."""
    app, name = model
    file = scope.file.find(f"{app}.models")
    for each in _names(file) if file is not None else ():
        if file is not None and each.lower() == name:
            found = scope_of(file).own(each)
            if isinstance(found, Class):
                yield found


def _names(file: SourceFile) -> Iterator[str]:
    for statement in file.tree.body:
        if isinstance(statement, ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in statement.names)
