"""Keeps what a tool said of each file, so that only changed ones are read again."""

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from quality_harness.gate import Project
from quality_harness.tool import work_folder

# What a tool said of a file: a row for each finding, none where it is clean.
Rows = list[list[str]]
_EXTRA = re.compile(r";.*\bextra\s*==")


@dataclass(frozen=True)
class KeptVerdicts:
    """What one tool said of the files that it is asked about now.

    A file's digest is made of the tool's state (versions and settings), the file's name and its
    content: where any of them differs, the file is read again. Only for tools that judge each
    file by itself.

    Attributes:
        root: the project's root.
        tool: whose verdicts they are.
        state: what the tool's judgement depends on beside the file.
        digests: the digest of each file that it is asked about.
        rows: what it said of those of them that are known.
    """

    root: str
    tool: str
    state: str
    digests: dict[str, str]
    rows: dict[str, Rows]

    @classmethod
    def of(
        cls, root: Path, tool: str, state: str, names: Iterable[str], *, fresh: bool
    ) -> "KeptVerdicts":
        """Return what is kept of some files; nothing where it is to be `fresh`."""
        digests = {name: _digest(root, state, name) for name in names}
        known = {} if fresh else _load(_store(root, tool))
        rows = {name: known[digest] for name, digest in digests.items() if digest in known}
        return cls(str(root), tool, state, digests, rows)

    @property
    def unread(self) -> list[str]:
        """The files of which nothing is kept: the tool has to read them."""
        return [name for name in self.digests if name not in self.rows]

    @property
    def note(self) -> str:
        """How many files are read, for the report."""
        return f"{len(self.unread)} read, {len(self.rows)} unchanged"

    def keep(self, found: Mapping[str, Rows]) -> dict[str, Rows]:
        """Keep what the tool says now, forget all other files, and return what is known of each.

        Args:
            found: what it said of the files that were `unread`; one that is missing is clean.
        """
        read = {name: found.get(name, []) for name in self.unread}
        root = Path(self.root)
        # Of a file that is edited meanwhile nobody knows which text the tool has read.
        same = [name for name in read if _digest(root, self.state, name) == self.digests[name]]
        kept = self.rows | {name: read[name] for name in same}
        _save(_store(root, self.tool), {self.digests[name]: rows for name, rows in kept.items()})
        return self.rows | read


def reads_all(project: Project) -> bool:
    """Whether nothing kept counts: as asked, or in CI, where a change may bring its own."""
    return project.fresh or bool(os.environ.get("CI"))


def versions(*packages: str) -> list[str]:
    """Return the versions of Python, of us, of some packages, and of all that they lead to.

    What an extra brings counts where somebody may have asked for that: of these packages and of
    those that are required with one.
    """
    found = {"django-quality-harness"}
    waiting = [f"{name}[all]" for name in packages]
    known: set[str] = set()
    while waiting:
        asked = waiting.pop().partition(";")[0]
        name = re.split(r"[^\w.-]", asked)[0]
        found.add(name)
        if asked not in known:
            known.add(asked)
            waiting += [each for each in _required(name) if "[" in asked or not _EXTRA.search(each)]
    return [sys.version, *(f"{name} {_version(name)}" for name in sorted(found))]


def _required(package: str) -> list[str]:
    try:
        return requires(package) or []
    except PackageNotFoundError:
        return []


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"


def _store(root: Path, tool: str) -> Path:
    return work_folder(root) / f"{tool}-verdicts.json"


def _digest(root: Path, state: str, name: str) -> str:
    content = (root / name).read_bytes()
    return hashlib.sha256(b"\0".join([state.encode(), os.fsencode(name), content])).hexdigest()


def _load(store: Path) -> dict[str, Rows]:
    """Return what is kept, by the files' digests; nothing where the store is damaged."""
    try:
        digest, _, text = store.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if digest != hashlib.sha256(text).hexdigest().encode():
        return {}
    known: dict[str, Rows] = json.loads(text)
    return known


def _save(store: Path, known: Mapping[str, Rows]) -> None:
    if store.is_dir():
        # Somebody else's; without a store all is read each time.
        return
    text = json.dumps(known, separators=(",", ":")).encode()
    # Written beside and moved: a run that is stopped here leaves the old state.
    handle, new = tempfile.mkstemp(dir=store.parent)
    with open(handle, "wb") as file:
        file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    os.replace(new, store)
