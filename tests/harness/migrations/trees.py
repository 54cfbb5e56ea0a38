"""Small trees of files for the tests of the migration reader."""

import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind
from quality_harness.migrations.checking import check
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.reader.file import Reading, read_tree

HEADER = "from django.db import migrations, models\n"


class TreeCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.paths: list[str] = []

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        self.paths.append(path)
        return file

    def migration(
        self, operations: str, *, before: str = "", path: str = "blog/migrations/0002_x.py", **more
    ) -> None:
        """Write a migration whose operations are the given expression."""
        lines = [f"    {name} = {value}" for name, value in more.items()]
        body = "\n".join([*lines, f"    operations = {operations}"])
        self.write(
            path, f"{HEADER}{dedent(before)}\nclass Migration(migrations.Migration):\n{body}\n"
        )

    def reading(self) -> Reading:
        """Read the files that were written."""
        return read_tree(self.root, self.paths)

    def read(self) -> Migration:
        """Read the only migration that was written."""
        (migration,) = self.reading().migrations
        return migration

    def operations(self, expression: str, *, before: str = "") -> tuple[Operation, ...]:
        """Return the operations of a migration with this expression."""
        self.migration(expression, before=before)
        return self.read().operations

    def kinds(self, expression: str, *, before: str = "") -> list[str]:
        """Return the kinds of the operations of a migration with this expression."""
        return [operation.kind for operation in self.operations(expression, before=before)]

    def findings(self, kinds: Mapping[str, ChangeKind] | None = None) -> tuple[Finding, ...]:
        """Check the files that were written; warnings are left out."""
        return tuple(each for each in check(self.reading(), kinds).findings if each.counts)

    def codes(self, kinds: Mapping[str, ChangeKind] | None = None) -> list[str]:
        """Return the codes of the findings in the files that were written."""
        return [finding.code for finding in self.findings(kinds)]
