"""Reads one file: which migration it defines, and what that does; nothing is imported."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from quality_harness.migrations.evaluator import attributes
from quality_harness.migrations.evaluator.modules import Modules, SourceFile
from quality_harness.migrations.evaluator.scope import Scope, scope_of
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    Outside,
    Value,
    as_text,
    choose,
    options,
)
from quality_harness.migrations.operations import (
    SWAPPABLE,
    UNRESOLVED,
    Migration,
    Operation,
)
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.reader.building import build
from quality_harness.migrations.reader.plain import NotPlainError, read_plain
from quality_harness.migrations.reader.source import parse
from quality_harness.migrations.reader.tree import Reading, read_tree
from quality_harness.migrations.reader.unaccounted import unaccounted

__all__ = ["Reader", "Reading", "read", "read_tree"]

# A Migration that overrides these may do anything.
_UNTOLD_METHODS = ("__init__", "__new__", "apply", "unapply")
# A class above that has one of these in a method may change the operations, or act by itself.
_ACTING = {"operations", "execute", "cursor", "get_model", "objects", "deferred_sql", "__dict__"}
_ATTRIBUTES = ("operations", "dependencies", "replaces")


class Reader:
    """Reads the files of a tree, one after the other.

    Args:
        root: the tree's top; modules that migrations import are looked for under it.
    """

    def __init__(self, root: Path) -> None:
        self._modules = Modules(root)

    def read(self, path: str, data: bytes) -> Migration | None:
        """Return the migration that a file defines, or None where it defines none.

        Args:
            path: the file, relative to the root.
            data: what it holds.

        Raises:
            SourceError: it is not valid Python.
        """
        file = self._modules.add(path, parse(data, path))
        try:
            migration: Migration | None = read_plain(path, file.tree, partial(scope_of, file))
        except NotPlainError:
            migration = read(file)
        # Most of the memory is in the syntax trees of migrations, which few others import.
        if file.scope is not None:
            scope_of(file).forget()
        self._modules.forget(file)
        return migration

    def asked_for(self, path: str) -> dict[str, str]:
        """Return the files that were looked for to read this one, and their states then."""
        return self._modules.asked_for(path)


def read(file: SourceFile) -> Migration | None:
    """Return the migration that a file defines, or None where it defines none."""
    module = scope_of(file)
    value = module.own("Migration")
    classes = [
        option
        for option in (options(value) if value is not None else ())
        if isinstance(option, Class) and _is_migration(option)
    ]
    return _migration(classes, module) if classes else None


def _is_migration(value: Class) -> bool:
    for base in value.node.bases:
        for option in options(value.scope.of(base)):
            if isinstance(option, Class):
                if _is_migration(option):
                    return True
            elif isinstance(option, Outside) and option.dotted.startswith("django."):
                return option.dotted.endswith(".Migration")
            elif ast.unparse(base).endswith("Migration"):
                return any(value.own(name) is not None for name in _ATTRIBUTES)
    return False


def _migration(classes: list[Class], module: Scope) -> Migration:
    """Return the migration of a class, or of several of which one is chosen at run time."""
    path, first = module.file.path, classes[0]
    lineage = list(_lineage(first))
    around = Around(path, first.node.lineno, 1)
    operations = [operation for each in classes for operation in _untold(each, around)]
    found = [each for value in classes if (each := _operations(value)) is not None]
    # What is done to Migration.operations after the class.
    expression = module.own("Migration.operations", choose(found) if found else None)
    if expression is not None:
        operations += build(expression, around)
    known = {(each.line, each.column) for each in operations}
    for node in unaccounted(module, known):
        here = replace(around, line=node.lineno, column=node.col_offset + 1)
        problem = f"where `{ast.unparse(node)[:60]}` goes is known only at run time"
        operations.append(here.operation(UNRESOLVED, problem=problem))
    return Migration(
        path=path,
        dependencies=_pairs(_attribute(lineage, "dependencies")),
        replaces=_pairs(_attribute(lineage, "replaces")),
        operations=tuple(operations),
        run_before=_pairs(_attribute(lineage, "run_before")),
        atomic=not _is_false(_attribute(lineage, "atomic")),
        line=first.node.lineno,
        untold=not _is_told(_attribute(lineage, "dependencies")),
        by_setting=_is_by_setting(_attribute(lineage, "dependencies")),
    )


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Literal) and value.value is False


def _lineage(value: Class) -> Iterator[Class]:
    """Give a class and its bases in the tree, the nearest first."""
    yield value
    for base in value.node.bases:
        for option in options(value.scope.of(base)):
            if isinstance(option, Class):
                yield from _lineage(option)


def _attribute(lineage: Sequence[Class], name: str) -> Value | None:
    """Return a class attribute, the class's own or the nearest base's."""
    return next((found for each in lineage if (found := each.own(name)) is not None), None)


def _operations(value: Class) -> Value | None:
    made = attributes.set_by_base(value, "operations")
    return made or _attribute(list(_lineage(value)), "operations")


def _untold(value: Class, around: Around) -> Iterator[Operation]:
    for each in value.node.decorator_list:
        here = replace(around, line=each.lineno, column=each.col_offset + 1)
        problem = f"Migration is decorated with {ast.unparse(each)[:60]}"
        yield here.operation(UNRESOLVED, problem=problem)
    for name in _UNTOLD_METHODS:
        method = value.own(name)
        if isinstance(method, Function):
            here = replace(around, line=method.node.lineno, column=method.node.col_offset + 1)
            yield here.operation(UNRESOLVED, problem=f"Migration overrides {name}()")
    lineage = list(_lineage(value))
    for member in lineage:
        for problem in _untold_of_class(member, lineage):
            yield around.operation(UNRESOLVED, problem=f"{member.node.name} {problem}")


def _untold_of_class(value: Class, lineage: Sequence[Class]) -> Iterator[str]:
    """Give what a class, or one above the migration, does that is not followed."""
    if any(each.arg == "metaclass" for each in value.node.keywords):
        yield "has a metaclass"
    if value is lineage[0]:
        return
    if value.node.decorator_list:
        yield "is decorated"
    for name in _UNTOLD_METHODS:
        method = value.own(name)
        if isinstance(method, Function) and (_hands_on(method) or any(map(_acts, lineage))):
            yield f"overrides {name}()"


def _acts(value: Class) -> bool:
    """Whether a method of a class does more than to measure or to log."""
    methods = (each for each in value.node.body if isinstance(each, ast.FunctionDef))
    found = (node for each in methods for node in ast.walk(each))
    return any(isinstance(node, ast.Attribute) and node.attr in _ACTING for node in found)


def _hands_on(method: Function) -> bool:
    """Whether a method gives what it is given to anything but the method that it overrides."""
    given = {each.arg for each in ast.walk(method.node.args) if isinstance(each, ast.arg)}
    found = [node for each in method.body for node in ast.walk(each) if isinstance(node, ast.Call)]
    others = (node for node in found if not _is_overridden(node.func))
    arguments = (each for node in others for each in (*node.args, *node.keywords))
    values = (each.value if isinstance(each, ast.keyword) else each for each in arguments)
    return any(isinstance(each, ast.Name) and each.id in given for each in values)


def _is_overridden(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in _UNTOLD_METHODS


def _is_told(value: Value | None) -> bool:
    """Whether a list of pairs is known; what another package makes (a swappable model's) is."""
    if not isinstance(value, Items):
        return value is None
    return all(isinstance(each, Call | Outside) or _is_pair(each) for each in value.members)


def _is_by_setting(value: Value | None) -> bool:
    return isinstance(value, Items) and any(
        isinstance(each, Call) and each.callee == Outside(SWAPPABLE) for each in value.members
    )


def _is_pair(value: Value) -> bool:
    return isinstance(value, Items) and all(isinstance(each, Literal) for each in value.members)


def _pairs(value: Value | None) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for option in options(value) if value is not None else ():
        for member in option.members if isinstance(option, Items) else ():
            if isinstance(member, Items) and len(member.members) == 2:
                pairs.append((as_text(member.members[0]), as_text(member.members[1])))
    return tuple(pairs)
