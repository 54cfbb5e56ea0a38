"""Samples of more than one file: a tree on the base and what became of it.

    # both: blog/migrations/0001_initial.py      there and unchanged
    # base: blog/migrations/0002_auto.py         there on the base
    # file: blog/migrations/0002_post.py         there now
    # was: blog/migrations/0002_auto.py          below "file": its name on the base

What follows such a line, up to the next one, is that file's text.
"""

import ast
import re
from pathlib import Path

from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind
from quality_harness.migrations.checking import check
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.reader.file import read_tree

_HEAD = re.compile(r"^# (both|base|file): (\S+)\n(?:# was: (\S+)\n)?", re.MULTILINE)
_IMPORT = "from django.db import migrations, models\n"


def is_tree(text: str) -> bool:
    """Whether a sample is of several files."""
    return _HEAD.search(text) is not None


class Tree:
    """What a sample describes."""

    def __init__(self, text: str) -> None:
        self.before: dict[str, str] = {}
        self.after: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        starts = list(_HEAD.finditer(text))
        ends = [each.start() for each in starts[1:]] + [len(text)]
        for start, end in zip(starts, ends, strict=True):
            self._add(*start.groups(), text[start.end() : end])

    def _add(self, where: str, path: str, origin: str | None, text: str) -> None:
        ast.parse(text)
        text = text if text.startswith("from") else f"{_IMPORT}{text}"
        if where != "file":
            self.before[path] = text
        if where != "base":
            self.after[path] = text
        if origin is not None:
            self.origins[path] = origin

    def kinds(self) -> dict[str, ChangeKind]:
        """Return what git would say of each changed path."""
        kinds = {path: ChangeKind.ADDED for path in self.after if path not in self.before}
        kinds |= dict.fromkeys(self.origins, ChangeKind.RENAMED)
        for path, text in self.before.items():
            if path not in self.after and path not in self.origins.values():
                kinds[path] = ChangeKind.DELETED
            elif self.after.get(path, text) != text:
                kinds[path] = ChangeKind.MODIFIED
        return kinds

    def findings(self, root: Path) -> list[Finding]:
        """Write the files below `root` and check what changed."""
        for path, text in self.after.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        kinds = self.kinds()
        before = {path: text.encode() for path, text in self.before.items()}
        now = {path: text.encode() for path, text in self.after.items()}
        base = Base(kinds, self.origins, before.get, now.__getitem__)
        reading = read_tree(root, self.after)
        return list(check(reading, kinds, base=base).findings)
