"""The project's migrations in the order in which a database gets them."""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.migrations.exceptions import (
    CircularDependencyError,
    InvalidBasesError,
    NodeNotFoundError,
)
from django.db.migrations.loader import MigrationLoader

from quality_harness.migrations.probe.values import Constants, constants


class Broken(Exception):
    """The migrations cannot be brought into an order, or do not run."""


@dataclass(frozen=True)
class Step:
    """One migration.

    Attributes:
        migration: Django's.
        path: its file, relative to the root; absolute where it lies elsewhere.
        file: its file.
        judged: whether it is to be proved.
    """

    migration: Any
    path: str
    file: str
    judged: bool

    @property
    def name(self) -> str:
        """The name for people."""
        return f"{self.migration.app_label}.{self.migration.name}"


@dataclass(frozen=True)
class History:
    """All migrations.

    Attributes:
        loader: Django's, with no database.
        steps: in the order in which they run; those that the change brings come last.
        missing: files that were to be proved and are in no installed app, or squashed.
    """

    loader: Any
    steps: Sequence[Step]
    missing: Sequence[str]


def load(root: Path, judged: Iterable[str]) -> History:
    """Load the migrations of all installed apps.

    Raises:
        Broken: a circle, a missing parent.
    """
    wanted = set(judged)
    try:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        order = _order(loader.graph)
    except (CircularDependencyError, NodeNotFoundError, InvalidBasesError) as error:
        raise Broken(f"the migrations have no order: {error}") from error
    steps = [_step(root, loader.graph.nodes[key], wanted, loader) for key in order]
    return History(loader, _base_first(steps, loader.graph), sorted(wanted - _paths(steps)))


def source_constants(path: Path) -> Constants:
    """Return the constants of a migration's source."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return Constants()
    return constants(node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))


def _paths(steps: Iterable[Step]) -> set[str]:
    return {step.path for step in steps if step.judged}


def _order(graph: Any) -> list[tuple[str, str]]:
    order: dict[tuple[str, str], None] = {}
    for leaf in sorted(graph.leaf_nodes()):
        order.update(dict.fromkeys(graph.forwards_plan(leaf)))
    return list(order)


def _step(root: Path, migration: Any, wanted: set[str], loader: Any) -> Step:
    module = sys.modules.get(type(migration).__module__)
    file = Path(inspect.getfile(module) if module else "").resolve()
    path = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    # A squashed migration never runs where those that it stands for have run.
    stands_for_known = any(name in loader.disk_migrations for name in migration.replaces)
    return Step(migration, path, str(file), path in wanted and not stands_for_known)


def _base_first(steps: Iterable[Step], graph: Any) -> list[Step]:
    late: set[tuple[str, str]] = set()
    for step in steps:
        key = (step.migration.app_label, step.migration.name)
        parents = {parent.key for parent in graph.node_map[key].parents}
        if step.judged or parents & late:
            late.add(key)
    return list(_split(steps, late))


def _split(steps: Iterable[Step], late: set[tuple[str, str]]) -> Iterator[Step]:
    steps = list(steps)
    for wanted in (False, True):
        for step in steps:
            if ((step.migration.app_label, step.migration.name) in late) is wanted:
                yield step
