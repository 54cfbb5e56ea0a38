"""Which values of fields are a part of another field's."""

import ast
import unittest

from quality_harness.migrations.functions.given_values import Given, given


class GivenTest(unittest.TestCase):
    def found(self, expression: str) -> Given:
        return given("a", ast.parse(expression, mode="eval").body)

    def test_another_field_as_it_is(self) -> None:
        for expression in ("F('b')", "models.F('b')", "row.b"):
            with self.subTest(expression):
                self.assertEqual(Given("a", "b"), self.found(expression))

    def test_a_part_of_another_field(self) -> None:
        for expression in (
            "Left('b', 9)",
            "functions.Lower(F('b'))",
            "TruncDay('b')",
            "ExtractYear(models.F('b'))",
            "Left(Trim('b'), 9)",
            "row.b[:9]",
            "row.b.casefold()",
        ):
            with self.subTest(expression):
                self.assertEqual(Given("a", "b", shortened=True), self.found(expression))

    def test_another_value(self) -> None:
        for expression in ("'b'", "F(b)", "Concat('b', 'c')", "row.b.replace('x', '')", "row.b[0]",
                           "other(row.b)", "row['b']", "Other('b')"):  # fmt: skip
            with self.subTest(expression):
                self.assertEqual(Given("a"), self.found(expression))
        self.assertEqual(Given("a"), given("a", None))
