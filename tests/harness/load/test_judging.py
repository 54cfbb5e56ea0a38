import unittest
from typing import Any

from quality_harness.gate import Verdict
from quality_harness.load import budgets
from quality_harness.load.judging import judge
from tests.harness.load import samples


class JudgeTests(unittest.TestCase):
    def judge(self, document: dict[str, Any] | None = None, **sections: Any) -> Any:
        """Return the judgement on a run: 100 answers to GET /a/, one of them in half a second."""
        return judge(document or samples.made(), budgets.parse(sections))

    def problem(self, document: dict[str, Any] | None = None, **sections: Any) -> str:
        judgement = self.judge(document, **sections)
        self.assertEqual(judgement.verdict, Verdict.COULD_NOT_RUN)
        return str(judgement.problems[0])

    def test_budgets_that_are_kept_pass(self) -> None:
        judgement = self.judge(
            overall={
                "p95": 21,
                "errors": 0.01,
                "rate": 10,
                "requests": 101,
                "max": 501,
                "mean": 16,
            },
            endpoint={"GET /a/": {"p99.9": 501, "p50": 10.1}},
            arrivals={"Rush": {"late": 0.1, "dropped": 0.2, "unfinished": 0.3, "due": 10}},
            invariants={"stale-reads": 1, "throttle": 1},
        )

        self.assertEqual([row for row in judgement.rows if not row.holds], [])
        self.assertEqual(len(judgement.rows), 14)
        self.assertEqual(judgement.verdict, Verdict.PASS)

    def test_each_budget_can_be_broken(self) -> None:
        for sections in (
            {"overall": {"p99.9": 499}},
            {"overall": {"errors": 0.009}},
            {"overall": {"rate": 10.2}},
            {"overall": {"requests": 102}},
            {"overall": {"max": 499}},
            {"overall": {"mean": 10}},
            {"endpoint": {"POST /b/": {"p50": 19}}},
            {"arrivals": {"Rush": {"late": 0.09}}},
            {"arrivals": {"Rush": {"dropped": 0.19}}},
            {"arrivals": {"Rush": {"unfinished": 0.29}}},
            {"arrivals": {"Rush": {"due": 11}}},
            {"invariants": {"stale-reads": 0}},
            {"invariants": {"throttle": 0}},
        ):
            with self.subTest(sections=sections):
                self.assertEqual(self.judge(**sections).verdict, Verdict.FAIL)

    def test_a_row_says_what_was_measured(self) -> None:
        row = self.judge(overall={"requests": 102}).rows[0]

        self.assertEqual(
            row.to_json(),
            {
                "section": "overall",
                "place": "overall",
                "metric": "requests",
                "limit": 102,
                "side": "at least",
                "measured": 101.0,
                "holds": False,
            },
        )

    def test_an_endpoint_that_was_never_asked_is_no_pass(self) -> None:
        self.assertEqual(
            self.problem(endpoint={"GET /a": {"p95": 1}}),
            "The run made no request to an endpoint 'GET /a'. Did you mean 'GET /a/'?",
        )

    def test_an_endpoint_without_an_answer_is_no_pass(self) -> None:
        document = samples.made()
        document["endpoints"]["GET /a/"]["requests"] = 0

        self.assertIn(
            "GET /a/ was never asked", self.problem(document, endpoint={"GET /a/": {"p95": 1}})
        )

    def test_an_invariant_that_was_never_looked_at_is_no_pass(self) -> None:
        self.assertIn("Did you mean 'stale-reads'?", self.problem(invariants={"stale-read": 0}))
        document = samples.made()
        document["invariants"]["stale-reads"]["checks"] = 0
        self.assertEqual(
            self.problem(document, invariants={"stale-reads": 0}),
            "The invariant stale-reads was never checked.",
        )

    def test_visitors_who_never_came_are_no_pass(self) -> None:
        self.assertIn(
            "no arrival of visitors 'Crowd'", self.problem(arrivals={"Crowd": {"late": 0}})
        )
        document = samples.made()
        document["arrivals"]["Rush"]["due"] = 0
        self.assertIn("No visitor of Rush", self.problem(document, arrivals={"Rush": {"late": 0}}))

    def test_a_run_without_a_request_is_no_pass_and_says_nothing_else(self) -> None:
        document = samples.made(samples.collected(samples.Recording(cpu={"local": [0.1]})))

        judgement = self.judge(document, overall={"p95": 1}, invariants={"x": 0})

        self.assertEqual(judgement.problems, ("No request was made, so nothing was measured.",))
        self.assertEqual(judgement.verdict, Verdict.COULD_NOT_RUN)

    def test_a_scenario_that_raised_is_no_pass(self) -> None:
        document = samples.made()
        document["exceptions"] = {"KeyError: 'a'": 3}

        self.assertEqual(
            self.problem(document, overall={"p95": 1000}),
            "A scenario is broken, it raised 3 times: KeyError: 'a'.",
        )

    def test_a_generator_at_its_limit_is_no_pass(self) -> None:
        document = samples.made()
        document["generator"]["busiest"] = 0.91

        self.assertIn("used 91% of its core", self.problem(document, overall={"p95": 1000}))

    def test_a_generator_that_nobody_watched_is_no_pass(self) -> None:
        document = samples.made()
        document["generator"]["busiest"] = None

        self.assertIn("not known how busy", self.problem(document, overall={"p95": 1000}))

    def test_a_run_that_broke_off_is_no_pass_whatever_it_has_measured(self) -> None:
        document = samples.made(problems=["The worker w was lost."])

        self.assertEqual(self.problem(document, overall={"p95": 1000}), "The worker w was lost.")

    def test_no_budget_is_no_pass(self) -> None:
        judgement = judge(samples.made(), budgets.Budgets(()))

        self.assertEqual(judgement.verdict, Verdict.COULD_NOT_RUN)
