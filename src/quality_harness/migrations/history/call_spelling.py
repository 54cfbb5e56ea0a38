"""Writes calls and imported names of a migration in one way.

`models.CharField("Name", max_length=9)` and `CharField(max_length=9, verbose_name="Name")` make
the same field, whatever imports stand above.
"""

import ast
import re
from collections import Counter

from quality_harness.migrations.history.signatures import is_default, parameters
from quality_harness.migrations.history.spelling import bound

# Begins a name that is written out with its module; no name of Python's does.
_SIGN = ":"
# Django gives the same class by the module that defines it and by those around.
_OF_DJANGO = re.compile(
    r":(django\.(?:db\.models|db\.migrations|contrib\.postgres|contrib\.gis\.db\.models)\.)"
    r"(?:[a-z_]+\.)*([A-Z].*)"
)
_ATTRIBUTES = {"initial", "atomic", "operations", "run_before", "dependencies", "replaces"}


def called_alike(tree: ast.Module) -> ast.Module:
    """Return a module with imported names and the arguments of known classes in one spelling.

    Args:
        tree: the module of a migration; it is changed.
    """
    alike: ast.Module = _Alike(_imported(tree)).visit(tree)
    for node in alike.body:
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            _order(node)
    return alike


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the dotted name behind each name that is bound by imports alone, to one thing."""
    dotted: dict[str, set[str]] = {}
    times: Counter[str] = Counter()
    for node in tree.body:
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            name = alias.asname or alias.name.partition(".")[0]
            if isinstance(node, ast.ImportFrom):
                full = f"{'.' * node.level}{node.module or ''}.{alias.name}"
            else:
                full = alias.name if alias.asname else name
            dotted.setdefault(name, set()).add(full)
            times[name] += 1
    everywhere = Counter(bound(tree))
    return {
        name: found.pop()
        for name, found in dotted.items()
        if name != "*" and len(found) == 1 and everywhere[name] == times[name]
    }


class _Alike(ast.NodeTransformer):
    def __init__(self, imported: dict[str, str]) -> None:
        self._imported = imported

    def visit_Name(self, node: ast.Name) -> ast.expr:
        dotted = self._imported.get(node.id)
        return node if dotted is None else _written_out(_SIGN + dotted)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id[0] != _SIGN:
            return node
        return _written_out(f"{node.value.id}.{node.attr}")

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Name(id=dotted) if dotted[0] == _SIGN:
                name = dotted.rpartition(".")[2]
                is_of_django = _OF_DJANGO.fullmatch(dotted) is not None
                if name[0].isupper():
                    _name_arguments(node, parameters(name) if is_of_django else ())
                    if is_of_django:
                        node.keywords = [each for each in node.keywords if not _says_nothing(each)]
            case ast.Attribute(attr="get_model"):
                _name_arguments(node, ("app_label", "model_name"))
        return node


def _written_out(dotted: str) -> ast.Name:
    return ast.Name(_OF_DJANGO.sub(r":\1\2", dotted), ast.Load())


def _name_arguments(node: ast.Call, names: tuple[str, ...]) -> None:
    """Give a call's arguments their names, and put them in the names' order."""
    if any(each.arg is None for each in node.keywords):
        return
    if not any(isinstance(each, ast.Starred) for each in node.args):
        named = [ast.keyword(*pair) for pair in zip(names, node.args, strict=False)]
        node.args = node.args[len(names) :]
        node.keywords += named
    node.keywords.sort(key=lambda each: str(each.arg))


def _says_nothing(keyword: ast.keyword) -> bool:
    value = keyword.value
    return isinstance(value, ast.Constant) and is_default(str(keyword.arg), value.value)


def _order(node: ast.ClassDef) -> None:
    """Put what Django asks a migration for last and in one order, each list as a list."""
    times = Counter(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
    known: dict[str, ast.Assign] = {}
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in _ATTRIBUTES:
                known[name] = each
    if any(times[name] > 1 for name in known):
        return
    for statement in known.values():
        if isinstance(statement.value, ast.Tuple):
            statement.value = ast.List(statement.value.elts, ast.Load())
    rest = [each for each in node.body if each not in known.values()]
    node.body = [*rest, *(known[name] for name in sorted(known))]
