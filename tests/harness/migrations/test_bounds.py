"""What would go on for ever, or fill the memory, becomes unknown instead: told, and soon."""

from unittest import mock

from quality_harness.migrations.evaluator import expressions, values

from .test_evaluator import SQL, EvaluatorCase

BRANCHING = """
def build(left, thing):
    if thing == "leaf":
        return [migrations.DeleteModel(left)]
    return {}
"""
MEMBERS, CHARACTERS = 100, 2000
LETTERS = "abcdefghijklmnopqrst"
LISTED = f"NAMES = [{', '.join(map(repr, LETTERS))}]\n"
# The outer loops have too many rounds to tell them apart, the innermost one has twenty.
LAST_KNOWN = {f"drops table …{letter}" for letter in LETTERS}


class RecursionTest(EvaluatorCase):
    def test_a_function_that_calls_itself_in_four_places(self) -> None:
        before = BRANCHING.format(" + ".join(["build(left, X[left])"] * 4))
        found = self.models("build('a', X)", before)
        self.assertIn("a", found)
        self.assertTrue([each for each in found if "build(left" in each])
        self.assertLess(len(found), 2000)

    def test_two_functions_that_call_each_other(self) -> None:
        before = BRANCHING.format("other(left) + other(left) + other(left)")
        before += "def other(left):\n    return build(left, X) + build(left, X) + build(left, X)"
        found = self.models("build('a', X)", before)
        self.assertIn("a", found)
        self.assertLess(len(found), 2000)

    def test_many_calls_that_are_not_inside_each_other_are_all_followed(self) -> None:
        before = "def drop(name):\n    return migrations.DeleteModel(name)"
        calls = ", ".join(f"drop('m{number}')" for number in range(200))
        self.assertEqual([f"m{number}" for number in range(200)], self.models(f"[{calls}]", before))


class SizeTest(EvaluatorCase):
    def setUp(self) -> None:
        super().setUp()
        # The bounds themselves take seconds.
        for module in (expressions, values):
            self.enterContext(mock.patch.object(module, "MOST_MEMBERS", MEMBERS))
        self.enterContext(mock.patch.object(values, "MOST_CHARACTERS", CHARACTERS))

    def dropped(self, expression: str, before: str) -> set[str]:
        """Return what the statements of the operations do, each of it once."""
        operations = self.operations(expression, before=before)
        return {str(each) for one in operations for each in one.statements}

    def test_loops_inside_each_other_by_the_million(self) -> None:
        loops = " ".join(f"for name_{number} in NAMES" for number in range(5))
        expression = f"[{SQL}(f'DROP TABLE {{name_0}}{{name_4}}') {loops}]"
        self.assertEqual(LAST_KNOWN, self.dropped(expression, LISTED))

    def test_loops_that_append_by_the_million(self) -> None:
        loops = ""
        for number in range(5):
            loops += f"{'    ' * number}for name_{number} in NAMES:\n"
        body = f"{'    ' * 5}FOUND.append({SQL}(f'DROP TABLE {{name_0}}{{name_4}}'))\n"
        self.assertEqual(LAST_KNOWN, self.dropped("FOUND", f"{LISTED}FOUND = []\n{loops}{body}"))

    def test_a_list_that_is_doubled(self) -> None:
        before = "FOUND = [migrations.DeleteModel('a')]\n" + "FOUND = FOUND + FOUND\n" * 40
        found = self.models("FOUND", before)
        self.assertLessEqual(len(found), MEMBERS)
        self.assertIn("FOUND + FOUND", found[-1])

    def test_a_text_that_is_doubled(self) -> None:
        for way in (
            "TEXT + TEXT",
            "f'{TEXT}{TEXT}'",
            "'{0}{0}'.format(TEXT)",
            "''.join([TEXT] * 2)",
        ):
            with self.subTest(way=way):
                before = "TEXT = 'DROP TABLE a; '\n" + f"TEXT = {way}\n" * 40
                self.operations(f"[{SQL}(TEXT)]", before=before)
                texts = [each.problem for each in self.read().operations]
                self.assertTrue(any(texts), texts)
                self.assertLess(sum(map(len, texts)), 4 * CHARACTERS)

    def test_a_width_that_fills_the_memory(self) -> None:
        self.assertEqual(["drops table …"], self.sql("f'DROP TABLE {\"a\":>9999999999}'"))
        self.assertEqual(["drops table a"], self.sql("f'DROP TABLE {\"a\":>9}'"))
