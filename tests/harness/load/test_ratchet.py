import json
import tempfile
import unittest
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.load import ratchet
from tests.harness.load import samples


class RatchetTests(unittest.TestCase):
    def setUp(self) -> None:
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory()), "baselines.json")

    def test_a_new_baseline_holds_what_was_measured(self) -> None:
        document = samples.made(samples.collected(samples.recording({"GET /a/": [0.01] * 10})))

        rows = json.loads(ratchet.update(self.path, document))

        (key,) = rows
        self.assertEqual(key, f"{document['machine']}, locustfile.py, 5 users")
        self.assertEqual(sorted(rows[key]), ["GET /a/", "overall"])
        self.assertAlmostEqual(rows[key]["GET /a/"]["p95"], 10, delta=0.01)

    def test_it_only_gets_lower(self) -> None:
        fast = samples.made(samples.collected(samples.recording({"GET /a/": [0.01] * 10})))
        slow = samples.made(samples.collected(samples.recording({"GET /a/": [0.02] * 10})))
        self.path.write_text(ratchet.update(self.path, slow))
        self.path.write_text(ratchet.update(self.path, fast))
        lowest = self.path.read_text()

        self.assertEqual(ratchet.update(self.path, slow), lowest)

    def test_a_run_may_take_half_as_long_again(self) -> None:
        document = samples.made(samples.collected(samples.recording({"GET /a/": [0.01] * 10})))
        self.path.write_text(ratchet.update(self.path, document))

        limits = ratchet.limits(self.path, document)

        self.assertEqual(
            [(one.section, one.place, one.metric, one.side) for one in limits],
            [
                ("endpoint", "GET /a/", "p50", "at most"),
                ("endpoint", "GET /a/", "p95", "at most"),
                ("overall", "overall", "p50", "at most"),
                ("overall", "overall", "p95", "at most"),
            ],
        )
        self.assertAlmostEqual(limits[0].limit, 15, delta=0.02)

    def test_another_machine_has_none(self) -> None:
        document = samples.made()
        self.path.write_text(ratchet.update(self.path, document))

        with self.assertRaisesRegex(CouldNotRun, "no baseline for 96 x Other.*--update"):
            ratchet.limits(self.path, {**document, "machine": "96 x Other"})

    def test_a_file_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "There is no baseline at .*: No such file"):
            ratchet.limits(self.path, samples.made())

    def test_a_file_that_is_no_json_is_told(self) -> None:
        self.path.write_text("{")

        with self.assertRaisesRegex(CouldNotRun, "baselines.json is no baseline: "):
            ratchet.limits(self.path, samples.made())
