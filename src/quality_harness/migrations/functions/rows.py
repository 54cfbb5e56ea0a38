"""The rows that an expression stands for, and what the methods of a queryset make of them."""

import ast
from dataclasses import dataclass, replace

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Class, Literal, Outside, Value, options
from quality_harness.migrations.functions.keywords import certain

Key = tuple[str, str]
# What picks rows by the conditions that it is given.
_PICKS = {"filter", "exclude", "get", "aget", "get_or_create", "aget_or_create",
          "update_or_create", "aupdate_or_create"}  # fmt: skip
# What gives one row, or none, without a condition.
_ONE_OR_NONE = {"first", "last", "earliest", "latest", "none"}
KEYS = {"pk", "id", "uuid", "slug"}


@dataclass(frozen=True)
class Rows:
    """The rows that an expression stands for.

    Attributes:
        model: app label and name of the model, in lower case.
        only_empty: the fields that are empty in all of them.
        picked: whether a condition picks them.
        single: whether that picks one by its key.
        new: whether the code itself has made them.
        keyed: whether they were made without a query, with a key that may be another row's.
        relation: the relation whose manager this is; empty for rows, and for the model's own.
        plain: whether they are in a list or dictionary, or values() makes these of them.
        owner: the model's own class, where it was imported and not got from the migration's state.
    """

    model: Key
    only_empty: frozenset[str] = frozenset()
    picked: bool = False
    single: bool = False
    new: bool = False
    keyed: bool = False
    relation: str = ""
    plain: bool = False
    owner: Class | None = None


def made(found: Rows, node: ast.Call) -> Rows:
    """Return the object that a call of a model's class makes."""
    keyed = bool(node.args) or any(each.arg in (None, "pk", "id") for each in node.keywords)
    return Rows(found.model, new=True, keyed=keyed)


def either(one: Rows | None, other: Rows | None) -> Rows | None:
    """Return rows that may be the one or the other: what is not so of both is not so."""
    if one is None or other is None:
        return one or other
    keyed = one.keyed or other.keyed
    if one.new != other.new:
        return replace(other if one.new else one, keyed=keyed)
    return replace(
        one,
        only_empty=one.only_empty & other.only_empty,
        picked=one.picked and other.picked,
        single=one.single and other.single,
        keyed=keyed,
    )


def filtered(found: Rows, node: ast.Call, scope: Scope) -> Rows:
    """Return the rows that a method of a queryset, a manager or a row gives."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    new = found.new or method in ("create", "bulk_create", "acreate", "abulk_create")
    if method not in _PICKS:
        is_plain = found.plain or method in ("values", "values_list")
        picked = found.picked or method.removeprefix("a") in _ONE_OR_NONE
        if (new, is_plain, picked, "") == (found.new, found.plain, found.picked, found.relation):
            return found
        return replace(found, new=new, plain=is_plain, picked=picked, relation="")
    named = {each.arg: each.value for each in node.keywords if each.arg}
    named.pop("defaults", None)
    unnamed = [keyword for keyword in node.keywords if not keyword.arg]
    more = [each for keyword in unnamed for each in certain(keyword, scope)]
    conditions = {**named, **{each.arg or "": each.value for each in more}}
    empty = {_field(name) for name, value in conditions.items() if _is_empty(name, value)}
    empty = set() if method == "exclude" else empty
    keys = [value for name, value in named.items() if name in KEYS]
    single = method != "exclude" and any(_is_fixed(scope.of(each)) for each in keys)
    return replace(
        found,
        relation="",
        only_empty=found.only_empty | empty,
        picked=found.picked or bool(node.args or named or unnamed),
        single=found.single or single,
        new=new,
    )


def _is_fixed(key: Value) -> bool:
    """Return whether a key is one for good: that of a loop's row is another one each time."""
    return all(isinstance(each, Literal | Outside) for each in options(key))


def _field(lookup: str) -> str:
    return lookup.removesuffix("__isnull").removesuffix("__exact")


def _is_empty(name: str, value: ast.expr) -> bool:
    wanted = (True,) if name.endswith("__isnull") else (None, "")
    return isinstance(value, ast.Constant) and any(value.value is each for each in wanted)
