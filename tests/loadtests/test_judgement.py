import unittest
from types import SimpleNamespace
from typing import Any

from loadtests.judgement import judge


def environment(requests: int, exceptions: dict[str, Any]) -> Any:
    """Return what Locust hands over when it quits."""
    return SimpleNamespace(
        runner=SimpleNamespace(exceptions=exceptions),
        stats=SimpleNamespace(total=SimpleNamespace(num_requests=requests)),
        process_exit_code=None,
    )


class JudgeTests(unittest.TestCase):
    def test_a_run_that_made_requests_is_left_to_locust(self) -> None:
        quitting = environment(7, {})

        judge(environment=quitting)

        self.assertIsNone(quitting.process_exit_code)

    def test_a_run_without_requests_says_nothing(self) -> None:
        quitting = environment(0, {})

        with self.assertLogs("loadtests.judgement", "ERROR") as logs:
            judge(environment=quitting)

        self.assertEqual(quitting.process_exit_code, 2)
        self.assertIn("No request was made", logs.output[0])

    def test_a_broken_scenario_says_nothing_whatever_else_was_measured(self) -> None:
        quitting = environment(7, {"KeyError": {}})

        with self.assertLogs("loadtests.judgement", "ERROR") as logs:
            judge(environment=quitting)

        self.assertEqual(quitting.process_exit_code, 2)
        self.assertIn("A load scenario raised an exception", logs.output[0])

    def test_a_run_that_never_began_says_nothing(self) -> None:
        quitting = environment(0, {})
        quitting.runner = None

        with self.assertLogs("loadtests.judgement", "ERROR"):
            judge(environment=quitting)

        self.assertEqual(quitting.process_exit_code, 2)
