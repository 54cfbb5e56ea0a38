"""Reads the migrations that nearly all are: written out from top to bottom, as Django writes them.

Each name is an import's and each value stands where it is given, so they need no evaluator. Where
one operation of such a migration, or one value in it, is not written out, the evaluator reads that
alone. What may change the migration from elsewhere is left to the evaluator as a whole.
"""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Outside, Value
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.operations import SWAPPABLE, Migration, Operation
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.reader.building import build
from quality_harness.migrations.reader.classes import DEFINING, django_kind
from quality_harness.migrations.reader.definition_reader import read_all
from quality_harness.migrations.reader.known_arguments import DEFINITIONS, TEXTS

_EVALUATED = {"SeparateDatabaseAndState", "RunSQL", "RunPython"}
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef)
_LISTS = (ast.List, ast.Tuple)
# Whatever else its class is given might change these, were it more than a constant.
_ATTRIBUTES = {"operations", "dependencies", "replaces", "run_before", "atomic"}


class NotPlainError(Exception):
    """Something is not written out: only the evaluator can tell what it is."""


def read_plain(path: str, tree: ast.Module, module: Callable[[], Scope]) -> Migration:
    """Return the migration of a file that is written out.

    Args:
        path: the file, relative to the root.
        tree: its syntax.
        module: gives the names of the module, for what is not written out.

    Raises:
        NotPlainError: it is not, or it may define no migration.
    """
    names, node = _module(tree, module)
    given = _attributes(node, names)
    atomic = given.get("atomic")
    if not (atomic is None or isinstance(atomic, ast.Constant)):
        raise NotPlainError
    around = Around(path, node.lineno, 1)
    return Migration(
        path=path,
        dependencies=_pairs(given.get("dependencies"), names),
        replaces=_pairs(given.get("replaces"), names),
        operations=tuple(_operations(given.get("operations"), names, around)),
        run_before=_pairs(given.get("run_before"), names),
        atomic=atomic is None or atomic.value is not False,
        line=node.lineno,
        by_setting=any(_is_swappable(each, names) for each in _members(given.get("dependencies"))),
    )


