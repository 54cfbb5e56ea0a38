"""Reads the migrations of a tree; nothing is imported."""

import ast
import gc
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field as with_default, replace
from pathlib import Path

from quality_harness.migrations import source
from quality_harness.migrations.building import Around, build
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
from quality_harness.migrations.operations import UNRESOLVED, Migration, Operation
from quality_harness.migrations.ordering import labels
from quality_harness.migrations.source import SourceError, Unreadable

# A Migration that overrides these may do anything.
_UNTOLD_METHODS = ("__init__", "apply")
_LABEL = re.compile(rb"^\s+label\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_ATTRIBUTES = ("operations", "dependencies", "replaces")


@dataclass(frozen=True)
class Reading:
    """What a tree holds.

    Attributes:
        migrations: every migration, in the order of their paths.
        unreadable: files that may hold one and could not be read.
        labels: the label of each folder's app, where something but the folder's name tells it.
    """

    migrations: tuple[Migration, ...]
    unreadable: tuple[Unreadable, ...]
    labels: Mapping[str, str] = with_default(default_factory=dict)


def read_tree(root: Path, paths: Iterable[str]) -> Reading:
    """Read every migration among the files of a tree.

    Args:
        root: the tree's top; modules that migrations import are looked for under it.
        paths: files, POSIX and relative to `root`; those that are no Python are passed over.
    """
    modules = Modules(root)
    migrations: list[Migration] = []
    unreadable: list[Unreadable] = []
    with no_garbage_collection(), warnings.catch_warnings():
        # An invalid escape in someone's migration is not this program's warning.
        warnings.simplefilter("ignore")
        for path in source.python_files(sorted(set(paths))):
            try:
                migrations.extend(_read(modules, root, path))
            except SourceError as error:
                unreadable.append(error.unreadable)
            except RecursionError:
                unreadable.append(Unreadable(path, 0, "is nested too deeply to be read"))
    return Reading(tuple(migrations), tuple(unreadable), _labels(root, migrations))


def _labels(root: Path, migrations: Sequence[Migration]) -> dict[str, str]:
    """Return the labels that migrations tell, or else the file with the app's configuration."""
    found = labels(migrations)
    for folder in {each.folder for each in migrations} - set(found):
        try:
            data = source.read_bytes(root, f"{folder.rpartition('/')[0]}/apps.py".lstrip("/"))
        except SourceError:
            continue
        label = _LABEL.search(data)
        if label is not None:
            found[folder] = label[1].decode()
    return found


def _read(modules: Modules, root: Path, path: str) -> Iterator[Migration]:
    data = source.read_bytes(root, path)
    if source.looks_like_migration(data):
        file = modules.add(path, source.parse(data, path))
        migration = read(file)
        # Most of the memory is in the syntax trees of migrations, which few others import.
        scope_of(file).forget()
        modules.forget(file)
        if migration is not None:
            yield migration


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Pause the collector: it would look at every node of every tree over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # All that is young counts as old: it is not looked at now, when most of it is in use.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


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
    found = [each for value in classes if (each := _attribute(list(_lineage(value)), "operations")) is not None]
    # What is done to Migration.operations after the class.
    expression = module.own("Migration.operations", choose(found) if found else None)
    if expression is not None:
        operations += build(expression, around)
    return Migration(
        path=path,
        dependencies=_pairs(_attribute(lineage, "dependencies")),
        replaces=_pairs(_attribute(lineage, "replaces")),
        operations=tuple(operations),
        run_before=_pairs(_attribute(lineage, "run_before")),
        atomic=not _is_false(_attribute(lineage, "atomic")),
        line=first.node.lineno,
        untold=not _is_told(_attribute(lineage, "dependencies")),
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


def _untold(value: Class, around: Around) -> Iterator[Operation]:
    for name in _UNTOLD_METHODS:
        method = value.own(name)
        if isinstance(method, Function):
            here = replace(around, line=method.node.lineno, column=method.node.col_offset + 1)
            yield here.operation(UNRESOLVED, problem=f"Migration overrides {name}()")


def _is_told(value: Value | None) -> bool:
    """Whether a list of pairs is known; what another package makes (a swappable model's) is."""
    if not isinstance(value, Items):
        return value is None
    return all(isinstance(each, Call | Outside) or _is_pair(each) for each in value.members)


def _is_pair(value: Value) -> bool:
    return isinstance(value, Items) and all(isinstance(each, Literal) for each in value.members)


def _pairs(value: Value | None) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for option in options(value) if value is not None else ():
        for member in option.members if isinstance(option, Items) else ():
            if isinstance(member, Items) and len(member.members) == 2:
                pairs.append((as_text(member.members[0]), as_text(member.members[1])))
    return tuple(pairs)
