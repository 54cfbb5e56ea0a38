"""Tells of calls whose effect is decided outside of the source: programs, signals, modules."""

import ast
import re
from collections.abc import Iterator

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Items,
    Literal,
    Outside,
    Value,
    options,
)
from quality_harness.migrations.functions.callees import GIVES, named, task
from quality_harness.migrations.hole import HOLE

_PROGRAMS = re.compile(r"(subprocess|pexpect|sh)\.\w+|os\.(system|popen|exec\w+|spawn\w+)")
# What can write to a database, or run what does.
_WRITERS = re.compile(
    r"\b(psql|pg_restore|dropdb|mysql|mariadb|sqlite3?|manage\.py|django-admin|python[\d.]*|"
    r"(ba|z|da)?sh|source)\b"
)
_IMPORTS = GIVES - {"builtins.getattr"}
_SENDS = {"send", "send_robust", "asend", "asend_robust"}


def decided_elsewhere(node: ast.Call, callee: Value | None, scope: Scope) -> Iterator[str]:
    """Give what such a call does, as the end of a sentence.

    Args:
        node: the call.
        callee: what is called, where that is known.
        scope: what it sees.
    """
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if isinstance(callee, Outside) and _PROGRAMS.fullmatch(callee.dotted):
        if _may_write(node, scope):
            yield "runs another program"
    elif method in _SENDS and isinstance(node.func, ast.Attribute):
        if _is_signal(node.func.value, scope):
            yield "sends a signal, whose receivers are known only at run time"
    elif method == "send_task":
        if task(node, scope) is None:
            yield "starts a task by its name"
    elif _is_of_unknown_module(node, scope):
        yield "runs a module that is known only at run time"


def _may_write(node: ast.Call, scope: Scope) -> bool:
    """Return whether a program is unknown, or one that can write to a database."""
    for option in options(scope.of(node.args[0])) if node.args else ():
        words = option.members if isinstance(option, Items) else (option,)
        first = words[0] if words else Literal("")
        if not isinstance(first, Literal) or _WRITERS.search(str(first.value)):
            return True
    return not node.args


def _is_signal(owner: ast.expr, scope: Scope) -> bool:
    for option in options(named(owner, scope) or Literal(None)):
        of = option.callee if isinstance(option, Call) else option
        if isinstance(of, Outside) and of.dotted.startswith(
            ("django.dispatch.", "django.db.models.signals.", "django.core.signals.")
        ):
            return True
    return False


def _is_of_unknown_module(node: ast.Call, scope: Scope) -> bool:
    """Return whether something of `import_module(name)` is called whose name is not known."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    if isinstance(owner, ast.Call):
        return _gives_unknown_module(owner, scope)
    found = options(scope.of(owner)) if isinstance(owner, ast.Name) else ()
    return any(
        isinstance(each, Call) and _gives_unknown_module(each.node, each.scope) for each in found
    )


def _gives_unknown_module(node: ast.Call, scope: Scope) -> bool:
    maker = named(node.func, scope) if node.args else None
    if not isinstance(maker, Outside) or maker.dotted not in _IMPORTS:
        return False
    found = options(scope.of(node.args[0]))
    return not all(isinstance(each, Literal) and HOLE not in str(each.value) for each in found)
