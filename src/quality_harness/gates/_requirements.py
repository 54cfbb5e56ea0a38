"""Reads requirements files: what they name, what they pin, and what they include."""

import argparse
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from quality_harness.gate import CouldNotRun


@dataclass(frozen=True)
class Entry:
    """One line of a requirements file, continued lines joined.

    Attributes:
        path: the file, relative to the project's root.
        line: its first line.
        requirement: the name with its constraints, a `packaging.requirements.Requirement`.
        name: the normalised name.
        hashes: the digests that pip can compare, each as "sha256:...".
        no_hashes: what is given as a hash and is none.
        via: who asks for it, as the comment of a compiled file says.
    """

    path: str
    line: int
    requirement: Any
    name: str
    hashes: tuple[str, ...] = ()
    no_hashes: tuple[str, ...] = ()
    via: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The version that it is pinned to; empty where it is not pinned to one."""
        specifiers = list(self.requirement.specifier)
        pinned = len(specifiers) == 1 and specifiers[0].operator in ("==", "===")
        return specifiers[0].version if pinned and "*" not in specifiers[0].version else ""

    @property
    def is_meant_here(self) -> bool:
        """Whether its marker, if it has one, is true for this interpreter on this machine."""
        marker = self.requirement.marker
        return marker is None or bool(marker.evaluate({"extra": ""}))


@dataclass(frozen=True)
class Unnamed:
    """A folder, an archive or a repository: it is installed, and the line tells no name.

    Attributes:
        path: the file, relative to the project's root.
        line: its line.
        text: the line.
    """

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Index:
    """An option that says where packages come from.

    Attributes:
        path: the file, relative to the project's root.
        line: its line.
        option: its long name.
        value: an address, or a host.
    """

    path: str
    line: int
    option: str
    value: str


@dataclass(frozen=True)
class Requirements:
    """What a file and those that it includes say.

    Attributes:
        entries: what is asked for.
        constraints: what the files say that are named with `-c`.
        unnamed: what has no name.
        indexes: where packages come from.
        files: all that were read, relative to the project's root.
    """

    entries: tuple[Entry, ...]
    constraints: tuple[Entry, ...]
    unnamed: tuple[Unnamed, ...]
    indexes: tuple[Index, ...]
    files: tuple[str, ...]


def read_requirements(root: Path, name: str) -> Requirements:
    """Return what a requirements file and those that it includes with `-r` and `-c` say.

    Raises:
        CouldNotRun: a file is not there, or a line is no requirement.
    """
    reader = _Reader(root)
    reader.read(posixpath.normpath(name), (), reader.entries)
    return Requirements(
        tuple(reader.entries),
        tuple(reader.constraints),
        tuple(reader.unnamed),
        tuple(reader.indexes),
        tuple(reader.files),
    )


class _Options(argparse.ArgumentParser):
    """The options that a line may consist of; those that are not listed change no package."""

    def __init__(self) -> None:
        super().__init__(add_help=False)
        self.add_argument("-r", "--requirement", action="append", default=[])
        self.add_argument("-c", "--constraint", action="append", default=[])
        self.add_argument("-e", "--editable", action="append", default=[])
        self.add_argument("-i", "--index-url", "--pypi-url", action="append", default=[])
        self.add_argument("--extra-index-url", action="append", default=[])
        self.add_argument("-f", "--find-links", action="append", default=[])
        self.add_argument("--trusted-host", action="append", default=[])

    def error(self, message: str) -> NoReturn:
        """Raise an error, where a program would end."""
        raise ValueError(message)


_INDEXES = ("index-url", "extra-index-url", "find-links", "trusted-host")
_COMMENT = re.compile(r"(?:^|\s)#(.*)$")
# Another interpreter would have to fetch it.
_ELSEWHERE = re.compile(r"https?:")


class _Reader:
    """Reads a file and those that it includes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries: list[Entry] = []
        self.constraints: list[Entry] = []
        self.unnamed: list[Unnamed] = []
        self.indexes: list[Index] = []
        self.files: list[str] = []

    def read(self, name: str, above: tuple[str, ...], entries: list[Entry]) -> None:
        """Read one file; what it asks for is put to `entries`."""
        self.files.append(name)
        for number, text, comments in _logical_lines(self.root, name):
            if text.startswith("-"):
                self._read_options(name, number, text, (*above, name), entries)
            elif entry := _entry(name, number, text, _via(comments)):
                entries.append(entry)
            else:
                self.unnamed.append(Unnamed(name, number, text))

    def _read_options(
        self, name: str, number: int, text: str, above: tuple[str, ...], entries: list[Entry]
    ) -> None:
        try:
            given, _ = _Options().parse_known_args(shlex.split(text))
        except ValueError as error:
            raise CouldNotRun(f"{name}:{number} is no option: {error}. Correct it.") from error
        self.unnamed += [Unnamed(name, number, text)] * len(given.editable)
        for option in _INDEXES:
            values = getattr(given, option.replace("-", "_"))
            self.indexes += [Index(name, number, f"--{option}", value) for value in values]
        includes = [(one, entries) for one in given.requirement]
        includes += [(one, self.constraints) for one in given.constraint]
        for included, place in includes:
            if _ELSEWHERE.match(included):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), included))
            if path in above:
                raise CouldNotRun(f"{name}:{number} includes {path}, which includes it.")
            self.read(path, above, place)


def _logical_lines(root: Path, name: str) -> Iterator[tuple[int, str, list[str]]]:
    """Give the first number of each line, its text, and the comments in it and below it."""
    try:
        physical = (root / name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"{name} cannot be read: {error}. Name another file.") from error
    start, parts = 1, list[str]()
    last: tuple[int, str, list[str]] | None = None
    comments: list[str] = []
    for number, line in enumerate([*physical, ""], start=1):
        if not parts:
            start = number
        comments += [match[1].strip() for match in [_COMMENT.search(line)] if match]
        parts.append(_COMMENT.sub("", line).removesuffix("\\"))
        if line.endswith("\\") and number <= len(physical):
            continue
        text = " ".join(parts).strip()
        parts.clear()
        if text:
            if last:
                yield last
            last = (start, text, [])
        if last:
            last[2].extend(comments)
        comments.clear()
    if last:
        yield last


def _via(comments: list[str]) -> tuple[str, ...]:
    """Return who asks for a package, by the comment that uv and pip-compile write below it."""
    for number, comment in enumerate(comments):
        if comment == "via" or comment.startswith("via "):
            told = [*comment.removeprefix("via").split(","), *comments[number + 1 :]]
            return tuple(one.strip() for one in told if one.strip())
    return ()


# A scheme, a folder or a file in one: no name of a package has a slash.
_UNNAMED = re.compile(r"[a-z+]+:|[./~]|[^\s;@\[]+[/\\]", re.IGNORECASE)
_HASH = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}", re.IGNORECASE)


def _entry(path: str, line: int, text: str, via: tuple[str, ...]) -> Entry | None:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    stated, *options = re.split(r"\s+--", text)
    try:
        requirement = Requirement(stated.strip())
    except InvalidRequirement as error:
        if _UNNAMED.match(stated):
            return None
        raise CouldNotRun(
            f"{path}:{line} is no requirement: {str(error).splitlines()[0]}. Correct the line."
        ) from error
    given = [re.split(r"[ =]\s*", one.strip(), maxsplit=1) for one in options]
    digests = [words[-1] for words in given if words[0] == "hash"]
    good = tuple(one for one in digests if _HASH.fullmatch(one))
    wrong = tuple(one for one in digests if one not in good)
    return Entry(path, line, requirement, canonicalize_name(requirement.name), good, wrong, via)
