"""What the gates that keep their tool's verdicts have in common, for their tests."""

import os
from unittest import mock

from quality_harness.gate import Checked, CouldNotRun, Gate
from quality_harness.gates import _kept_run
from tests.harness.projects import ProjectCase, places


class KeptRunCase(ProjectCase):
    """A project that such a gate looks at, with a faulty and a clean file.

    Attributes:
        gate: the gate.
        tool: the tool's package.
        faulty: the text of a file in which it finds one fault.
        found: that fault's code and line.
        mended: the text of a file in which it finds none.
    """

    gate: Gate
    tool: str
    faulty: str
    found: tuple[str, int]
    mended: str

    def setUp(self) -> None:
        super().setUp()
        self.write({"bad.py": self.faulty, "good.py": self.mended})

    def silenced(self) -> Checked:
        """Check with a tool whose answer says that it has found nothing."""
        real = _kept_run.run_module

        def run(*arguments: object, **options: object) -> mock.Mock:
            real(*arguments, **options)
            return mock.Mock(returncode=0, stdout="", stderr="")

        with mock.patch.object(_kept_run, "run_module", run):
            return self.check(self.gate)

    def install(
        self, name: str, version: str, files: dict[str, str] | None = None, requires: str = ""
    ) -> None:
        """Put a version of a package where it is found before any other."""
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata += f"Requires-Dist: {requires}\n" if requires else ""
        folder = ".quality_harness/packages"
        self.write({f"{folder}/{name}.dist-info/METADATA": metadata})
        self.write({f"{folder}/{path}": text for path, text in (files or {}).items()})
        os.environ["PYTHONPATH"] = str(self.root / folder)

    def place(self, name: str) -> tuple[str, str, int]:
        """Return the code, path and line of the fault where it stands in a file."""
        code, line = self.found
        return code, name, line

    def read(self, **values: object) -> int:
        """Check, and return how many files were read."""
        return int(self.check(self.gate, **values).note.partition(" ")[0])


class KeptRunTests:
    """The tests of each such gate; mixed into a `KeptRunCase`."""

    def test_a_faulty_file_is_told_again_as_it_was_and_not_read(self):
        first = self.check(self.gate)

        second = self.silenced()

        self.assertEqual(places(first), [self.place("bad.py")])
        self.assertEqual(second.findings, first.findings)
        self.assertEqual(first.note, "2 read, 0 unchanged")
        self.assertEqual(second.note, "0 read, 2 unchanged")
        self.assertEqual(second.checked, first.checked)

    def test_an_edit_mends_a_file_and_breaks_another(self):
        self.check(self.gate)
        self.write({"bad.py": f"{self.mended}# edited\n"})
        mended = self.check(self.gate)
        self.write({"good.py": self.faulty})
        broken = self.check(self.gate)

        self.assertEqual((mended.findings, mended.note), ((), "1 read, 1 unchanged"))
        self.assertEqual(places(broken), [self.place("good.py")])
        self.assertEqual(broken.note, "1 read, 1 unchanged")

    def test_a_renamed_file_is_read_again(self):
        self.check(self.gate)
        (self.root / "bad.py").rename(self.root / "other.py")

        checked = self.check(self.gate)

        self.assertEqual(places(checked), [self.place("other.py")])
        self.assertEqual(checked.note, "1 read, 1 unchanged")

    def test_another_version_reads_every_file_again(self):
        self.install(self.tool, "98")
        self.check(self.gate)
        self.assertEqual(self.read(), 0)

        self.install(self.tool, "99")

        self.assertEqual(self.read(), 2)

    def test_another_version_of_the_harness_reads_every_file_again(self):
        self.install("django_quality_harness", "98")
        self.check(self.gate)
        self.assertEqual(self.read(), 0)

        self.install("django_quality_harness", "99")

        self.assertEqual(self.read(), 2)

    def test_a_fresh_run_reads_every_file_again(self):
        self.check(self.gate)

        checked = self.check(self.gate, fresh=True)

        self.assertEqual(places(checked), [self.place("bad.py")])
        self.assertEqual(checked.note, "2 read, 0 unchanged")

    def test_in_ci_every_file_is_read_since_a_change_may_bring_a_store(self):
        self.check(self.gate)

        os.environ["CI"] = "true"

        self.assertEqual(self.read(), 2)

    def test_a_damaged_store_is_none(self):
        self.check(self.gate)
        (store,) = self.root.glob(".quality_harness/*-verdicts.json")
        store.write_bytes(store.read_bytes()[:-1])

        checked = self.check(self.gate)

        self.assertEqual(places(checked), [self.place("bad.py")])
        self.assertEqual(checked.note, "2 read, 0 unchanged")

    def test_nothing_is_kept_of_a_run_in_which_a_file_cannot_be_parsed(self):
        self.write({"broken.py": "def broken(:\n"})
        said = set()
        for _ in range(2):
            with self.assertRaises(CouldNotRun) as caught:
                self.check(self.gate)
            said.add(str(caught.exception))
        (self.root / "broken.py").unlink()

        self.assertEqual(len(said), 1)
        self.assertEqual(self.read(), 2)
