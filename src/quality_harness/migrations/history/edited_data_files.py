"""Finds merged migrations that read a file, of SQL or of data, which is not what it was."""

import json
from collections.abc import Iterator, Mapping

from quality_harness.gate import ChangeKind
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.reader.tree import Reading
from quality_harness.migrations.sql.tokens import Word, statements


def edited_data(reading: Reading, base: Base | None) -> Mapping[str, str]:
    """Return the edited file of each merged migration that reads one, by the migration's path.

    Args:
        reading: what the tree holds.
        base: what stood on the base; without one nothing is merged.
    """
    if base is None:
        return {}
    changed = frozenset(_changed(base))
    merged = (None, ChangeKind.MODIFIED)
    return {
        each.path: file
        for each in (reading.migrations if changed else ())
        if base.kinds.get(each.path) in merged
        for file in reading.files_of(each.path, changed)
        if _says_otherwise(base, file)
    }


def _changed(base: Base) -> Iterator[str]:
    """Give the files, no modules, that are not what they were on the base."""
    for path, kind in base.kinds.items():
        found = base.origins.get(path, path) if kind is ChangeKind.RENAMED else path
        if not found.endswith(".py"):
            yield found


def _says_otherwise(base: Base, path: str) -> bool:
    if base.kinds.get(path) is ChangeKind.ADDED:
        # It stands in a folder of which all files are read.
        return True
    was = base.read(path)
    if base.kinds.get(path) is not ChangeKind.MODIFIED:
        return was is not None
    return was is not None and meaning(path, was) != meaning(path, base.now(path))


def meaning(path: str, data: bytes) -> object:
    """Return what a file says, without what its kind of text passes over.

    Args:
        path: the file, whose ending tells the kind.
        data: what it holds.
    """
    try:
        text = data.decode()
        if path.endswith(".json"):
            return json.loads(text)
    except ValueError:
        return data
    if path.endswith(".sql"):
        return _words(text)
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _words(sql: str) -> list[list[object]]:
    return [[_word(word) for word in statement] for statement in statements(sql)]


def _word(word: Word) -> object:
    """Return what a word says; a body in dollar quotes is code as a rule."""
    if word.literal is None:
        return word.upper or word.text
    return _words(word.literal) if word.text.startswith("$") else [word.literal]
