"""Decides conditions that give the same wherever the migration runs.

What is judged runs on PostgreSQL, under Django 5.2 or newer and so under Python 3.10 or newer.
"""

import ast
from collections.abc import Callable, Sequence, Set
from typing import Any

_DJANGO = (5, 2)
_PYTHON = (3, 10)
_VENDORS = {"postgresql", "sqlite", "mysql", "oracle", "microsoft", "mssql"}
# What a name alone is compared with may be a firm's.
_FIRMS = {"oracle", "microsoft"}
_ENGINES = {"engine", "db_engine", "database_engine"}
_VERSIONS = {"django.VERSION": _DJANGO, "VERSION": _DJANGO, "sys.version_info": _PYTHON}
# What a way does not go on behind.
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_JUDGED = {ast.If, ast.With}
_NOTHING: list[ast.stmt] = []


def decided(test: ast.expr) -> bool | None:
    """Return what a condition gives on every run that is judged; None where that may differ."""
    match test:
        case ast.Constant(value=bool() | int() as value):
            return bool(value)
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = decided(operand)
            return None if inner is None else not inner
        case ast.BoolOp(op=joined, values=values):
            found = [decided(value) for value in values]
            ends = isinstance(joined, ast.Or)
            return ends if ends in found else None if None in found else not ends
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _compared(left, sign, right)
        case ast.Call(
            func=ast.Attribute(value=engine, attr="startswith" | "endswith"),
            args=[ast.Constant(value=str() as part)],
        ) if _is_engine(engine, part) and _is_of_another_vendor(part):
            return False
        case _:
            return None


Decide = Callable[[ast.expr], bool | None]


def reached(body: Sequence[Any], decide: Decide = decided) -> Sequence[Any]:
    """Return the statements of a body that may run, those behind decided conditions in line.

    What is rolled back on purpose counts as not run.

    Args:
        body: statements, or an expression alone.
        decide: what a condition gives, None where that may differ.
    """
    if _JUDGED.isdisjoint(map(type, body)):
        return body
    found: list[ast.stmt] = []
    for each in body:
        taken = _taken(each, decide)
        found += taken
        if taken and taken[0] is not each and isinstance(taken[-1], _LEAVES):
            break
    return found


def _taken(node: ast.stmt, decide: Decide) -> Sequence[ast.stmt]:
    if isinstance(node, ast.With):
        return _NOTHING if _is_rolled_back(node) else [node]
    answer = decide(node.test) if isinstance(node, ast.If) else None
    if not isinstance(node, ast.If) or answer is None:
        return [node]
    return reached(node.body if answer else node.orelse, decide)


def _is_rolled_back(node: ast.With) -> bool:
    """Return whether a transaction ends with set_rollback(True), on the same database."""
    match node.body[-1], node.items[-1].context_expr:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(attr="set_rollback") | ast.Name(id="set_rollback"),
                args=[ast.Constant(value=True), *rest],
                keywords=keywords,
            )
        ), ast.Call(func=opened, args=args, keywords=named) if "atomic" in ast.unparse(opened):
            using = [*rest, *(each.value for each in keywords)]
            opened_on = [*args, *(each.value for each in named if each.arg == "using")]
            return [*map(ast.unparse, using)] == [*map(ast.unparse, opened_on)]
        case _:
            return False


def _compared(left: ast.expr, sign: ast.cmpop, right: ast.expr) -> bool | None:
    match left:
        case ast.Name(id="vendor"):
            return _vendor(sign, right, _VENDORS - _FIRMS)
        case ast.Attribute() if is_vendor(left):
            return _vendor(sign, right, _VENDORS)
        case ast.Subscript() | ast.Name() if _is_engine(left, _constant(right)):
            return _engine(_constant(right), sign)
        case ast.Constant() if isinstance(sign, ast.In | ast.NotIn):
            return _engine(left.value, sign) if _is_engine(right, left.value) else None
    wanted = _constant(right)
    # A number alone is compared with a part: all of a version is a tuple.
    is_told = isinstance(wanted, tuple | int) and not (
        isinstance(wanted, int) and isinstance(left, ast.Name)
    )
    oldest = _version(left) if is_told else None
    if oldest is None or not isinstance(wanted, tuple | int):
        return None
    asked = wanted if isinstance(wanted, tuple) else (wanted,)
    if not all(isinstance(part, int) for part in asked) or asked > oldest[: len(asked)]:
        return None
    # What runs is as new as `oldest`, or newer.
    is_older = asked < oldest[: len(asked)]
    match sign:
        case ast.GtE():
            return True
        case ast.Lt():
            return False
        case ast.Gt() | ast.NotEq() if is_older:
            return True
        case ast.LtE() | ast.Eq() if is_older:
            return False
        case _:
            return None


def _is_engine(node: ast.expr, text: object) -> bool:
    """Return whether an expression is the path of a database's backend, as the settings have it.

    Args:
        node: the expression.
        text: what it is compared with: a name alone is one beside a path or a part of it.
    """
    match node:
        case ast.Subscript(value=database, slice=ast.Constant(value="ENGINE")):
            owner = ast.unparse(database)
            return "DATABASES" in owner or "settings_dict" in owner
        case ast.Name(id=name):
            texts = text if isinstance(text, tuple) else (text,)
            return name.lower() in _ENGINES and all("." in str(each) for each in texts)
        case _:
            return False


def _is_of_another_vendor(part: str) -> bool:
    """Return whether a part of a backend's path is not one of PostgreSQL's, whoever wrote that."""
    return any(name in part for name in ("sqlite", "mysql", "oracle", "mssql"))


def _engine(named: object, sign: ast.cmpop) -> bool | None:
    """Return what a comparison of a backend's path with a text, or texts, gives."""
    names = named if isinstance(named, tuple) else (named,)
    if not all(isinstance(name, str) and _is_of_another_vendor(name) for name in names):
        return None
    match sign:
        case ast.Eq() | ast.In():
            return False
        case ast.NotEq() | ast.NotIn():
            return True
        case _:
            return None


def is_vendor(node: ast.expr) -> bool:
    """Return whether an expression is the vendor of the database."""
    match node:
        case ast.Attribute(attr="vendor", value=owner):
            return "connection" in ast.unparse(owner)
        case _:
            return False


def _vendor(sign: ast.cmpop, right: ast.expr, known: Set[str]) -> bool | None:
    named = _constant(right)
    names = set(named) if isinstance(named, tuple) else {named}
    if not names <= known:
        return None
    match sign:
        case ast.Eq() | ast.In():
            return "postgresql" in names
        case ast.NotEq() | ast.NotIn():
            return "postgresql" not in names
        case _:
            return None


def _version(node: ast.expr) -> tuple[int, ...] | None:
    """Return the oldest release that a version is compared of, or the first part of it."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=0)):
            found = _VERSIONS.get(ast.unparse(value))
            return found and found[:1]
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, step=None)):
            return _VERSIONS.get(ast.unparse(value))
        case ast.Name() | ast.Attribute():
            return _VERSIONS.get(ast.unparse(node))
        case _:
            return None


def _constant(node: ast.expr) -> object:
    """Return a constant, or several as a tuple; a set or list is one too."""
    if isinstance(node, ast.Constant):
        return node.value
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
    found = tuple(each.value for each in parts if isinstance(each, ast.Constant))
    return found if parts and len(found) == len(parts) else None
