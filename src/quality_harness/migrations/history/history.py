"""The graph of all migrations as Django would load it, and what the base has of them.

A squashed migration takes the place of those that it replaces, and who depended on them depends
on it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as with_default
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from quality_harness.gate import ChangeKind
from quality_harness.migrations.history.apps import App
from quality_harness.migrations.history.beside import PACKAGE
from quality_harness.migrations.history.content import (
    Content,
    content,
    defines_migration,
    is_allowed_edit,
)
from quality_harness.migrations.history.reaching import Reach
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader.source import looks_like_migration

Name = tuple[str, str]
# Only a folder's name says that an app has such a label, and Django's own may be meant.
_OF_DJANGO = {"admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites"}


@dataclass(frozen=True)
class Base:
    """What stood on the base.

    Attributes:
        kinds: what happened to each changed path since.
        origins: the path on the base of each renamed file.
        read: gives the bytes that a path had on the base; None where it did not exist.
        now: gives the bytes that a path has now.
    """

    kinds: Mapping[str, ChangeKind]
    origins: Mapping[str, str]
    read: Callable[[str], bytes | None]
    now: Callable[[str], bytes]

    def migration(self, path: str) -> bytes | None:
        """Return what a path had on the base, if that was a migration."""
        data = self.read(path) if path.endswith(".py") else None
        if data is None or not looks_like_migration(data) or not defines_migration(data):
            return None
        return data


@dataclass(frozen=True)
class History:
    """What rules about the graph may ask.

    Attributes:
        migrations: every migration of the tree.
        labels: the label of each folder's app, no two the same.
        told: the folders whose label something but the folder's name tells.
        judged: the migrations that are checked, deleted ones too.
        partial: folders of which not all files were read.
        base: what stood on the base; None without one.
        helped: the module or the file of data that was edited of each merged migration that
            uses one, by its path.
        beside: the paths of files that Django does not load, see `beside_package`.
    """

    migrations: tuple[Migration, ...] = ()
    labels: Mapping[str, str] = with_default(default_factory=dict)
    told: frozenset[str] = frozenset()
    judged: tuple[Migration, ...] = ()
    partial: frozenset[str] = frozenset()
    base: Base | None = None
    helped: Mapping[str, str] = with_default(default_factory=dict)
    beside: frozenset[str] = frozenset()

    @cached_property
    def apps(self) -> Mapping[str, App]:
        """The apps by their folders."""
        folders: dict[str, dict[str, Migration]] = {}
        for each in self.migrations:
            folders.setdefault(each.folder, {})[each.name] = each
        return {
            folder: App(
                folder,
                self.labels.get(folder, "").partition("@")[0],
                members,
                folder in self.partial,
            )
            for folder, members in folders.items()
        }

    def app(self, migration: Migration) -> App:
        """Return the app of a migration, an empty one where all of its migrations are gone."""
        found = self.apps.get(migration.folder)
        return found or App(migration.folder, migration.app, {}, partial=False)

    def speaks_for(self, migration: Migration) -> bool:
        """Whether what is wrong with a whole app is to be said of this one: once, of the last."""
        return self._speakers[migration.folder] is migration

    @cached_property
    def _speakers(self) -> Mapping[str, Migration]:
        found: dict[str, Migration] = {}
        # Later ones take the place of earlier ones, and living ones that of deleted ones.
        for each in sorted(self.judged, key=lambda each: (not each.deleted, each.name)):
            found[each.folder] = each
        return found

    @cached_property
    def judged_paths(self) -> frozenset[str]:
        """The paths of the migrations that are checked."""
        return frozenset(each.path for each in self.judged)

    def missing(self, migration: Migration) -> list[Name]:
        """Return the dependencies that are not there, though their app is in this tree."""
        if migration.untold or migration.path in self.beside:
            return []
        found = self._missing.get(migration.path)
        if found is None:
            found = self._missing[migration.path] = [
                name
                for name in dict.fromkeys((*migration.dependencies, *migration.run_before))
                if HOLE not in "".join(name) and self._is_missing(name, migration)
            ]
        return found

    @cached_property
    def _missing(self) -> dict[str, list[Name]]:
        return {}

    def _is_missing(self, name: Name, migration: Migration) -> bool:
        own = self.app(migration)
        if name[0] == own.label:
            return not own.partial and not own.has(name[1])
        apps = [each for each in self.labelled(name[0]) if self.is_sure(each)]
        return bool(apps) and not any(each.partial or each.has(name[1]) for each in apps)

    def labelled(self, label: str) -> Sequence[App]:
        """Return the apps of the tree that have a label."""
        return self._by_label.get(label, ())

    @cached_property
    def reach(self) -> Reach:
        """What each migration depends on."""
        return Reach(self.apps, self._by_label)

    def is_sure(self, app: App) -> bool:
        """Whether an app has its label for certain, and Django's own cannot be meant."""
        return app.folder in self.told or app.label not in _OF_DJANGO

    @cached_property
    def _by_label(self) -> Mapping[str, list[App]]:
        found: dict[str, list[App]] = {}
        for app in self.apps.values():
            found.setdefault(app.label, []).append(app)
        return found

    @cached_property
    def cycle(self) -> tuple[Migration, ...]:
        """Migrations that wait for one another, in that order; none where all can run."""
        graph: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for each in self.migrations:
            app = self.apps[each.folder]
            node = (each.folder, app.stands_for(each.name))
            for name in each.dependencies:
                graph.setdefault(node, set()).update(self._nodes(name, app))
            for name in each.run_before:
                for later in self._nodes(name, app):
                    graph.setdefault(later, set()).add(node)
        for node, before in graph.items():
            # What a squashed migration replaces waits for itself no longer.
            if not self._depends_on_itself(node):
                before.discard(node)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            nodes = error.args[1][1:]
            return tuple(self.apps[folder].members[name] for folder, name in nodes)
        return ()

    def _nodes(self, name: Name, app: App) -> Iterator[tuple[str, str]]:
        apps = [app] if name[0] == app.label else self._by_label.get(name[0], [])
        # Of several projects in one tree it cannot be told which one is meant.
        if len(apps) == 1:
            found = apps[0].stands_for(name[1])
            if found in apps[0].members:
                yield apps[0].folder, found

    def _depends_on_itself(self, node: tuple[str, str]) -> bool:
        app = self.apps[node[0]]
        return (app.label, node[1]) in app.members[node[1]].dependencies

    @cached_property
    def squashed(self) -> frozenset[Name]:
        """The names of squashed migrations and of those that they replace, now and on the base."""
        found: set[Name] = set()
        for each in self.migrations:
            if each.replaces:
                found |= {(self.app(each).label, each.name), *each.replaces}
        for each in self.judged:
            before = self.before(each)
            if before is not None and before.replaces:
                found.add((self.app(each).label, each.name))
                found |= set(map(_pair, before.replaces))
        return frozenset(found)

    def origin(self, migration: Migration) -> str | None:
        """Return the path that a migration had on the base; None where it is new or unchanged."""
        if self.base is None:
            return None
        match self.base.kinds.get(migration.path):
            case ChangeKind.MODIFIED:
                return migration.path
            case ChangeKind.RENAMED:
                return self.base.origins.get(migration.path)
            case _:
                return None

    def before(self, migration: Migration) -> Content | None:
        """Return what a changed migration said on the base; None where it was none there."""
        if migration.path not in self._contents:
            origin = self.origin(migration)
            data = self.base.migration(origin) if self.base is not None and origin else None
            if origin and self._was_beside(origin, migration):
                data = None
            self._contents[migration.path] = None if data is None else content(data)
        return self._contents[migration.path]

    def _was_beside(self, origin: str, migration: Migration) -> bool:
        """Whether a file lay beside the migrations, where Django did not load it."""
        package = f"{origin.rpartition('/')[0]}/{PACKAGE}".lstrip("/")
        kinds = {} if self.base is None else self.base.kinds
        return package == migration.folder and any(
            each.path not in kinds for each in self.migrations if each.folder == package
        )

    @cached_property
    def _contents(self) -> dict[str, Content | None]:
        return {}

    def is_unchanged(self, migration: Migration) -> bool:
        """Whether a changed file still says what it said on the base."""
        before = self.before(migration)
        if before is None or self.base is None:
            return False
        after = content(self.base.now(migration.path))
        return after is not None and is_allowed_edit(before, after, self.squashed)

    def is_new(self, migration: Migration) -> bool:
        """Whether a migration was not on the base; False without one."""
        if self.base is None:
            return False
        kind = self.base.kinds.get(migration.path)
        return kind is ChangeKind.ADDED or self.is_renamed(migration)

    def is_renamed(self, migration: Migration) -> bool:
        """Whether a migration of the base goes by another name now."""
        origin = self.origin(migration)
        if origin is None or origin == migration.path:
            return False
        folder, _, name = origin.rpartition("/")
        moved_out = folder != migration.folder and folder in self.apps
        return self.before(migration) is not None and (
            name.removesuffix(".py") != migration.name or moved_out
        )

    def was_replaced(self, migration: Migration) -> bool:
        """Whether a squashed migration that is still there replaced this one on the base."""
        squash = self._replaced_on_base.get(
            (migration.folder, self.app(migration).label, migration.name)
        )
        return squash is not None and self.is_unchanged(squash)

    @cached_property
    def _replaced_on_base(self) -> Mapping[tuple[str, str, str], Migration]:
        """The squashed migration that replaced each one on the base: its folder, then its name."""
        found: dict[tuple[str, str, str], Migration] = {}
        for each in self.judged:
            before = self.before(each)
            for name in () if before is None else map(_pair, before.replaces):
                found.setdefault((each.folder, *name), each)
        return found

    def was_on_base(self, folder: str, name: str) -> bool:
        """Whether the base has a migration of this name in a folder."""
        return self.base is not None and self.base.migration(f"{folder}/{name}.py") is not None


def _pair(text: str) -> Name:
    """Return the names in a pair as Python writes it."""
    label, _, name = text.strip("()").partition(", ")
    return label.strip("'"), name.strip("'")
