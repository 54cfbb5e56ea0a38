import unittest
from collections.abc import Callable, Sequence

from quality_harness.testing.polluters import Dependence, OutOfTime, Search

TESTS = [f"t{number:03}" for number in range(100)]
BACKWARDS = TESTS[::-1]


class SearchTests(unittest.TestCase):
    def search(
        self, fails: Callable[[str, Sequence[str]], bool], most: int = 1000
    ) -> list[Dependence]:
        """Search with tests that fail for what ran before them; `runs` counts."""
        self.runs = 0

        def run(tests: Sequence[str]) -> dict[str, str]:
            self.runs += 1
            if self.runs > most:
                raise OutOfTime
            failed = [one for place, one in enumerate(tests) if fails(one, tests[:place])]
            return dict.fromkeys(failed, "no")

        return list(Search(TESTS, BACKWARDS, run).dependences())

    def test_nothing_fails(self) -> None:
        self.assertEqual(self.search(lambda test, before: False), [])
        self.assertEqual(self.runs, 1)

    def test_the_polluter_is_found_in_few_runs(self) -> None:
        for polluter in ("t099", "t070", "t051"):
            with self.subTest(polluter):
                found = self.search(lambda test, before, p=polluter: test == "t050" and p in before)
                self.assertEqual(found, [Dependence("t050", "no", polluter)])
                # All, alone, six to seven halves, and the last one when nothing has proved it.
                self.assertLessEqual(self.runs, 10)

    def test_a_polluter_that_is_known_is_tried_first(self) -> None:
        found = self.search(lambda test, before: test in ("t010", "t011") and "t090" in before)
        self.assertEqual(
            {each.test: each.other for each in found}, {"t011": "t090", "t010": "t090"}
        )
        self.assertLessEqual(self.runs, 12)

    def test_another_polluter_is_found_although_one_is_known(self) -> None:
        pairs = {"t011": "t090", "t010": "t080"}
        found = self.search(lambda test, before: pairs.get(test) in before)
        self.assertEqual({each.test: each.other for each in found}, pairs)

    def test_a_test_that_needs_another_one_is_told_so(self) -> None:
        found = self.search(lambda test, before: test == "t050" and "t020" not in before)
        self.assertEqual(found, [Dependence("t050", "no", "t020", is_needed=True)])

    def test_a_test_that_always_fails_is_no_matter_of_order(self) -> None:
        self.assertEqual(self.search(lambda test, before: test == "t050"), [])

    def test_where_it_takes_two_none_is_named(self) -> None:
        (found,) = self.search(
            lambda test, before: test == "t050" and {"t060", "t090"} <= set(before)
        )
        self.assertEqual((found.other, found.is_needed), ("", False))
        self.assertIn("no single test before it decides", found.note)

    def test_where_it_needs_one_of_two_none_is_named(self) -> None:
        def fails(test: str, before: Sequence[str]) -> bool:
            return test == "t050" and not {"t001", "t040"} <= set(before)

        (found,) = self.search(fails)
        self.assertEqual((found.other, found.is_needed), ("", True))

    def test_the_first_one_of_all_that_fails_only_then_is_not_explained(self) -> None:
        runs = iter([True, False])
        (found,) = self.search(lambda test, before: test == "t099" and next(runs, False))
        self.assertIn("by chance", found.note)

    def test_without_time_for_the_search_the_test_is_told_all_the_same(self) -> None:
        (found,) = self.search(lambda test, before: test == "t050" and "t070" in before, most=4)
        self.assertEqual((found.test, found.other), ("t050", ""))
        self.assertIn("there was no time", found.note)

    def test_without_time_for_one_run_there_is_no_answer(self) -> None:
        with self.assertRaises(OutOfTime):
            self.search(lambda test, before: False, most=0)
