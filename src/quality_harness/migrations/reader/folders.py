"""Lists the files of a tree's folders, for migrations that read all of a folder."""

import glob
import posixpath
from collections.abc import Iterable
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

# Stands before a pattern among the files that were looked for.
_LISTING = "listing:"
_MOST = 500


def listing(folder: str, pattern: str) -> str:
    """Return the name under which it is noted that files of a folder were looked for.

    Args:
        folder: POSIX and relative to the tree's top.
        pattern: which of its files, as Path.glob() takes it.
    """
    return _LISTING + posixpath.join(glob.escape(folder), pattern)


def is_listing(name: str) -> bool:
    """Return whether a name stands for files of a folder rather than for one file."""
    return name.startswith(_LISTING)


def listed(root: Path, name: str) -> list[str]:
    """Return the files and folders of a listing, in order; none where it leads out of the tree.

    Compiled code is left out, and so are all where they are too many.

    Args:
        root: the tree's top.
        name: of the listing.
    """
    pattern = name.removeprefix(_LISTING)
    if ".." in pattern.split("/") or posixpath.isabs(pattern):
        return []
    top = root.resolve()
    try:
        files = (each for each in root.glob(pattern) if "__pycache__" not in each.parts)
        found = list(islice(files, _MOST + 1))
    except ValueError:
        return []
    if len(found) > _MOST or any(not each.resolve().is_relative_to(top) for each in found):
        return []
    return sorted(each.relative_to(root).as_posix() for each in found)


def covered(paths: Iterable[str], names: Iterable[str]) -> set[str]:
    """Return the files that are among some listings, or would be if they were there.

    Args:
        paths: of files.
        names: of listings, and of other files.
    """
    patterns = [each.removeprefix(_LISTING) for each in names if is_listing(each)]
    return {path for path in paths for each in patterns if _is_like(path, each)}


def _is_like(path: str, pattern: str) -> bool:
    if "**/" in pattern:
        likes = (pattern, pattern.replace("**/", ""))
        return any(fnmatchcase(path, each) for each in likes)
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)
