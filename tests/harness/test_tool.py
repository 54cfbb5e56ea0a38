import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from quality_harness.tool import last_line, work_folder


class LastLineTests(unittest.TestCase):
    def test_blank_lines_at_the_end_do_not_count(self):
        self.assertEqual(last_line("first\n  second \n\n"), "second")

    def test_of_nothing_it_is_empty(self):
        self.assertEqual(last_line("\n"), "")


class WorkFolderTests(unittest.TestCase):
    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_git_does_not_see_what_stands_in_it(self):
        folder = work_folder(self.root)
        self.assertEqual((folder / ".gitignore").read_text(encoding="utf-8"), "*\n")

    def test_gates_that_run_side_by_side_may_all_find_it_missing(self):
        together = threading.Barrier(8)

        def make(root: Path) -> Path:
            together.wait()
            return work_folder(root)

        with ThreadPoolExecutor(8) as gates:
            for number in range(40):
                root = self.root / str(number)
                made = list(gates.map(make, [root] * 8))
                self.assertEqual(set(made), {root / ".quality_harness"})
