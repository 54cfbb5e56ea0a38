"""Patterns of paths, as the options of gates name them."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def matching(names: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Return the paths that one of the patterns is about, in their order."""
    return [name for name in names if any(matches(name, pattern) for pattern in patterns)]


def matches(name: str, pattern: str) -> bool:
    """Whether a pattern is about a path; capitals do not matter.

    Args:
        name: a path, relative to the project's root.
        pattern: `*` stands for a part of one name and never for a slash, `**` for any folders.
    """
    return _fits(name.casefold().split("/"), pattern.casefold().split("/"))


def _fits(names: list[str], parts: list[str]) -> bool:
    if not parts or not names:
        return not parts and not names
    if parts[0] == "**":
        return any(_fits(names[start:], parts[1:] or ["*"]) for start in range(len(names)))
    return fnmatchcase(names[0], parts[0]) and _fits(names[1:], parts[1:])
