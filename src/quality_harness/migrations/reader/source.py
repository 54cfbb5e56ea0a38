"""Finds migration files in a tree and parses them; nothing is imported."""

import ast
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.migrations.reader.folders import is_listing, listed

# Most Python files are no migrations: their bytes tell so far quicker than the parser. An
# expression that begins with a word is searched for as fast as the word.
_LOOKS_LIKE_MIGRATION = re.compile(rb"class\s+Migration\s*\(")
# The state of a file that is not there.
ABSENT = "absent"
_MOST_AT_ONCE = 1 << 20
# The last one is gettext's; a project has one for each language and app.
_NEVER_ENTERED = {"__pycache__", "node_modules", "site-packages", "LC_MESSAGES"}


@dataclass(frozen=True, order=True)
class Unreadable:
    """A file that may hold a migration and could not be read.

    Attributes:
        path: POSIX path relative to the root.
        line: where reading failed; 0 where it is not known.
        reason: why, in words.
    """

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Return the place and the reason, for a message."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


class SourceError(Exception):
    """A file could not be read; carries the `Unreadable`."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(str(unreadable))
        self.unreadable = unreadable


def read_bytes(root: Path, path: str) -> bytes:
    """Return the bytes of the file.

    Raises:
        SourceError: the file cannot be opened (a symlink that leads nowhere or round in
            circles, missing rights).
    """
    try:
        # A tree has thousands of files: what open() does beside reading is felt.
        file = os.open(f"{root}/{path}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            parts = []
            while part := os.read(file, _MOST_AT_ONCE):
                parts.append(part)
        finally:
            os.close(file)
        return b"".join(parts)
    except OSError as error:
        reason = f"cannot be opened: {error.strerror}"
        raise SourceError(Unreadable(path, 0, reason)) from error


def digest(data: bytes) -> str:
    """Return what stands for some content."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def look(root: Path, path: str) -> tuple[bytes | None, str]:
    """Return what a file holds, None where that cannot be read, and what stands for its state.

    Of a listing that is the names of its files.
    """
    if is_listing(path):
        names = "\n".join(listed(root, path)).encode("utf-8", "surrogateescape")
        return names, digest(names)
    if not os.path.isfile(f"{root}/{path}"):
        return None, ABSENT
    try:
        data = read_bytes(root, path)
    except SourceError:
        return None, "unreadable"
    return data, digest(data)


def looks_like_migration(data: bytes) -> bool:
    """Return whether the bytes may define a class named Migration."""
    return b"Migration" in data and _LOOKS_LIKE_MIGRATION.search(data) is not None


def parse(data: bytes, path: str) -> ast.Module:
    """Return the syntax tree of a Python file.

    Raises:
        SourceError: the bytes are not valid Python.
    """
    try:
        if not data.isascii():
            # The parser lets undecodable comments pass, an import does not.
            decode_source(data)
        return ast.parse(data, filename=path)
    except SyntaxError as error:
        raise SourceError(Unreadable(path, error.lineno or 0, f"{error.msg}")) from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = f"cannot be parsed: {str(error) or type(error).__name__}"
        raise SourceError(Unreadable(path, 0, reason)) from error


def walk(root: Path, start: Path) -> Iterator[str]:
    """Give every Python file under `start`, POSIX and relative to `root`, in a stable order.

    Hidden folders, virtual environments, installed packages and gettext's messages are not
    entered, and symlinks to folders are not followed.

    Args:
        root: what the paths are relative to.
        start: a folder, or one file, under `root`.

    Raises:
        CouldNotRun: `start` does not exist or a folder cannot be listed.
    """
    if start.is_file():
        yield start.relative_to(root).as_posix()
        return
    top = start.relative_to(root).as_posix()
    waiting = ["" if top == "." else f"{top}/"]
    while waiting:
        prefix = waiting.pop()
        folders, names = _listed(f"{root}/{prefix}")
        waiting += [f"{prefix}{name}/" for name in sorted(folders, reverse=True)]
        for name in sorted(names):
            yield prefix + name


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the names of the folders that are entered, and of Python files."""
    folders: list[str] = []
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if name[0] != "." and name not in _NEVER_ENTERED:
                        folders.append(name)
                elif _is_python(name):
                    if not (entry.is_symlink() and os.path.isdir(entry.path)):
                        names.append(name)
                elif name == "pyvenv.cfg":
                    return [], []
    except OSError as error:
        raise CouldNotRun(
            f"{folder.rstrip('/')} cannot be read: {error.strerror}. "
            "Name a folder or a file that exists."
        ) from error
    return folders, names


def python_files(paths: Iterable[str]) -> Iterator[str]:
    """Give those paths that can be Python modules; a leading dot is an editor's own file."""
    return (path for path in paths if _is_python(path.rpartition("/")[2]))


def _is_python(name: str) -> bool:
    return name.endswith(".py") and name[0] != "."
