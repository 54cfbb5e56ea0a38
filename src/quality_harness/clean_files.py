"""Remembers which files a tool found clean, so that only changed ones are looked at again."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quality_harness.tool import work_folder


@dataclass(frozen=True)
class CleanFiles:
    """The digests of the files that one tool found clean.

    A digest is made of the tool's state (its version and settings), the file's name and its
    content: where any of them differs, the file is not known to be clean. Only for tools that
    judge each file by itself.

    Attributes:
        store: where the digests are kept.
        state: what the tool's judgement depends on beside the file.
    """

    store: Path
    state: str

    @classmethod
    def of(cls, root: Path, tool: str, state: str) -> "CleanFiles":
        """Return what is remembered for a tool in the project at `root`."""
        return cls(work_folder(root) / f"{tool}-clean.json", state)

    def digests(self, root: Path, names: Iterable[str]) -> dict[str, str]:
        """Return each file's digest."""
        return {name: self._digest(name, (root / name).read_bytes()) for name in names}

    def known(self) -> frozenset[str]:
        """Return the digests of the files that were found clean; none where that is not known."""
        try:
            return frozenset(json.loads(self.store.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return frozenset()

    def remember(self, digests: Iterable[str]) -> None:
        """Keep the digests of the files that are clean now, and forget all others."""
        # Written beside and moved: a run that is stopped here leaves the old state.
        handle, new = tempfile.mkstemp(dir=self.store.parent)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(sorted(digests), file)
        os.replace(new, self.store)

    def _digest(self, name: str, content: bytes) -> str:
        return hashlib.sha256(
            b"\0".join([self.state.encode(), os.fsencode(name), content])
        ).hexdigest()
