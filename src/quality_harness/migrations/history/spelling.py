"""Writes texts and constants of a syntax tree in one way: `"%s" % NAME`, format() and f-strings."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

_PERCENT = re.compile(r"%(.)", re.DOTALL)


def respelled(tree: ast.Module) -> ast.Module:
    """Return a module with its constants where they are used, and each text as an f-string.

    Args:
        tree: a module; it is changed.
    """
    constants = dict(_constants(tree))
    tree.body = [each for each in tree.body if _constant_of(each)[0] not in constants]
    spelled: ast.Module = _Spelled(constants).visit(tree)
    return spelled


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    """Give the names that are bound once in all of the module: to a constant, at its top."""
    times = Counter(bound(tree))
    for statement in tree.body:
        name, value = _constant_of(statement)
        if value is not None and times[name] == 1:
            yield name, value


def _constant_of(statement: ast.stmt) -> tuple[str, ast.Constant | None]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant() as value):
            return name, value
        case _:
            return "", None


def bound(tree: ast.Module) -> Iterator[str]:
    """Give each name that something in a module binds, once for each time."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names


class _Spelled(ast.NodeTransformer):
    def __init__(self, constants: dict[str, ast.Constant]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._constants.get(node.id, node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        self.generic_visit(node)
        return _joined(node.values)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
                return _percent(text, node.right) or node
            case ast.BinOp(op=ast.Add()) if _is_text(node.left) or _is_text(node.right):
                return _joined([_part(node.left), _part(node.right)])
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Constant(value=str(text)), attr="format"):
                return _formatted(text, node) or node
        return node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _part(node: ast.expr) -> ast.expr:
    return node if _is_text(node) else ast.FormattedValue(node, -1)


def _joined(parts: list[ast.expr]) -> ast.expr:
    """Return one text of several, with neighbouring constants in one."""
    texts: list[ast.expr] = []
    for part in _flat(parts):
        match part, texts:
            case ast.Constant(value=""), _:
                continue
            case ast.Constant(value=text), [*_, ast.Constant(value=before)]:
                texts[-1] = ast.Constant(str(before) + str(text))
            case _:
                texts.append(part)
    match texts:
        case []:
            return ast.Constant("")
        case [ast.Constant()]:
            return texts[0]
        case _:
            return ast.JoinedStr(texts)


def _flat(parts: list[ast.expr]) -> Iterator[ast.expr]:
    for part in parts:
        match part:
            case ast.JoinedStr(values=inner):
                yield from _flat(inner)
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None) if isinstance(
                inner, ast.Constant | ast.JoinedStr
            ):
                yield from _flat([inner])
            case ast.Constant(value=value):
                yield ast.Constant(str(value))
            case _:
                yield part


def _percent(text: str, given: ast.expr) -> ast.expr | None:
    """Return what `text % given` says; None where that is not told by %s alone."""
    values = list(given.elts) if isinstance(given, ast.Tuple) else [given]
    kinds = _PERCENT.findall(text)
    if set(kinds) - {"s", "%"} or kinds.count("s") != len(values) or isinstance(given, ast.Dict):
        return None
    parts: list[ast.expr] = []
    waiting = iter(values)
    for place, piece in enumerate(_PERCENT.split(text)):
        is_sign = place % 2 == 1
        is_value = is_sign and piece == "s"
        parts.append(_part(next(waiting)) if is_value else ast.Constant(piece))
    return _joined(parts)


def _formatted(text: str, call: ast.Call) -> ast.expr | None:
    """Return what `text.format(...)` says; None where a place is more than a name or number."""
    named = {each.arg: each.value for each in call.keywords}
    given = {str(place): value for place, value in enumerate(call.args)} | named
    parts: list[ast.expr] = []
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return None
    numbers = iter(range(len(pieces)))
    for before, name, form, conversion in pieces:
        parts.append(ast.Constant(before))
        if name is None:
            continue
        value = given.get(name or str(next(numbers)))
        if value is None or form or conversion or isinstance(value, ast.Starred):
            return None
        parts.append(_part(value))
    return _joined(parts)
