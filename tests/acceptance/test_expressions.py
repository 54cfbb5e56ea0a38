import unittest

from tests.acceptance.expressions import Context, condition, evaluate, fill, value_of
from tests.acceptance.machine import Refused

VALUES = {
    "github": {"event_name": "push", "event": {"pull_request": {"title": "a"}}},
    "inputs": {"gates": "", "install": "make"},
    "needs": {"one": {"result": "success"}, "two": {"result": "skipped"}},
    "matrix": {"python": "3.11"},
}


class ExpressionTests(unittest.TestCase):
    def setUp(self) -> None:
        self.context = Context(VALUES)

    def assert_is(self, source: str, value: object) -> None:
        """Assert that an expression has a value."""
        self.assertEqual(evaluate(source, self.context), value, source)

    def test_operators(self) -> None:
        self.assert_is("inputs.install || 'pip'", "make")
        self.assert_is("inputs.gates || 'all'", "all")
        self.assert_is("github.event_name == 'pull_request'", False)
        self.assert_is("github.event_name != 'pull_request' && 'other'", "other")
        self.assert_is("!(1 == 2)", True)
        self.assert_is("true && null", None)

    def test_texts_are_compared_whatever_their_case(self) -> None:
        self.assert_is("'A' == 'a'", True)

    def test_a_doubled_quote_is_one(self) -> None:
        self.assert_is("'it''s'", "it's")

    def test_functions(self) -> None:
        self.assert_is("join(needs.*.result, ' ')", "success skipped")
        self.assert_is("contains(needs.*.result, 'skipped')", True)
        self.assert_is("contains('Abc', 'B')", True)
        self.assert_is("startsWith('abc', 'AB')", True)
        self.assert_is("endsWith('abc', 'bc')", True)
        self.assert_is("format('{1}-{0}', 'a', 'b')", "b-a")
        self.assert_is("fromJSON('[1]')", [1])
        self.assert_is("toJSON('a')", '"a"')

    def test_what_is_not_known_is_refused(self) -> None:
        for source in (
            "secrets.TOKEN",
            "hashFiles('a')",
            "github.tokn",
            "needs.three.result",
            "matrix.pyhton",
            "github['event_name']",
            "github.event_name.more",
            "1 < 2",
            "'a' ~ 'b'",
            "inputs.",
            "join(needs.*.result",
            "== 1",
            "",
        ):
            with self.subTest(source), self.assertRaises(Refused):
                evaluate(source, self.context)

    def test_a_text_is_filled(self) -> None:
        filled = fill("ci-${{ github.event_name }}-${{ true }}${{ null }}", self.context)

        self.assertEqual(filled, "ci-push-true")

    def test_a_list_is_no_text(self) -> None:
        with self.assertRaises(Refused):
            fill("${{ needs.*.result }}", self.context)

    def test_one_expression_keeps_its_type(self) -> None:
        self.assertIs(value_of("${{ true }}", self.context), True)
        self.assertEqual(value_of("a${{ true }}", self.context), "atrue")


class ConditionTests(unittest.TestCase):
    def test_asks_for_success_unless_it_names_a_status(self) -> None:
        failed = Context(VALUES, succeeded=False)

        self.assertFalse(condition("github.event_name == 'push'", failed))
        self.assertTrue(condition("always()", failed))
        self.assertTrue(condition("${{ !cancelled() }}", failed))
        self.assertTrue(condition("failure()", failed))
        self.assertFalse(condition("success()", failed))

    def test_a_status_in_a_text_is_none(self) -> None:
        self.assertFalse(condition("'always()'", Context(VALUES, succeeded=False)))

    def test_cancelled_is_neither_success_nor_failure(self) -> None:
        cancelled = Context(VALUES, cancelled=True)

        self.assertFalse(condition("success()", cancelled))
        self.assertFalse(condition("failure()", cancelled))
        self.assertTrue(condition("cancelled()", cancelled))

    def test_a_text_with_an_expression_in_it_is_refused(self) -> None:
        with self.assertRaises(Refused):
            condition("${{ true }} && false", Context(VALUES))
