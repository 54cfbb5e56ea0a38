"""Reads the migrations of a tree; nothing is imported."""

import gc
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field as with_default
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from quality_harness.migrations.history.beside import beside_package
from quality_harness.migrations.history.ordering import labels
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader import source
from quality_harness.migrations.reader.folders import covered
from quality_harness.migrations.reader.kept import Kept
from quality_harness.migrations.reader.source import SourceError, Unreadable

if TYPE_CHECKING:
    from quality_harness.migrations.reader.file import Reader

_LABEL = re.compile(rb"^\s+label\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """What a tree holds.

    Attributes:
        migrations: every migration, in the order of their paths.
        unreadable: files that may hold one and could not be read.
        labels: the label of each folder's app, where something but the folder's name tells it.
        beside: what looks like migrations, and lies where Django does not load it.
        files_of: gives those of some files that the migration of a path reads.
    """

    migrations: tuple[Migration, ...]
    unreadable: tuple[Unreadable, ...]
    labels: Mapping[str, str] = with_default(default_factory=dict)
    beside: tuple[Migration, ...] = ()
    files_of: Callable[[str, frozenset[str]], frozenset[str]] = with_default(
        default=lambda _path, _files: frozenset(), compare=False
    )


def read_tree(root: Path, paths: Iterable[str], kept: Kept | None = None) -> Reading:
    """Read every migration among the files of a tree.

    Args:
        root: the tree's top; modules that migrations import are looked for under it.
        paths: files, POSIX and relative to `root`; those that are no Python are passed over.
        kept: what earlier runs read, and where this one keeps what it reads; without it every
            file is read.
    """
    migrations: list[Migration] = []
    unreadable: list[Unreadable] = []
    with no_garbage_collection(), warnings.catch_warnings():
        # An invalid escape in someone's migration is not this program's warning.
        warnings.simplefilter("ignore")
        files = _Files(root, kept)
        for path in source.python_files(sorted(set(paths))):
            try:
                migration = files.read(path)
            except SourceError as error:
                unreadable.append(error.unreadable)
            except RecursionError:
                unreadable.append(Unreadable(path, 0, "is nested too deeply to be read"))
            else:
                if migration is not None:
                    migrations.append(migration)
        files.keep()
    told = _labels(root, migrations)
    beside = beside_package(migrations, told)
    for each in beside:
        migrations.remove(each)
        told.pop(each.folder, None)
    return Reading(tuple(migrations), tuple(unreadable), told, beside, files.read_by)


class _Files:
    """The files of a tree: those that have not changed are not read again."""

    def __init__(self, root: Path, kept: Kept | None) -> None:
        self._root = root
        self._kept = kept
        self._read: dict[str, tuple[bytes, Migration | None]] = {}

    def read(self, path: str) -> Migration | None:
        """Return the migration of a file, or None where it defines none."""
        data = source.read_bytes(self._root, path)
        if not source.looks_like_migration(data):
            return None
        if self._kept is not None and self._kept.knows(path, data):
            return self._kept.migration(path)
        migration = self._reader.read(path, data)
        self._read[path] = data, migration
        return migration

    def read_by(self, path: str, files: frozenset[str]) -> frozenset[str]:
        """Return those of some files that the migration of a path reads."""
        wanted = _among(files, self._asked_for(path))
        if not wanted:
            return wanted
        # A helper reads files for many: read alone, a migration tells its own.
        from quality_harness.migrations.reader.file import Reader

        reader = Reader(self._root)
        reader.read(path, source.read_bytes(self._root, path))
        return _among(wanted, reader.asked_for(path))

    def _asked_for(self, path: str) -> Iterable[str]:
        if path in self._read or self._kept is None:
            return self._reader.asked_for(path)
        return self._kept.asked_for(path)

    def keep(self) -> None:
        """Keep what was read anew."""
        if self._kept is not None and self._read:
            for path, (data, migration) in self._read.items():
                self._kept.add(path, data, migration, self._reader.asked_for(path))
            self._kept.save()

    @cached_property
    def _reader(self) -> "Reader":
        # With nothing new to read, nobody waits for these imports.
        from quality_harness.migrations.reader.file import Reader

        return Reader(self._root)


def _among(files: frozenset[str], asked_for: Iterable[str]) -> frozenset[str]:
    """Return those of some files that were looked for, by their names or in a folder."""
    names = tuple(asked_for)
    return files.intersection(names) | covered(files, names)


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
