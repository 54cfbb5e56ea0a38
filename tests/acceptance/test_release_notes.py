import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / ".github/scripts/release_notes.py"
CHANGELOG = """
    # Changelog

    ## Unreleased

    - Later.

    ## 1.2.3 (2026-01-31)

    ### Added

    - A gate.

    ## 1.2.30

    - Another one.
    """


class ReleaseNotesTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
        (self.root / "CHANGELOG.md").write_text(textwrap.dedent(CHANGELOG))

    def notes_of(self, tag: str) -> tuple[int, str]:
        """Return the exit code, and the notes or what is wrong."""
        command = [sys.executable, str(SCRIPT), tag, "dist/notes.md"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        written = self.root / "dist/notes.md"
        return done.returncode, written.read_text() if written.exists() else done.stderr

    def test_are_the_section_of_the_version(self) -> None:
        self.assertEqual(self.notes_of("v1.2.3"), (0, "### Added\n\n- A gate.\n"))

    def test_another_tag_than_the_version_is_refused(self) -> None:
        code, said = self.notes_of("v1.2.4")

        self.assertEqual(code, 1)
        self.assertIn("'v1.2.4', and pyproject.toml has version 1.2.3", said)

    def test_a_version_of_which_nothing_is_said_is_refused(self) -> None:
        (self.root / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.3\n\n## 1.2.2\n\n- Old.\n")

        code, said = self.notes_of("v1.2.3")

        self.assertEqual(code, 1)
        self.assertIn("CHANGELOG.md says nothing of 1.2.3", said)
