import unittest
from typing import Any

from quality_harness.load.collected import Collected
from tests.harness.load import samples


def report(process: str, place: int, ended: bool) -> dict[str, Any]:
    """Return the report of a worker."""
    blocks = {str(place): samples.recording().to_json()}
    return {"event": "report", "process": process, "ended": ended, "blocks": blocks}


class TakeTests(unittest.TestCase):
    def setUp(self) -> None:
        self.collected = Collected()
        for event in (
            {"event": "worker", "process": "a"},
            {"event": "worker", "process": "b"},
            {"event": "start", "host": "http://h", "time": 1.0},
            report("a", 0, ended=False),
            report("a", 0, ended=True),
            report("b", 0, ended=False),
        ):
            self.collected.take(event)

    def test_reports_of_all_processes_add_up(self) -> None:
        self.assertEqual(self.collected.recording().total().requests, 300)

    def test_nobody_is_lost_while_the_run_goes_on(self) -> None:
        self.assertEqual(self.collected.lost(), set())

    def test_a_worker_whose_last_report_never_came_is_lost(self) -> None:
        self.collected.take({"event": "stop", "time": 11.0})

        self.assertEqual(self.collected.lost(), {"b"})

    def test_a_worker_whose_last_report_comes_late_is_not(self) -> None:
        self.collected.take({"event": "stop", "time": 11.0})
        self.collected.take(report("b", 0, ended=True))

        self.assertEqual(self.collected.lost(), set())
        self.assertEqual(self.collected.blocks[0].ended, 11.0)

    def test_blocks_are_kept_apart(self) -> None:
        self.collected.take({"event": "stop", "time": 11.0})
        self.collected.take({"event": "start", "host": "http://i", "time": 12.0})
        self.collected.take(report("a", 1, ended=True))

        counts = [block.recording.total().requests for block in self.collected.blocks]
        self.assertEqual(counts, [300, 100])

    def test_a_report_that_comes_before_its_block_is_no_error(self) -> None:
        self.collected.take(report("a", 5, ended=False))

        self.assertEqual(self.collected.recording().total().requests, 300)

    def test_the_end_has_a_code(self) -> None:
        self.collected.take({"event": "quit", "code": 0})

        self.assertEqual(self.collected.code, 0)
