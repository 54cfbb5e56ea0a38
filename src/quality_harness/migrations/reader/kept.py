"""Keeps what was read of a tree's migrations, so that a run reads only what has changed.

What a file defines hangs on its own content, on that of every file that was looked for to tell
it (helper modules, SQL files; also those that were not there), and on the program that read it.
Where any of them differs, the file is read again.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader import portable, source
from quality_harness.tool import WORK_FOLDER, work_folder

_FILE = "migrations-read.json"
_Entries = dict[str, "_Entry"]


@dataclass(frozen=True)
class _Entry:
    """What was read of one file.

    Attributes:
        content: the digest of the file.
        asked_for: the files that were looked for.
        found: the digest of what they held.
        plain: the migration's plain form, or None where the file defines none.
    """

    content: str
    asked_for: tuple[str, ...]
    found: str
    plain: list[Any] | None


class Kept:
    """What earlier runs read of one tree.

    Args:
        root: the tree's top.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._version = _version()
        self._entries = _load(root / WORK_FOLDER / _FILE, self._version)
        self._states: dict[str, str] = {}
        self._found: dict[tuple[str, ...], str] = {}

    @classmethod
    def of(cls, root: Path) -> "Kept | None":
        """Return what is kept of a tree; nothing in CI, where a change may bring its own."""
        return None if os.environ.get("CI") else cls(root)

    def knows(self, path: str, data: bytes) -> bool:
        """Whether a file with this content was read, and nothing that it hangs on has changed."""
        entry = self._entries.get(path)
        return (
            entry is not None
            and entry.content == source.digest(data)
            and entry.found == self._state(entry.asked_for)
        )

    def migration(self, path: str) -> Migration | None:
        """Return what a known file defines."""
        plain = self._entries[path].plain
        return None if plain is None else portable.unpack(path, plain)

    def asked_for(self, path: str) -> tuple[str, ...]:
        """Return the files that were looked for to read a known one."""
        return self._entries[path].asked_for

    def add(
        self, path: str, data: bytes, migration: Migration | None, asked_for: Mapping[str, str]
    ) -> None:
        """Take in what was read of a file.

        Args:
            path: the file.
            data: what it holds.
            migration: what it defines.
            asked_for: the files that were looked for to tell that, and their states then.
        """
        names = tuple(sorted(asked_for))
        self._entries.pop(path, None)
        with suppress(portable.NotPortableError):
            plain = None if migration is None else portable.pack(migration)
            self._entries[path] = _Entry(
                source.digest(data), names, _combined(names, asked_for), plain
            )

    def save(self) -> None:
        """Write down what is known of the files that are still there."""
        there = {
            path: entry
            for path, entry in self._entries.items()
            if os.path.isfile(self._root / path)
        }
        text = json.dumps([self._version, *_grouped(there)], separators=(",", ":"))
        # Most runs have nothing to write: they do not wait for this import.
        from tempfile import mkstemp

        # A folder that cannot be written to makes the next run slow, and not this one fail.
        with suppress(OSError):
            folder = work_folder(self._root)
            # Written beside and moved: another run reads the old text or the new one.
            handle, new = mkstemp(dir=folder)
            with open(handle, "w", encoding="utf-8") as file:
                file.write(f"{_digest(text)}\n{text}")
            os.replace(new, folder / _FILE)

    def _state(self, names: tuple[str, ...]) -> str:
        if names not in self._found:
            for name in names:
                if name not in self._states:
                    _, self._states[name] = source.look(self._root, name)
            self._found[names] = _combined(names, self._states)
        return self._found[names]


def _combined(names: Iterable[str], states: Mapping[str, str]) -> str:
    return _digest("\n".join(f"{name}\0{states[name]}" for name in names))


def _digest(text: str) -> str:
    return source.digest(text.encode("utf-8", "surrogateescape"))


def _load(file: Path, version: str) -> _Entries:
    """Return what was written down; nothing where that is damaged or another program's."""
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if digest.decode("ascii", "replace") != source.digest(text):
        return {}
    written, groups, files = json.loads(text)
    if written != version:
        return {}
    asked = [(tuple(names), found) for names, found in groups]
    return {
        path: _Entry(content, asked[group][0], asked[group][1], plain)
        for path, content, group, plain in files
    }


def _grouped(entries: Mapping[str, _Entry]) -> Iterator[list[Any]]:
    """Give the sets of files that were looked for, and the entries with their set's place."""
    places: dict[tuple[tuple[str, ...], str], int] = {}
    for entry in entries.values():
        places.setdefault((entry.asked_for, entry.found), len(places))
    yield list(places)
    yield [
        [path, entry.content, places[entry.asked_for, entry.found], entry.plain]
        for path, entry in entries.items()
    ]


def _version() -> str:
    """Return a digest of the program: of Python, and of the sources that read migrations."""
    top = Path(__file__).parent.parent
    folders = [top, *(top / name for name in ("evaluator", "functions", "reader", "sql"))]
    told = [sys.version]
    for folder in folders:
        with os.scandir(folder) as files:
            for each in sorted(files, key=lambda file: file.name):
                if each.name.endswith(".py"):
                    found = each.stat()
                    told.append(f"{each.path} {found.st_size} {found.st_mtime_ns}")
    return _digest("\n".join(told))
