"""Queries that are recorded beside a test."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import TestCase

from blog.models import Tag
from quality_harness.testing.query_budget import RECORD, QueryBudgets, assert_query_budget

COUNT = "SELECT COUNT(*) AS __count FROM blog_tag"
ORDERED = "SELECT ... FROM blog_tag ORDER BY blog_tag.name ASC"


class RecordCase(TestCase):
    """A test with a folder of its own for records."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.module = Path(folder.name) / "test_it.py"
        self.record = self.module.with_name("test_it.queries.json")
        self.variables = self.enterContext(mock.patch.dict(os.environ))
        for name in (RECORD, "CI"):
            os.environ.pop(name, None)

    def make(self, *statements: str, name: str = "it") -> None:
        """Make queries of a budget."""
        with assert_query_budget(self.module, name):
            for statement in statements:
                Tag.objects.count() if statement == COUNT else list(Tag.objects.order_by("name"))

    def recording(self, value: str = "1") -> Any:
        return mock.patch.dict(os.environ, {RECORD: value})

    def recorded(self, *statements: str, name: str = "it") -> None:
        with self.recording():
            self.make(*statements, name=name)

    def written(self) -> Any:
        return json.loads(self.record.read_text())


class AssertQueryBudgetTests(RecordCase):
    def test_the_record_has_the_shapes_in_their_order(self) -> None:
        self.recorded(ORDERED, COUNT)
        self.assertEqual(self.written(), {"it": [ORDERED, COUNT]})

    def test_what_is_recorded_holds_in_whatever_order(self) -> None:
        self.recorded(ORDERED, COUNT)
        self.make(COUNT, ORDERED)
        self.assertEqual(self.written(), {"it": [ORDERED, COUNT]})

    def test_more_queries_fail_and_are_shown(self) -> None:
        self.recorded(ORDERED)
        message = (
            f"it makes 3 queries, its budget in {self.record} is 1.\nNot in the budget:\n"
            f"  2 x {COUNT}\nMake fewer queries, or accept them: run this test once with {RECORD}=1"
        )
        with self.assertRaisesMessage(AssertionError, message):
            self.make(ORDERED, COUNT, COUNT)

    def test_the_same_query_once_more_fails(self) -> None:
        self.recorded(ORDERED)
        with self.assertRaisesMessage(AssertionError, f"Not in the budget:\n  1 x {ORDERED}\n"):
            self.make(ORDERED, ORDERED)

    def test_fewer_queries_fail_so_that_what_was_saved_stays_saved(self) -> None:
        self.recorded(ORDERED, COUNT)
        message = f"No longer made:\n  1 x {COUNT}\nKeep what was saved: run this test once"
        with self.assertRaisesMessage(AssertionError, message):
            self.make(ORDERED)

    def test_other_queries_fail(self) -> None:
        self.recorded(ORDERED)
        message = f"\n  1 x {COUNT}\nNo longer made:\n  1 x {ORDERED}\nAs many, but other ones."
        with self.assertRaisesMessage(AssertionError, message):
            self.make(COUNT)

    def test_a_failure_writes_nothing(self) -> None:
        self.recorded(ORDERED)
        with self.assertRaises(AssertionError):
            self.make(COUNT)
        self.assertEqual(self.written(), {"it": [ORDERED]})

    def test_without_a_record_it_fails_and_writes_none(self) -> None:
        message = f"{self.record} has no budget for it: run this test once with {RECORD}=1"
        with self.assertRaisesMessage(AssertionError, message):
            self.make(COUNT)
        self.assertFalse(self.record.exists())

    def test_no_query_is_a_budget(self) -> None:
        self.recorded()
        with self.assertRaisesMessage(AssertionError, "it makes 1 queries"):
            self.make(COUNT)

    def test_an_error_in_the_block_is_what_is_told(self) -> None:
        with self.assertRaises(ZeroDivisionError), assert_query_budget(self.module, "it"):
            raise ZeroDivisionError

    def test_recording_again_leaves_other_budgets_alone(self) -> None:
        self.recorded(ORDERED, COUNT, name="b")
        self.recorded(COUNT, name="a")
        self.recorded(ORDERED, name="b")
        self.assertEqual(self.written(), {"a": [COUNT], "b": [ORDERED]})
        self.assertLess(*map(self.record.read_text().index, ('"a"', '"b"')))

    def test_recording_what_is_recorded_leaves_the_file_alone(self) -> None:
        self.recorded(COUNT)
        text = json.dumps(self.written())
        self.record.write_text(text)
        self.recorded(COUNT)
        self.assertEqual(self.record.read_text(), text)

    def test_zero_does_not_record(self) -> None:
        with self.recording("0"), self.assertRaisesMessage(AssertionError, "has no budget"):
            self.make(COUNT)

    def test_nothing_is_recorded_in_ci(self) -> None:
        os.environ["CI"] = "true"
        with self.assertRaisesMessage(AssertionError, f"{RECORD} is set in CI"):
            self.recorded(COUNT)
        self.assertFalse(self.record.exists())

    def test_a_record_with_a_conflict_is_named(self) -> None:
        self.record.write_text("<<<<<<< HEAD\n{}\n")
        for value in ("", "1"):
            with (
                self.subTest(value),
                self.recording(value),
                self.assertRaisesMessage(AssertionError, f"{self.record} is no JSON: Expecting"),
            ):
                self.make(COUNT)


class QueryBudgetsTests(RecordCase):
    """What a test case with the mixin does."""

    def setUp(self) -> None:
        super().setUp()

        class Blogs(QueryBudgets, TestCase):
            def test_list(self) -> None:
                """Looked at from outside."""

        Blogs.__module__ = "a_module_of_tests"
        Blogs.__qualname__ = "Blogs"
        module = mock.Mock(__file__=str(self.module))
        self.enterContext(mock.patch.dict("sys.modules", {"a_module_of_tests": module}))
        self.case: Any = Blogs("test_list")

    def count(self, times: int, *name: str) -> None:
        with self.case.assertQueryBudget(*name):
            for _ in range(times):
                Tag.objects.count()

    def test_a_budget_is_called_like_its_test(self) -> None:
        with self.recording():
            self.count(1)
            self.count(2, "second page")
        self.assertEqual(
            self.written(),
            {"Blogs.test_list": [COUNT], "Blogs.test_list: second page": [COUNT] * 2},
        )

    def test_it_holds_and_fails_as_the_function_does(self) -> None:
        with self.recording():
            self.count(1)
        self.count(1)
        with self.assertRaisesMessage(AssertionError, "Blogs.test_list makes 2 queries"):
            self.count(2)

    def test_a_budget_that_is_used_twice_holds_for_both_while_it_is_recorded(self) -> None:
        with self.recording(), self.assertRaisesMessage(AssertionError, "makes 2 queries"):
            self.count(1)
            self.count(2)
        self.assertEqual(self.written(), {"Blogs.test_list": [COUNT]})
