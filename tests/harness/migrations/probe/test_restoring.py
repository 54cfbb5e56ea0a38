import unittest

from quality_harness.migrations.probe.restoring import is_enough, leaves_functions

BEFORE = [
    "column blog_post.title character varying(50) not null",
    "column blog_post.views integer",
    'column "Old".at date not null',
    'index on "Old": CREATE INDEX ON public."Old" USING btree (at)',
]


def changed(line: str, *new: str) -> list[str]:
    return [each for each in BEFORE if each != line] + list(new)


class RestoringTests(unittest.TestCase):
    def is_enough(self, after: list[str]) -> bool:
        return is_enough(BEFORE, after, ["blog_post"])

    def test_longer_texts_lose_nothing(self):
        for kind in ("text", "character varying", "character varying(60)"):
            with self.subTest(kind):
                after = changed(BEFORE[0], f"column blog_post.title {kind} not null")

                self.assertTrue(self.is_enough(after))

    def test_shorter_texts_and_other_types_do(self):
        for kind in ("character varying(40) not null", "text", "integer not null"):
            with self.subTest(kind):
                self.assertFalse(
                    self.is_enough(changed(BEFORE[0], f"column blog_post.title {kind}"))
                )

    def test_a_text_without_limit_that_gets_one_is_shorter(self):
        before = ["column blog_post.title text"]
        after = ["column blog_post.title character varying(9)"]

        self.assertFalse(is_enough(before, after, ["blog_post"]))

    def test_a_column_of_a_model_has_to_come_back(self):
        self.assertFalse(self.is_enough(changed(BEFORE[1])))

    def test_a_table_that_no_model_uses_may_come_back_otherwise(self):
        self.assertTrue(self.is_enough(changed(BEFORE[2], 'column "Old".at date')))
        self.assertTrue(self.is_enough(BEFORE[:2]))

    def test_what_was_not_there_stops_the_next_try(self):
        self.assertFalse(self.is_enough([*BEFORE, 'column "Old".more date']))
        self.assertFalse(self.is_enough([*BEFORE, "column new_table.id bigint"]))

    def test_what_is_not_understood_is_not_enough(self):
        self.assertFalse(self.is_enough([*BEFORE, "policy of another kind"]))

    def test_a_function_that_is_left_over_is_called_by_nobody(self):
        self.assertTrue(self.is_enough([*BEFORE, "function f(integer, text): 12ab"]))

    def test_a_function_that_is_left_over_may_stop_the_next_try(self):
        self.assertTrue(leaves_functions(BEFORE, [*BEFORE, "function f(integer, text): 12ab"]))
        self.assertFalse(leaves_functions([*BEFORE, "function f(): 12ab"], BEFORE))

    def test_a_function_of_the_base_has_to_be_as_it_was(self):
        before = [*BEFORE, "function f(): 12ab"]

        self.assertFalse(is_enough(before, BEFORE, ["blog_post"]))
        self.assertFalse(is_enough(before, [*BEFORE, "function f(): 34cd"], ["blog_post"]))

    def test_a_view_of_a_model_has_to_be_as_it_was(self):
        before, after = ([*BEFORE, f"view on blog_post: {text}"] for text in ("12ab", "34cd"))

        self.assertFalse(is_enough(before, after, ["blog_post"]))
