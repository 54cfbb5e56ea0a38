import contextlib
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

from quality_harness.gates._flake8_run import main, plan


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

    def test_the_state_holds_the_source_of_a_plugin_of_the_project(self):
        (self.root / "planted_plugin.py").write_text(
            "class P:\n    def __init__(self, tree): ...\n"
        )
        self.configure(
            "[flake8:local-plugins]", "extension =", "    XYZ = planted_plugin:P", "paths = ."
        )
        self.addCleanup(sys.modules.pop, "planted_plugin", None)
        self.addCleanup(sys.path.__setitem__, slice(None), list(sys.path))

        self.assertIn("class P:", plan()["state"])

    def test_a_request_is_answered_with_what_is_read(self):
        Path("request.json").write_text(json.dumps({"files": ["a.py"], "fresh": False}))

        code = main("request.json", "answer.json")

        answer = json.loads(Path("answer.json").read_text())
        self.assertEqual(
            (code, answer["changed"], list(answer["digests"])), (0, ["a.py"], ["a.py"])
        )

    def test_what_git_does_not_know_is_not_read(self):
        Path("request.json").write_text(json.dumps({"files": [], "fresh": False}))

        code = main("request.json", "answer.json")

        answer = json.loads(Path("answer.json").read_text())
        self.assertEqual((code, answer), (0, {"changed": [], "digests": {}}))