class _Names:
    """The names of a module and its migration, as far as imports bind them.

    Attributes:
        found: the dotted name behind each name that an import binds.
        others: the names that something else binds.
        migration: the migration's class, once it is known.
    """

    def __init__(self, module: Callable[[], Scope]) -> None:
        self.found: dict[str, str] = {}
        self.others: set[str] = set()
        self.migration: ast.ClassDef | None = None
        self._module = module
        # Gives the dotted name behind a name that only imports bind.
        self.imported = self.found.get

    def add(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take in what a statement imports."""
        prefix = None
        if isinstance(node, ast.ImportFrom):
            prefix = f"{'.' * node.level}{node.module or ''}."
        for alias in node.names:
            if prefix is not None:
                name = alias.asname or alias.name
                dotted = prefix + alias.name
            else:
                name = alias.asname or alias.name.partition(".")[0]
                dotted = alias.name if alias.asname else name
            if name == "*" or self.found.setdefault(name, dotted) != dotted:
                raise NotPlainError

    def bind(self, name: str) -> None:
        """Take in a name that something else binds."""
        if name in self.others or name in self.found:
            raise NotPlainError
        self.others.add(name)

    def of(self, node: ast.expr) -> Value:
        """Return Python's own type or function of a name; all else is evaluated."""
        if (
            isinstance(node, ast.Name)
            and not self._is_bound(node.id)
            and hasattr(builtins, node.id)
        ):
            return Outside(f"builtins.{node.id}")
        return self._scope.of(node)

    def _is_bound(self, name: str) -> bool:
        return name in self.found or name in self.others

    @cached_property
    def _scope(self) -> Scope:
        assert self.migration is not None
        return self._module().body(self.migration)

    def dotted(self, node: ast.expr) -> str | None:
        """Return the dotted name that an expression is, if an import binds its first part."""
        if type(node) is ast.Attribute:
            owner = self.dotted(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        return self.found.get(node.id) if type(node) is ast.Name else None


def _module(tree: ast.Module, module: Callable[[], Scope]) -> tuple[_Names, ast.ClassDef]:
    """Return what a module imports, and its only class named Migration."""
    names = _Names(module)
    bound: list[str] = []
    migration: ast.ClassDef | None = None
    for node in tree.body:
        if isinstance(node, _IMPORTS):
            names.add(node)
        elif isinstance(node, _DEFINITIONS):
            bound.append(node.name)
            if isinstance(node, ast.ClassDef) and node.name == "Migration":
                migration = node
        elif isinstance(node, ast.Assign) and migration is None:
            # What is assigned after the migration may have changed it.
            bound += map(_name, node.targets)
        elif not _is_text(node):
            raise NotPlainError
    for name in bound:
        names.bind(name)
    if migration is None or not _is_migration(migration, names):
        raise NotPlainError
    names.migration = migration
    return names, migration


def _name(target: ast.expr) -> str:
    if not isinstance(target, ast.Name):
        raise NotPlainError
    return target.id


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_migration(node: ast.ClassDef, names: _Names) -> bool:
    if len(node.bases) != 1 or node.keywords or node.decorator_list:
        return False
    base = names.dotted(node.bases[0]) or ""
    return base.startswith("django.") and base.endswith(".Migration")


def _attributes(node: ast.ClassDef, names: _Names) -> Mapping[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for each in node.body:
        if isinstance(each, ast.Assign) and len(each.targets) == 1:
            name = _name(each.targets[0])
            names.bind(name)
            if name not in _ATTRIBUTES:
                _constant(each.value)
            found[name] = each.value
        elif not (_is_text(each) or isinstance(each, ast.Pass)):
            raise NotPlainError
    return found


def _members(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return []
    if not isinstance(node, _LISTS):
        raise NotPlainError
    return node.elts


def _pairs(node: ast.expr | None, names: _Names) -> tuple[tuple[str, str], ...]:
    return tuple([pair for each in _members(node) for pair in _pair(each, names)])


def _pair(node: ast.expr, names: _Names) -> Iterator[tuple[str, str]]:
    if _is_swappable(node, names):
        # Which app that is, the settings tell.
        return
    members = _members(node)
    if len(members) != 2:
        raise NotPlainError
    yield str(_constant(members[0])), str(_constant(members[1]))


def _is_swappable(node: ast.expr, names: _Names) -> bool:
    return isinstance(node, ast.Call) and names.dotted(node.func) == SWAPPABLE


def _constant(node: ast.expr) -> object:
    if not isinstance(node, ast.Constant) or (isinstance(node.value, str) and HOLE in node.value):
        raise NotPlainError
    return node.value


def _operations(node: ast.expr | None, names: _Names, around: Around) -> Iterator[Operation]:
    members = _members(node)
    if any(isinstance(each, ast.Starred) for each in members):
        raise NotPlainError
    for each in members:
        try:
            yield _operation(each, names)
        except NotPlainError:
            yield from build(names.of(each), around)


def _operation(node: ast.expr, names: _Names) -> Operation:
    dotted = names.dotted(node.func) if isinstance(node, ast.Call) else None
    kind = None if dotted is None else django_kind(dotted)
    if kind is None or kind in _EVALUATED or not isinstance(node, ast.Call):
        raise NotPlainError
    constants: list[object] = [_constant(each) for each in node.args]
    named: dict[str, object] = {}
    defined: dict[str, ast.expr] = {}
    for keyword in node.keywords:
        if keyword.arg in DEFINING:
            defined[keyword.arg] = keyword.value
        elif keyword.arg is None:
            raise NotPlainError
        else:
            named[keyword.arg] = _constant(keyword.value)
    texts: dict[str, str] = {}
    for name, (argument, place) in TEXTS.get(kind, _NO_TEXTS).items():
        if argument in named:
            texts[name] = str(named[argument])
        else:
            texts[name] = str(constants[place]) if place < len(constants) else "…"
    given: dict[str, object] = {}
    for name, place in DEFINITIONS.get(kind, _NO_DEFINITIONS).items():
        if name in defined:
            values = read_all(defined[name], names)
            if len(values) != 1:
                raise NotPlainError
            given[name] = values[0]
        else:
            given[name] = named.get(name, constants[place] if place < len(constants) else None)
    model, field = texts.pop("model", ""), texts.pop("field", "")
    return Operation(kind, node.lineno, node.col_offset + 1, model, field, texts, given)


_NO_TEXTS: Mapping[str, tuple[str, int]] = {}
_NO_DEFINITIONS: Mapping[str, int] = {}
