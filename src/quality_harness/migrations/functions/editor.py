"""Reads calls of a schema editor's methods as the operations that do the same."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field as with_default

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Call, Literal, Unknown, options
from quality_harness.migrations.functions.queries import rows_of
from quality_harness.migrations.functions.rows import Key
from quality_harness.migrations.reader.definition_reader import read_all

# The operation, and what the second argument of the method, or the third one, gives it.
EDITS = {
    "add_field": ("AddField", "field", 1),
    "alter_field": ("AlterField", "field", 2),
    "add_index": ("AddIndex", "index", 1),
    "remove_index": ("RemoveIndex", "", 1),
    "add_constraint": ("AddConstraint", "constraint", 1),
    "remove_constraint": ("RemoveConstraint", "", 1),
    "alter_unique_together": ("AlterUniqueTogether", "unique_together", 2),
    "alter_index_together": ("AlterIndexTogether", "index_together", 2),
    "create_model": ("CreateModel", "", 1),
}
_NAMES = {"model": 0, "field": 1, "old_field": 1, "new_field": 2, "index": 1, "constraint": 1,
          "old_unique_together": 1, "new_unique_together": 2, "old_index_together": 1,
          "new_index_together": 2}  # fmt: skip
_NAMING = {"set_attributes_from_name": 0, "contribute_to_class": 1}
UNTOLD = "…"


@dataclass(frozen=True, eq=False)
class Edit:
    """What a call of a schema editor's method does, as an operation.

    Attributes:
        kind: the name of Django's operation.
        model: app label and name of the model, in lower case; "" for the migration's own app, and
            "…" for a name that is known only at run time.
        field: the field's name, likewise.
        name: of an index or a constraint that is removed.
        given: what defines the field, index or constraint.
    """

    kind: str
    model: Key
    field: str = ""
    name: str = ""
    given: Mapping[str, object] = with_default(default_factory=dict)

    @property
    def is_told(self) -> bool:
        """Whether all that the rules ask for is known."""
        return UNTOLD not in (self.model[1], self.field) and UNKNOWN not in self.given.values()


def is_edit(node: ast.Call, method: str, scope: Scope) -> bool:
    """Return whether a call is one of a schema editor that is read as an operation.

    Args:
        node: the call.
        method: the name of what it calls.
        scope: what it sees.
    """
    if method not in EDITS or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    owner = owner.func if isinstance(owner, ast.Call) else owner
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    is_editor = "editor" in name or "schema" in name
    return is_editor or (bool(node.args) and rows_of(node.args[0], scope) is not None)


def edits(node: ast.Call, scope: Scope) -> Iterator[Edit]:
    """Give what a call of such a method does, each alternative of it.

    Args:
        node: the call.
        scope: what it sees.
    """
    assert isinstance(node.func, ast.Attribute)
    kind, argument, place = EDITS[node.func.attr]
    given = dict(enumerate(node.args))
    given |= {_NAMES[each.arg]: each.value for each in node.keywords if each.arg in _NAMES}
    model = model_of(given[0], scope) if 0 in given else ("", UNTOLD)
    if kind.endswith("Index") and _is_concurrent(node):
        kind += "Concurrently"
    if kind == "CreateModel":
        yield Edit(kind, model, given={"fields": (), "options": {}})
        return
    defined = read_all(given[place], scope) if place in given else [UNKNOWN]
    for each in defined:
        if not argument:
            name = each.get("name") if isinstance(each, Definition) else UNTOLD
            yield Edit(kind, model, name=name if isinstance(name, str) else UNTOLD)
        elif argument == "field":
            yield from _of_field(kind, model, given, place, each, scope)
        else:
            yield Edit(kind, model, given={argument: each})


def _of_field(
    kind: str,
    model: Key,
    given: Mapping[int, ast.expr],
    place: int,
    defined: object,
    scope: Scope,
) -> Iterator[Edit]:
    own = defined.named.get("name") if isinstance(defined, Definition) else None
    found = (name_of(given[each], scope) for each in (place, 1) if each in given)
    name = own if isinstance(own, str) else next(filter(None, found), UNTOLD)
    if _is_found(given.get(place), scope) and kind == "AddField":
        defined = Named("get_field")
    elif not isinstance(defined, Definition) or not defined.name.endswith(("Field", "Key")):
        defined = UNKNOWN
    yield Edit(kind, model, name, given={"field": defined, "preserve_default": None})


def _is_found(node: ast.expr | None, scope: Scope) -> bool:
    """Return whether a field is one that the model has in the state."""
    for option in options(scope.of(node)) if node is not None else ():
        match option.node if isinstance(option, Unknown | Call) else None:
            case ast.Call(func=ast.Attribute(attr="get_field")):
                return True
    return False


def _is_concurrent(node: ast.Call) -> bool:
    return any(
        each.arg == "concurrently"
        and not (isinstance(each.value, ast.Constant) and not each.value.value)
        for each in node.keywords
    )


def model_of(node: ast.expr, scope: Scope) -> Key:
    """Return the model that an expression of a function stands for; "…" where that is unknown."""
    found = rows_of(node, scope)
    if found is not None:
        return found.model
    value = scope.of(node)
    for option in options(value):
        call = option.node if isinstance(option, Unknown | Call) else None
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr="get_model"), args=args):
                assert isinstance(option, Unknown | Call)
                given = ".".join(_text(each, option.scope) for each in args)
                app, _, name = given.lower().rpartition(".")
                return app or _app(owner, option.scope), name or UNTOLD
    return "", UNTOLD


def _app(owner: ast.expr, scope: Scope) -> str:
    """Return the app of `apps.get_app_config("shop")`."""
    match owner:
        case ast.Call(func=ast.Attribute(attr="get_app_config"), args=[app]):
            return _text(app, scope, "")
        case _:
            return ""


def _text(node: ast.expr, scope: Scope, otherwise: str = UNTOLD) -> str:
    value = scope.of(node)
    text = value.text if isinstance(value, Literal) else None
    # A method of an operation is given its app's label.
    is_label = isinstance(node, ast.Name) and node.id == "app_label"
    return ("" if is_label else otherwise) if text is None else text


def name_of(node: ast.expr, scope: Scope) -> str:
    """Return the name of a field that a function makes, or finds; empty where it is not told."""
    for option in options(scope.of(node)):
        call = option.node if isinstance(option, Unknown | Call) else None
        if not isinstance(option, Unknown | Call) or not isinstance(call, ast.Call):
            continue
        match call:
            case ast.Call(func=ast.Attribute(attr="get_field"), args=[given]):
                return _text(given, option.scope, "")
            case _:
                return _named_after(call, option.scope)
    return ""


def _named_after(made: ast.Call, scope: Scope) -> str:
    """Return the name that the statements after the making of a field give it."""
    for function in ast.walk(scope.file.tree):
        body = getattr(function, "body", None)
        for statement in body if isinstance(body, list) else ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_at(value, made):
                    return _name_given(name, function, scope)
    return ""


def _is_at(node: ast.expr, made: ast.Call) -> bool:
    """Return whether a call stands where another was made of it, with attributes set since."""
    return (node.lineno, node.col_offset) == (made.lineno, made.col_offset)


def _name_given(name: str, function: ast.AST, scope: Scope) -> str:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method), args=args):
                place = _NAMING.get(method, len(args))
                if owner == name and place < len(args):
                    return _text(args[place], scope, "")
    return ""
