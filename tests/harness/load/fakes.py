"""A case whose runs are made by the stand-in for Locust."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.load import running
from quality_harness.load.running import Plan

ROOT = Path(__file__).resolve().parents[3]


class FakeCase(unittest.TestCase):
    """A test with a folder, `self.folder`, and a locustfile in it."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.locustfile = self.folder / "locustfile.py"
        self.locustfile.write_text("")
        self.enterContext(
            mock.patch.object(running, "GENERATOR", "tests.harness.load.fake_generator")
        )
        self.fake("good")

    def fake(self, what: str) -> None:
        """Let runs go on like this."""
        variables = {"FAKE_GENERATOR": what, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        self.enterContext(mock.patch.dict(os.environ, variables))

    def plan(self, **values: object) -> Plan:
        """Return a plan of ten seconds."""
        given = {"hosts": ("http://h",), "seconds": 10, "users": 2, "spawn_rate": 2, **values}
        return Plan(self.locustfile, **given)
