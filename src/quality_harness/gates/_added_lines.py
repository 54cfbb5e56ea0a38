"""The lines that commits and the working tree add, read from git's patches."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from quality_harness.changes import ask_git
from quality_harness.gate import Project
from quality_harness.gates._commits import has_head, new_commits


@dataclass(frozen=True)
class Added:
    """One line that is added.

    Attributes:
        path: POSIX, relative to the project's root.
        line: its number in the file that it is added to; the first is 1.
        text: without its line end.
        commit: the id of the commit that adds it; empty for the working tree.
    """

    path: str
    line: int
    text: str
    commit: str = ""


# No setting of the user's own changes what is read here, and a file that .gitattributes calls
# binary is read like any other.
_FORM = (
    *("--unified=0", "--no-renames", "--relative", "--no-color", "--no-ext-diff", "--no-textconv"),
    *("--text", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short"),
)


def lines_of_commits(project: Project) -> Iterator[Added]:
    """Yield what each new commit adds; of a merge, what none of its parents holds."""
    commits = new_commits(project)
    if commits:
        given = "".join(f"{commit}\n" for commit in commits).encode()
        asked = ["--no-walk=unsorted", "--stdin", "--patch", "-c", "--format=commit %H"]
        yield from _read(ask_git(project.root, "log", *asked, *_FORM, given=given))


def lines_of_working_tree(project: Project, since: str = "HEAD", *options: str) -> Iterator[Added]:
    """Yield what the working tree adds to the revision `since`, untracked files too.

    Args:
        project: the project.
        since: the revision.
        options: more of git's, such as "--find-renames".
    """
    tracked = []
    if since != "HEAD" or has_head(project):
        yield from _read(ask_git(project.root, "diff", *_FORM, *options, since, "--"))
        tracked = ["--others"]
    listed = ask_git(
        project.root, "ls-files", "-z", "--exclude-standard", *(tracked or ["--cached", "--others"])
    )
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if (project.root / name).is_file():
            lines = split_lines((project.root / name).read_bytes())
            for number, text in enumerate(lines, start=1):
                yield Added(name, number, text)


def lines_of_messages(project: Project) -> Iterator[Added]:
    """Yield the lines of each new commit's message; their path is empty."""
    commits = new_commits(project)
    if commits:
        given = "".join(f"{commit}\n" for commit in commits).encode()
        asked = ["--no-walk=unsorted", "--stdin", "--no-patch", "--format=%H%x00%B%x00"]
        fields = ask_git(project.root, "log", *asked, given=given).split(b"\0")
        for commit, message in zip(*[iter(fields)] * 2, strict=False):
            for number, text in enumerate(split_lines(message), start=1):
                yield Added("", number, text, commit.decode().strip())


def split_lines(content: bytes) -> list[str]:
    """Return the lines of a file, as git counts them, without their ends."""
    return [_text(line) for line in content.removesuffix(b"\n").split(b"\n")] if content else []


def _text(data: bytes) -> str:
    wide = _wide(data) if b"\0" in data else None
    return (data.decode("utf-8", "replace") if wide is None else wide).rstrip("\r")


def _wide(data: bytes) -> str | None:
    """Return a line of UTF-16, whose line ends git has cut in two; None of another text."""
    little, big = data.removeprefix(b"\0"), data.removesuffix(b"\0")
    for encoding, part, high in (("utf-16-le", little, little[1::2]), ("utf-16-be", big, big[::2])):
        if len(part) % 2 == 0 and high.count(0) * 2 > len(high):
            with suppress(UnicodeDecodeError):
                return part.decode(encoding).removeprefix("\ufeff")
    return None


# "@@ -1,2 +3,4 @@", and for a merge an @ and an old range more for each parent.
_HUNK = re.compile(rb"(@@+)((?: -\d+(?:,\d+)?)+) \+(\d+)(?:,(\d+))? @@")


def _read(patch: bytes) -> Iterator[Added]:
    """Yield the added lines of a patch, by what its hunks' headings count.

    A line of a file may look like a heading of a patch; the counts tell them apart.
    """
    commit = path = ""
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith(b"commit "):
            commit = line[7:].decode()
        elif line.startswith(b"+++ "):
            path = _path(line[4:])
        elif heading := _HUNK.match(line):
            for number, text in _hunk(heading, lines):
                yield Added(path, number, text, commit)


def _hunk(heading: re.Match[bytes], lines: Iterator[bytes]) -> Iterator[tuple[int, str]]:
    parents = len(heading[1]) - 1
    number = int(heading[3])
    old = [int(count or 1) for count in re.findall(rb"-\d+(?:,(\d+))?", heading[2])]
    new = int(heading[4] or 1)
    while new or any(old):
        line = next(lines)
        marks, text = line[:parents], line[parents:]
        if line.startswith(b"\\"):
            continue  # "\ No newline at end of file" is counted nowhere
        lost = b"-" in marks
        for parent, mark in enumerate(marks):
            old[parent] -= mark == ord("-") if lost else mark == ord(" ")
        if lost:
            continue
        if marks == b"+" * parents:
            yield number, _text(text)
        number += 1
        new -= 1


def _path(field: bytes) -> str:
    """Return the path that a patch names; git quotes as C does and ends names on a tab."""
    name = field.rstrip(b"\t")
    if name.startswith(b'"'):
        name = _unquoted(name[1:-1])
    return os.fsdecode(name.removeprefix(b"b/"))


_ESCAPES = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}


def _unquoted(name: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        found = match[1]
        if found.isdigit():
            return bytes([int(found, 8)])
        return bytes([_ESCAPES[found]]) if found in _ESCAPES else found

    return re.sub(rb"\\(\d{3}|.)", plain, name)
