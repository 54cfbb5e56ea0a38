"""Reads the keywords of a call, also those that a dictionary brings."""

import ast
from collections.abc import Iterator

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Literal, Unknown, Value, options
from quality_harness.migrations.functions.assignments import UNTOLD
from quality_harness.migrations.hole import HOLE


def told(keyword: ast.keyword, scope: Scope) -> Iterator[ast.keyword]:
    """Give a keyword, or those that `**values` may bring; UNTOLD stands for unknown ones."""
    if keyword.arg:
        yield keyword
        return
    for option in options(scope.of(keyword.value)):
        yield from _entries(option, keyword.value)


def certain(keyword: ast.keyword, scope: Scope) -> list[ast.keyword]:
    """Return those that `**values` brings on every run; none where that is not known."""
    found = list(options(scope.of(keyword.value)))
    entries = list(_entries(found[0], keyword.value)) if len(found) == 1 else []
    return entries if all(each.arg != UNTOLD for each in entries) else []


def _entries(value: Value, given: ast.expr) -> Iterator[ast.keyword]:
    node = value.node if isinstance(value, Unknown) else None
    if not isinstance(node, ast.Dict) or not isinstance(value, Unknown):
        yield ast.keyword(UNTOLD, given)
        return
    for key, each in zip(node.keys, node.values, strict=True):
        name = None if key is None else value.scope.of(key)
        is_told = isinstance(name, Literal) and name.text is not None and HOLE not in name.text
        text = name.text if is_told and isinstance(name, Literal) else None
        yield ast.keyword(text or UNTOLD, each)
