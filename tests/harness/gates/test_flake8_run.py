import contextlib
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from quality_harness.gates import _flake8_run
from quality_harness.gates._flake8_run import main, plan
from quality_harness.kept_verdicts import KeptVerdicts


class PlanTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "a.py").write_text("x = 1\n")
        self.enterContext(contextlib.chdir(self.root))

    def configure(self, *lines: str) -> None:
        (self.root / ".flake8").write_text("\n".join(["[flake8]", *lines, ""]))

    def test_it_names_the_files_that_flake8_would_read(self):
        (self.root / "b.txt").write_text("")
        (self.root / "out").mkdir()
        (self.root / "out" / "c.py").write_text("")
        self.configure("exclude = out")

        self.assertEqual(plan()["files"], [os.path.join(".", "a.py")])

    def test_the_state_depends_on_the_settings(self):
        before = plan()["state"]
        self.configure("max-line-length = 90")

        self.assertNotEqual(plan()["state"], before)
        self.assertEqual(plan()["state"], plan()["state"])

    def test_the_state_depends_on_the_versions(self):
        before = plan()["state"]

        with mock.patch.object(_flake8_run, "versions", return_value=["flake8 99"]):
            self.assertNotEqual(plan()["state"], before)

    def test_the_state_does_not_depend_on_the_order_of_a_set(self):
        with mock.patch.object(
            _flake8_run, "vars", lambda options: {"a": {"x", "y", "z"}}, create=True
        ):
            self.assertIn("""['x', 'y', 'z']""", plan()["state"])

    def test_the_state_depends_on_the_source_of_a_plugin_of_the_project(self):
        plugin = self.root / "planted_plugin.py"
        plugin.write_text("class P:\n    def __init__(self, tree): ...\n")
        self.configure(
            "[flake8:local-plugins]", "extension =", "    XYZ = planted_plugin:P", "paths = ."
        )
        self.addCleanup(sys.modules.pop, "planted_plugin", None)
        self.addCleanup(sys.path.__setitem__, slice(None), list(sys.path))
        before = plan()["state"]

        plugin.write_text(plugin.read_text() + "# edited\n")

        self.assertNotEqual(plan()["state"], before)

    def test_what_a_package_brings_is_told_by_its_version_alone(self):
        state = plan()["state"]

        self.assertIn("_flake8_run.py", state)
        self.assertNotIn("site-packages", state)

    def answer(self, *files: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code and the answer to a request."""
        Path("request.json").write_text(json.dumps({"files": files, "fresh": False}))
        code = main("request.json", "answer.json")
        return code, json.loads(Path("answer.json").read_text())

    def test_a_request_is_answered_with_what_is_kept(self):
        code, answer = self.answer("a.py")

        kept = KeptVerdicts(**answer)
        self.assertEqual((code, kept.unread, list(kept.digests)), (0, ["a.py"], ["a.py"]))

    def test_what_is_kept_is_not_read(self):
        (self.root / "a.py").write_text("import os\n")
        first, answer = self.answer("a.py")
        KeptVerdicts(**answer).keep({"a.py": [["1", "1", "F401", "kept"]]})

        second, answer = self.answer("a.py")

        self.assertEqual((first, second), (1, 0))
        self.assertEqual(answer["rows"], {"a.py": [["1", "1", "F401", "kept"]]})

    def test_what_git_does_not_know_is_not_read(self):
        code, answer = self.answer()

        self.assertEqual((code, answer["digests"]), (0, {}))
