"""What is said of whole projects' histories."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from benchmarks.histories import judge, main
from quality_harness.migrations.operations import UNRESOLVED, Migration, Operation
from quality_harness.migrations.reader.file import Reading

MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [{needs}]
    operations = [{operations}]
"""
FIRST = '("shop", "0001_initial")'


class HistoriesTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def write(self, name: str, needs: str = "", operations: str = "") -> None:
        """Write a migration of the app `shop`."""
        path = self.root / "shop" / "migrations" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MIGRATION.format(needs=needs, operations=operations))

    def run_main(self, *argv: str) -> tuple[int, str]:
        """Return the exit code, and all that was printed."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = main(argv)
        return code, output.getvalue()

    def test_without_a_path_nothing_is_measured(self) -> None:
        code, said = self.run_main()

        self.assertEqual(code, 2)
        self.assertIn("name checkouts of projects", said)

    def test_a_path_that_does_not_exist_is_named(self) -> None:
        code, said = self.run_main(str(self.root / "gone"))

        self.assertEqual(code, 2)
        self.assertIn(f"no such folder: {self.root / 'gone'}.", said)

    def test_a_conflict_is_printed_and_misses_the_goal(self) -> None:
        self.write("0001_initial")
        self.write("0002_one", FIRST)
        self.write("0002_other", FIRST)

        code, said = self.run_main(str(self.root))

        self.assertEqual(code, 1)
        self.assertIn("MIG050 shop/migrations/0002_", said)
        self.assertNotIn('"leaf_conflicts": {"value": 0', said)

    def test_what_cannot_be_read_has_the_gates_own_sentence(self) -> None:
        self.write("0001_initial", operations="(")

        history = judge(self.root)

        self.assertIn("shop/migrations/0001_initial.py", history.refusal)
        self.assertEqual((history.files, history.crash), (0, ""))

    def test_a_tree_without_migrations_has_no_verdict(self) -> None:
        self.assertEqual(judge(self.root).refusal, "no migrations were found.")

    def test_an_exception_is_a_crash_with_its_traceback(self) -> None:
        with mock.patch("benchmarks.histories.read_tree", side_effect=RecursionError("deep")):
            history = judge(self.root)

        self.assertIn("RecursionError: deep", history.crash)

    def test_an_unresolved_operation_has_a_finding(self) -> None:
        self.write("0001_initial", operations="unheard_of()")

        history = judge(self.root)

        self.assertEqual((len(history.of("MIG011")), history.silent), (1, ()))

    def test_an_unresolved_operation_without_a_finding_is_told(self) -> None:
        passed_over = Operation(UNRESOLVED, 7, 1, problem="who knows")
        path = "shop/migrations/0001_initial.py"
        migration = mock.Mock(spec=Migration, path=path, operations=(passed_over,), replaces=())
        reading = Reading((migration,), ())

        silence = mock.Mock(findings=(), problem="")
        with (
            mock.patch("benchmarks.histories.read_tree", return_value=reading),
            mock.patch("benchmarks.histories.check", return_value=silence),
        ):
            history = judge(self.root)

        self.assertEqual(history.silent, (f"{path}:7: who knows",))
