"""Reads requirements files: what they name, what they pin, and what they include."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun


@dataclass(frozen=True)
class Entry:
    """One line of a requirements file, continued lines joined.

    Attributes:
        path: the file, relative to the project's root.
        line: its first line.
        requirement: the name with its constraints, a `packaging.requirements.Requirement`.
        name: the normalised name.
        hashes: how many hashes it gives.
    """

    path: str
    line: int
    requirement: Any
    name: str
    hashes: int

    @property
    def version(self) -> str:
        """The version that it is pinned to; empty where it is not pinned to one."""
        specifiers = list(self.requirement.specifier)
        pinned = len(specifiers) == 1 and specifiers[0].operator in ("==", "===")
        return specifiers[0].version if pinned and "*" not in specifiers[0].version else ""


def read_requirements(root: Path, name: str) -> tuple[Entry, ...]:
    """Return what a requirements file and those that it includes with `-r` ask for.

    Raises:
        CouldNotRun: a file is not there, or a line is no requirement.
    """
    return tuple(_read(root, posixpath.normpath(name), ()))


_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(\S+)")
_COMMENT = re.compile(r"(^|\s)#.*$")


def _read(root: Path, name: str, above: tuple[str, ...]) -> Iterator[Entry]:
    for number, text in _logical_lines(root, name):
        if match := _INCLUDE.match(text):
            included = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
            if included in above or included == name:
                raise CouldNotRun(f"{name}:{number} includes {included}, which includes it.")
            yield from _read(root, included, (*above, name))
        elif not text.startswith("-"):
            yield _entry(name, number, text)
        elif text.startswith(("-e", "--editable")):
            raise CouldNotRun(
                f"{name}:{number} installs a folder in place, which has no version to compare. "
                "Leave it out of the requirements: pip install --no-deps --editable ."
            )


def _logical_lines(root: Path, name: str) -> Iterator[tuple[int, str]]:
    try:
        physical = (root / name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"{name} cannot be read: {error}. Name another file.") from error
    start, parts = 1, list[str]()
    for number, line in enumerate([*physical, ""], start=1):
        if not parts:
            start = number
        parts.append(_COMMENT.sub("", line).removesuffix("\\"))
        if not (line.endswith("\\") and number <= len(physical)):
            text = " ".join(parts).strip()
            parts.clear()
            if text:
                yield start, text


def _entry(path: str, line: int, text: str) -> Entry:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    stated, *options = re.split(r"\s+--", text)
    try:
        requirement = Requirement(stated.strip())
    except InvalidRequirement as error:
        raise CouldNotRun(
            f"{path}:{line} is no requirement: {str(error).splitlines()[0]}. Correct the line."
        ) from error
    hashes = sum(option.startswith("hash") for option in options)
    return Entry(path, line, requirement, canonicalize_name(requirement.name), hashes)
