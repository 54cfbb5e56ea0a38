"""Reads which fields of rows that are there a function of a migration overwrites."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Items,
    Literal,
    Outside,
    Unknown,
    options,
)
from quality_harness.migrations.functions.assignments import UNTOLD, Written, name_of
from quality_harness.migrations.functions.given_values import Given, given
from quality_harness.migrations.functions.keywords import told
from quality_harness.migrations.functions.queries import rows_of
from quality_harness.migrations.functions.rows import Key, Rows


@dataclass(frozen=True)
class Overwritten:
    """What a call overwrites in rows that are there.

    Attributes:
        fields: their names; empty where it makes rows, or writes only what was empty.
        copied: those that it fills from other fields.
        model: the model, where that is known.
        picked: whether a condition picks the rows.
        gives: what it gives to fields, also to those that were empty.
    """

    fields: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    model: Key = ("", "")
    picked: bool = False
    gives: tuple[Given, ...] = ()


def overwritten(node: ast.Call, scope: Scope, written: Sequence[Written]) -> Overwritten:
    """Return what a call of save(), update() or bulk_update() overwrites.

    Args:
        node: the call of a method.
        scope: what it sees.
        written: what the function assigns to attributes.
    """
    assert isinstance(node.func, ast.Attribute)
    rows = rows_of(node.func.value, scope)
    # "update" and "aupdate" alike; none of these names begins with an "a".
    match node.func.attr.removeprefix("a"):
        case "update":
            return _updated(node, rows, scope)
        case "update_or_create" if rows is not None or is_every_row(node.func):
            return _updated_by_lookup(node, rows, scope)
        case "bulk_create" if rows is not None and _is_true(_keyword(node, "update_conflicts")):
            names = _texts(_keyword(node, "update_fields"), scope) or [UNTOLD]
            return Overwritten(tuple(names), (), rows.model, True)
        case "save" if rows is not None and not isinstance(node.func.value, ast.Call):
            names = _texts(_keyword(node, "update_fields"), scope)
            owner = name_of(node.func.value)
            own = [each for each in written if each.owner == owner]
            seen = (*names, UNTOLD)
            return _assigned_to(rows, [each for each in own if not names or each.field in seen])
        case "save" if rows is not None and isinstance(node.func.value, ast.Call):
            return _made_over(node.func.value, rows)
        case "save" if rows is None and _is_deserialized(node.func.value, scope):
            return Overwritten((UNTOLD,), (), ("", ""), True)
        case "bulk_update" if rows is not None and node.args:
            given = node.args[1] if len(node.args) > 1 else _keyword(node, "fields")
            names = _texts(given, scope)
            own = [each for each in written if each.field in names]
            told = {each.field for each in own}
            own += [Written("", name, False, False) for name in names if name not in told]
            return _assigned_to(_given_rows(node.args[0], rows, scope), own)
        case _:
            return Overwritten()


def _given_rows(node: ast.expr, rows: Rows, scope: Scope) -> Rows:
    """Return the rows that a list for bulk_update() holds; all where that is not told."""
    found = rows_of(node, scope)
    if found is None:
        return rows
    found = replace(found, model=rows.model)
    if not found.keyed:
        return found
    # Objects that were made with a key stand for the rows of that key.
    picked = found.picked or found.new
    return replace(found, new=False, single=False, only_empty=frozenset(), picked=picked)


def _is_deserialized(node: ast.expr, scope: Scope) -> bool:
    """Return whether an object comes from a fixture: it saves itself over the row of its key."""
    for option in options(scope.of(node)):
        match option:
            case Unknown(node=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
                return name == "deserialize"
            case Call(callee=Outside(dotted=dotted)):
                return dotted.endswith(".deserialize")
    return False


def _updated(node: ast.Call, rows: Rows | None, scope: Scope) -> Overwritten:
    fields = [each for keyword in node.keywords for each in told(keyword, scope)]
    if rows is None and not is_every_row(node.func):
        return Overwritten()
    every = rows is None or not rows.picked
    gives = tuple(given(each.arg or UNTOLD, each.value)._replace(every=every) for each in fields)
    if rows is not None:
        owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        # What values() gives in a loop are dictionaries, which have update() as well.
        is_dictionary = rows.plain and isinstance(owner, ast.Name)
        fields = [] if rows.single or rows.new or is_dictionary else fields
        fields = [each for each in fields if each.arg not in rows.only_empty]
    return Overwritten(
        tuple(each.arg or "" for each in fields),
        tuple(each.arg or "" for each in fields if not isinstance(each.value, ast.Constant)),
        ("", "") if rows is None else rows.model,
        rows is not None and rows.picked,
        gives,
    )


def _updated_by_lookup(node: ast.Call, rows: Rows | None, scope: Scope) -> Overwritten:
    defaults = _keyword(node, "defaults")
    lookups = {each.arg for each in node.keywords}
    is_new = rows is not None and rows.new
    # A row by its number is one of the program's own; a slug may be anybody's.
    if defaults is None or is_new or lookups & {"pk", "id"}:
        return Overwritten()
    fields = list(told(ast.keyword(None, defaults), scope))
    names = tuple(each.arg or UNTOLD for each in fields)
    return Overwritten(names, (), ("", "") if rows is None else rows.model, True)


def _made_over(made: ast.Call, rows: Rows) -> Overwritten:
    """Return what `Model(pk=key, ...).save()` puts over a row whose key is not written out."""
    given = {each.arg: each.value for each in made.keywords if each.arg}
    keys = [value for name, value in given.items() if name in ("pk", "id")]
    if not keys or isinstance(keys[0], ast.Constant):
        return Overwritten()
    names = tuple(name for name in given if name not in ("pk", "id"))
    return Overwritten(names, (), rows.model, True)


def is_every_row(function: ast.expr) -> bool:
    """Return whether a queryset is that of a manager, or its all()."""
    found = function.value if isinstance(function, ast.Attribute) else function
    while isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute):
        if found.func.attr not in ("all", "using"):
            return False
        found = found.func.value
    return isinstance(found, ast.Attribute) and found.attr in ("objects", "_default_manager")


def _assigned_to(rows: Rows, written: Sequence[Written]) -> Overwritten:
    if rows.new or rows.single:
        return Overwritten()
    lost = [each for each in written if not each.guarded and each.field not in rows.only_empty]
    fields = tuple(dict.fromkeys(each.field for each in lost))
    copied = tuple(dict.fromkeys(each.field for each in lost if each.copied))
    gives = tuple(given(each.field, each.value) for each in written)
    return Overwritten(fields, copied, rows.model, rows.picked, gives)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in node.keywords if each.arg == name), None)


def _texts(node: ast.expr | None, scope: Scope) -> list[str]:
    """Return the texts of a list."""
    return [
        member.text
        for option in (options(scope.of(node)) if node is not None else ())
        for member in (option.members if isinstance(option, Items) else ())
        if isinstance(member, Literal) and member.text is not None
    ]
