import tempfile
import unittest
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load import budgets
from quality_harness.load.budgets import Budget
from quality_harness.load.target import Target


class ParseTests(unittest.TestCase):
    def refused(self, values: dict[str, Any]) -> str:
        with self.assertRaises(CouldNotRun) as caught:
            budgets.parse(values)
        return str(caught.exception)

    def test_every_kind_of_limit_is_read(self) -> None:
        found = budgets.parse(
            {
                "target": {"path": "/health", "contains": "shop"},
                "generator": {"cpu": 0.7},
                "overall": {"p95": 300, "rate": 20, "errors": 0.01},
                "endpoint": {"GET /a/": {"p99.99": 900, "max": 1000}},
                "arrivals": {"Rush": {"dropped": 0, "due": 10}},
                "invariants": {"stale-reads": 0},
            }
        )

        self.assertEqual(found.target, Target("/health", "shop"))
        self.assertEqual(found.busiest, 0.7)
        self.assertEqual(
            found.limits,
            (
                Budget("overall", "overall", "p95", 300, "at most"),
                Budget("overall", "overall", "rate", 20, "at least"),
                Budget("overall", "overall", "errors", 0.01, "at most"),
                Budget("endpoint", "GET /a/", "p99.99", 900, "at most"),
                Budget("endpoint", "GET /a/", "max", 1000, "at most"),
                Budget("arrivals", "Rush", "dropped", 0, "at most"),
                Budget("arrivals", "Rush", "due", 10, "at least"),
                Budget("invariants", "stale-reads", "broken", 0, "at most"),
            ),
        )

    def test_without_a_word_on_the_generator_it_may_use_most_of_its_core(self) -> None:
        self.assertEqual(budgets.parse({"overall": {"p95": 1}}).busiest, 0.9)

    def test_a_typo_in_a_metric_is_told(self) -> None:
        self.assertEqual(
            self.refused({"overall": {"p950": 1}}),
            "There is no metric of overall 'p950'. Did you mean 'p95'?",
        )
        self.assertIn("Did you mean 'errors'?", self.refused({"endpoint": {"GET /": {"erors": 1}}}))
        self.assertIn("Did you mean 'dropped'?", self.refused({"arrivals": {"R": {"droped": 1}}}))

    def test_a_typo_in_a_section_is_told(self) -> None:
        self.assertEqual(
            self.refused({"overal": {"p95": 1}}),
            "There is no section 'overal'. Did you mean 'overall'?",
        )

    def test_a_typo_in_a_setting_is_told(self) -> None:
        self.assertIn("Did you mean 'path'?", self.refused({"target": {"pat": "/"}}))
        self.assertIn(
            "of [generator] 'memory'. Known: cpu.", self.refused({"generator": {"memory": 1}})
        )

    def test_a_percentile_is_below_a_hundred(self) -> None:
        self.assertIn(
            "There is no metric of overall 'p100'", self.refused({"overall": {"p100": 1}})
        )

    def test_a_limit_is_a_number_from_zero_up(self) -> None:
        for limit in ("1", True, -1, float("nan"), None):
            with self.subTest(limit=limit):
                self.assertIn(
                    "p95 of overall has to be a number", self.refused({"overall": {"p95": limit}})
                )

    def test_a_target_needs_both(self) -> None:
        self.assertIn(
            "[target] has to name a path and a text", self.refused({"target": {"path": "/"}})
        )

    def test_a_section_is_a_table(self) -> None:
        self.assertIn("overall has to be a table", self.refused({"overall": 1}))
        self.assertIn(
            'endpoint."GET /" has to be a table', self.refused({"endpoint": {"GET /": 1}})
        )

    def test_budgets_that_nothing_could_break_are_none(self) -> None:
        self.assertIn("It has no budget", self.refused({"generator": {"cpu": 0.5}}))


class ReadTests(unittest.TestCase):
    def setUp(self) -> None:
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory()), "budgets.toml")

    def test_a_file_is_read(self) -> None:
        self.path.write_text('[overall]\n"p99.9" = 5\n')

        self.assertEqual(budgets.read(self.path).limits[0].metric, "p99.9")

    def test_a_file_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "no budgets at .*: No such file"):
            budgets.read(self.path)

    def test_a_file_that_is_no_toml_is_told(self) -> None:
        self.path.write_text("[overall")

        with self.assertRaisesRegex(CouldNotRun, "budgets.toml cannot be read: Expected"):
            budgets.read(self.path)

    def test_a_typo_is_told_with_the_file(self) -> None:
        self.path.write_text("[overall]\nratte = 1")

        with self.assertRaisesRegex(CouldNotRun, "budgets.toml: There is no metric .* mean 'rate'"):
            budgets.read(self.path)
