import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.testing.collected import (
    Case,
    Collected,
    FunctionId,
    function_case,
    method_case,
    module_path,
    read_collected,
    relative,
)

ROOT = Path(__file__).parents[3]
HERE = "tests/harness/testing/test_collected.py"


class Base:
    def test_a(self) -> None: ...


class Child(Base):
    def test_a(self) -> None: ...


class Grandchild(Child): ...


class CaseTests(unittest.TestCase):
    def test_a_method_stands_for_every_definition_that_it_inherits(self) -> None:
        case = method_case(ROOT, Grandchild, "test_a")
        self.assertEqual(case.collected_as, FunctionId(HERE, "Grandchild", "test_a"))
        self.assertEqual(
            case.defined,
            {FunctionId(HERE, "Base", "test_a"), FunctionId(HERE, "Child", "test_a")},
        )

    def test_a_name_without_code_stands_for_nothing(self) -> None:
        self.assertEqual(method_case(ROOT, Base, "test_b").defined, frozenset())

    def test_an_imported_function_stands_for_its_own_file_too(self) -> None:
        case = function_case(ROOT, ROOT / "tests/other.py", "test_b", relative.__wrapped__)
        self.assertEqual(
            case.defined,
            {
                FunctionId("tests/other.py", "", "test_b"),
                FunctionId("src/quality_harness/testing/collected.py", "", "relative"),
            },
        )


class PathTests(unittest.TestCase):
    def test_a_path_outside_of_the_root_stays_absolute(self) -> None:
        outside = Path(tempfile.gettempdir()).resolve() / "a.py"
        self.assertEqual(relative(ROOT, outside), outside.as_posix())

    def test_a_module_without_a_file_keeps_its_name(self) -> None:
        with mock.patch.dict(sys.modules, {"made_up": types.ModuleType("made_up")}):
            self.assertEqual(module_path(ROOT, "made_up"), "made_up")


class JsonTests(unittest.TestCase):
    def test_what_is_written_is_read_back(self) -> None:
        case = Case(FunctionId("a.py", "A", "test"), frozenset({FunctionId("b.py", "", "test")}))
        collected = Collected(
            "pytest",
            ("test_*.py",),
            (case, case),
            frozenset({"a.py"}),
            frozenset({"s.py"}),
            (("e.py", "broken"),),
        )
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "collected.json")
            collected.write(file)
            self.assertEqual(read_collected(file), collected)

    def test_nothing_collected_defines_nothing(self) -> None:
        self.assertEqual(Collected("pytest", ()).defined, frozenset())
