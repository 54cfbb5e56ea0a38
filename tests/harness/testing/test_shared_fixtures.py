import json
import os
from contextlib import redirect_stdout
from io import StringIO
from unittest import mock

import pytest

from quality_harness.testing.watching import RECORD
from tests.harness.testing.suites import PYPROJECT, SuiteCase

NESTED = ["-q", "-s", "-p", "quality_harness", "-p", "no:cacheprovider"]
FIXTURES = """
import os
import unittest
import pytest

@pytest.fixture(scope="session")
def lasting():
    os.environ["SHOP_A"] = "1"
    yield
    del os.environ["SHOP_A"]

@pytest.fixture(scope="module")
def left():
    os.environ["SHOP_B"] = "1"

@pytest.fixture
def short(monkeypatch):
    monkeypatch.setenv("SHOP_C", "1")

@pytest.fixture(scope="module")
def broken():
    raise LookupError("no server")

def test_good(short, lasting):
    assert os.environ["SHOP_C"]

def test_bad():
    os.environ["SHOP_D"] = "1"

def test_good_with_what_is_left(left):
    assert os.environ["SHOP_B"]

def test_that_cannot_be_set_up(broken):
    assert False

class GoodTests:
    @classmethod
    def setup_class(cls):
        os.environ["SHOP_E"] = "1"

    @classmethod
    def teardown_class(cls):
        del os.environ["SHOP_E"]

    def test_good(self):
        assert os.environ["SHOP_E"]

class BadTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["SHOP_F"] = "1"

    def test_good(self):
        self.assertTrue(os.environ["SHOP_F"])
"""
MODULE = """
import os

def setup_module():
    os.environ["SHOP_G"] = "1"

def test_good():
    assert os.environ["SHOP_G"]
"""


class SharedFixtureTests(SuiteCase):
    def setUp(self) -> None:
        super().setUp()
        pyproject = PYPROJECT.replace('_*.py"]', '_*.py"]\npython_classes = ["*Tests"]')
        self.write(
            {
                "pyproject.toml": f'{pyproject}strict = ["leaks"]\n',
                "checks/test_fixtures.py": FIXTURES,
                "checks/test_module.py": MODULE,
            }
        )
        self.enterContext(mock.patch.dict(os.environ))

    def run_pytest(self) -> str:
        with self.inside(), redirect_stdout(StringIO()) as printed:
            pytest.main([*NESTED, "checks"])
        return printed.getvalue()

    def test_each_change_is_charged_to_whoever_made_it(self) -> None:
        record = self.root / "watched.jsonl"
        with mock.patch.dict(os.environ, {RECORD: str(record)}):
            self.run_pytest()
        lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
        found = [
            (line["name"], line["is_test"], text[text.index("SHOP") :])
            for line in lines
            for _, text, _ in line["problems"]
        ]
        self.assertCountEqual(
            found,
            [
                ("test_bad", True, "SHOP_D set."),
                ("left", False, "SHOP_B set."),
                ("BadTests", False, "SHOP_F set."),
                ("setUpModule", False, "SHOP_G set."),
            ],
        )

    def test_where_nobody_records_they_fail(self) -> None:
        printed = self.run_pytest()
        for text in ("test_bad leaves the environment", "The set-up of left leaves"):
            self.assertIn(f"StrictFailure: ISO005 {text}", printed)
