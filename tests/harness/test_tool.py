import gc
import os
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from django.test import tag

from quality_harness.tool import last_line, run_module, work_folder

THRESHOLD = gc.get_threshold()[0]
SAYS = """\
import gc, sys
class Cycle:
    def __init__(self):
        self.itself = self
    def __del__(self):
        print("collected")
Cycle()
print(__name__, sys.argv[1:], gc.get_threshold()[0])
"""


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


@tag("slow")
class RunModuleTests(unittest.TestCase):
    """Runs a tool that says how it was started."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "planted_tool").mkdir()
        (self.root / "planted_tool/__init__.py").write_text("def go(): print('gone')\n")
        (self.root / "planted_tool/__main__.py").write_text(SAYS)
        self.enterContext(mock.patch.dict(os.environ, {"PYTHONPATH": str(self.root)}))
        self.enterContext(mock.patch.object(sys, "path", [*sys.path, str(self.root)]))

    def said(self, *arguments, **options):
        done = run_module("planted_tool", arguments, cwd=self.root, extra="test", **options)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def test_a_tool_is_run_as_a_module_and_its_garbage_is_left(self):
        self.assertEqual(self.said("-c", "a b"), ["__main__ ['-c', 'a b'] 100000"])

    def test_tests_get_the_garbage_collector_as_it_is(self):
        self.assertEqual(self.said("a", tests=True), [f"__main__ ['a'] {THRESHOLD}", "collected"])

    def test_a_function_of_a_tool_is_called(self):
        self.assertEqual(self.said(entry="go"), ["gone"])

    def test_its_exit_code_is_given(self):
        (self.root / "planted_tool/__main__.py").write_text("raise SystemExit(7)")
        done = run_module("planted_tool", [], cwd=self.root, extra="test")
        self.assertEqual(done.returncode, 7)
