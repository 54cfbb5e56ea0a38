"""What is written into a test module counts, and changes nothing else."""

import ast
import traceback
import unittest
from unittest import mock

from quality_harness.testing.counting.statements import count_in
from quality_harness.testing.counting.tally import TALLY, called


def made_by(source: str, **names: object) -> int:
    """Run a source with counting written in, and return how many assertions it made."""
    tree = ast.parse(source)
    count_in(tree)
    before = TALLY.made
    exec(compile(tree, "sample.py", "exec"), dict(names))
    return TALLY.made - before


class CountTests(unittest.TestCase):
    def assert_counts(self, count: int, source: str, **names: object) -> None:
        self.assertEqual(made_by(source, **names), count, source)

    def test_an_assert_counts_where_it_passes(self) -> None:
        self.assert_counts(2, "assert 1\nassert 2, 'a'")

    def test_one_that_fails_does_not_count(self) -> None:
        self.assert_counts(0, "x = 0\ntry:\n    assert x\nexcept AssertionError:\n    x = 1")

    def test_one_that_is_not_reached_does_not_count(self) -> None:
        self.assert_counts(0, "for each in []:\n    assert each\nif 0:\n    assert 1")

    def test_a_branch_that_fails_counts_where_it_is_asked(self) -> None:
        self.assert_counts(1, "if 0:\n    raise AssertionError")
        self.assert_counts(1, "if 1:\n    x = 1\nelse:\n    self.fail()")
        self.assert_counts(1, "if 0:\n    x = 1\nelif 0:\n    self.fail('a')")

    def test_any_other_branch_does_not(self) -> None:
        self.assert_counts(0, "if 0:\n    raise ValueError\nelse:\n    x = 1")

    def test_a_try_that_fails_where_nothing_is_raised_counts(self) -> None:
        source = "try:\n    raise ValueError\nexcept ValueError:\n    x = 1\nelse:\n    self.fail()"

        self.assert_counts(1, source)
        self.assert_counts(1, "try:\n    x = 1\nexcept ValueError:\n    self.fail()")
        self.assert_counts(0, "try:\n    x = 1\nexcept ValueError:\n    x = 2")

    def test_a_librarys_assertion_counts(self) -> None:
        self.assert_counts(1, "assert_valid(3)", assert_valid=print)
        self.assert_counts(1, "lib.assert_that(3)", lib=mock.Mock(assert_that=print))
        self.assert_counts(0, "check(3)", check=print)

    def test_an_assertion_of_test_code_counts_what_it_asserts_itself(self) -> None:
        self.assert_counts(0, "def assert_valid():\n    pass\nassert_valid()")
        self.assert_counts(1, "def assert_valid():\n    assert 1\nassert_valid()")

    def test_a_callback_that_must_not_be_called_counts(self) -> None:
        self.assert_counts(1, "def test():\n    def no():\n        self.fail()\ntest()")
        self.assert_counts(1, "run(lambda: self.fail())", run=print)
        self.assert_counts(1, "Mock(side_effect=AssertionError('a'))", Mock=mock.Mock)

    def test_other_callbacks_do_not(self) -> None:
        self.assert_counts(0, "def test():\n    def yes():\n        pass\ntest()")
        self.assert_counts(
            0, "run(lambda: 1)\nMock(side_effect=ValueError)", run=id, Mock=mock.Mock
        )

    def test_a_method_or_function_that_fails_is_no_callback(self) -> None:
        source = (
            "def no():\n    raise AssertionError\nclass A:\n    def no(self):\n        self.fail()"
        )

        self.assert_counts(0, source)
        self.assert_counts(
            0, "def test():\n    class A:\n        def no(self):\n            self.fail()\ntest()"
        )

    def test_a_command_that_checks_counts(self) -> None:
        call_command = mock.Mock()

        for arguments in ("'check'", "'makemigrations', '--check'", "'makemigrations', check=True"):
            self.assert_counts(1, f"call_command({arguments})", call_command=call_command)
        for arguments in ("'migrate'", "command='check'"):
            self.assert_counts(0, f"call_command({arguments})", call_command=call_command)

    def test_docstring_and_future_imports_stay_first(self) -> None:
        source = '"""A module."""\nfrom __future__ import annotations\nx: Missing = 1\nassert x'
        names: dict[str, object] = {}
        tree = ast.parse(source)
        count_in(tree)

        exec(compile(tree, "sample.py", "exec"), names)

        self.assertEqual(names["__doc__"], "A module.")

    def test_a_module_of_nothing_but_a_docstring(self) -> None:
        self.assert_counts(0, '"""A module."""')
        self.assert_counts(0, "")

    def test_lines_are_those_of_the_source(self) -> None:
        try:
            made_by("x = 1\n\nassert x == 2")
        except AssertionError as error:
            line = traceback.extract_tb(error.__traceback__)[-1].lineno
        else:
            self.fail("the assertion passed")

        self.assertEqual(line, 3)

    def test_what_is_called_is_handed_through(self) -> None:
        self.assertIs(called(print), print)
