import json
import unittest

from quality_harness.load import invariants
from quality_harness.load.recording import EXAMPLES, Admissions, OpenArrivals, Recording, Second
from tests.harness.load import samples


class MergeTests(unittest.TestCase):
    def test_two_processes_add_up_to_what_one_would_have_counted(self) -> None:
        both, other = samples.full_recording(), samples.full_recording()
        both.merge(other)

        self.assertEqual(both.endpoints["GET /a/"].requests, 200)
        self.assertEqual(both.endpoints["GET /a/"].histogram.count, 200)
        self.assertEqual(both.endpoints["POST /b/"].failures, 2)
        self.assertEqual(both.endpoints["POST /b/"].statuses, {"500": 2})
        self.assertEqual(sum(row.requests for row in both.seconds.values()), 202)
        self.assertEqual(sum(row.failures for row in both.seconds.values()), 2)
        self.assertEqual(both.invariants["stale-reads"].checks, 4)
        self.assertEqual(both.invariants["stale-reads"].broken, 2)
        self.assertEqual(both.admissions["throttle"].most(), 4)
        self.assertEqual(
            both.arrivals["Rush"], OpenArrivals(due=20, late=2, dropped=4, unfinished=6)
        )
        self.assertEqual(both.cpu["local"], [0.1, 0.2, 0.1, 0.2])

    def test_it_survives_json(self) -> None:
        first = samples.full_recording()
        first.exceptions["KeyError: 'a'"] += 1

        second = Recording.from_json(json.loads(json.dumps(first.to_json())))

        self.assertEqual(second.to_json(), first.to_json())

    def test_others_may_go_on_after_each_endpoint(self) -> None:
        pauses: list[int] = []

        samples.full_recording().to_json(pause=lambda: pauses.append(1))

        self.assertEqual(len(pauses), 2)

    def test_examples_do_not_pile_up(self) -> None:
        recording = Recording()
        for place in range(EXAMPLES + 3):
            recording.check("x", False, str(place))
        recording.merge(Recording.from_json(recording.to_json()))

        self.assertEqual(recording.invariants["x"].examples, ["0", "1", "2", "3", "4"])
        self.assertEqual(recording.invariants["x"].broken, 16)

    def test_the_total_is_that_of_all_endpoints(self) -> None:
        total = samples.full_recording().total()

        self.assertEqual((total.requests, total.failures), (101, 1))
        self.assertEqual(total.statuses, {"200": 100, "500": 1})


class AdmissionsTests(unittest.TestCase):
    def test_the_most_in_any_window_are_counted(self) -> None:
        spans = [(0.0, 0.1), (50.0, 50.1), (59.0, 59.1), (61.0, 61.1), (200.0, 200.1)]

        self.assertEqual(Admissions(3, 60, spans).most(), 3)

    def test_a_request_that_may_have_been_let_through_outside_does_not_count(self) -> None:
        self.assertEqual(Admissions(1, 60, [(0.0, 0.1), (59.0, 61.0)]).most(), 1)

    def test_nothing_let_through_is_none(self) -> None:
        self.assertEqual(Admissions(1, 60).most(), 0)


class SecondTests(unittest.TestCase):
    def test_percentiles_are_right_to_two_percent(self) -> None:
        second = Second()
        recording = Recording(seconds={7: second})
        for place in range(1, 101):
            recording.request("x", due=7.5, seconds=place / 1000, status="200", failed=False)

        self.assertAlmostEqual(second.percentile(50) / 50, 1, delta=0.02)
        self.assertAlmostEqual(second.percentile(99) / 99, 1, delta=0.02)


class InvariantsTests(unittest.TestCase):
    def setUp(self) -> None:
        invariants.begin()
        self.addCleanup(invariants.begin)

    def test_a_check_is_counted_here_and_says_what_it_found(self) -> None:
        self.assertTrue(invariants.check("x", True))
        self.assertFalse(invariants.check("x", False, "seen"))

        counted = invariants.recording().invariants["x"]
        self.assertEqual((counted.checks, counted.broken, counted.examples), (2, 1, ["seen"]))

    def test_what_is_let_through_is_counted(self) -> None:
        invariants.admitted("t", limit=5, window=60, sent=1.0, answered=2.0)

        self.assertEqual(invariants.begin().admissions["t"].spans, [(1.0, 2.0)])
        self.assertEqual(invariants.recording(), Recording())
