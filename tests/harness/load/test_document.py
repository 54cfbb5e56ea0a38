import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.load import document
from quality_harness.load.collected import Collected
from quality_harness.load.recording import Recording
from tests.harness.load import samples


class BuildTests(unittest.TestCase):
    def test_it_is_valid_json(self) -> None:
        made = samples.made()

        self.assertEqual(json.loads(json.dumps(made, allow_nan=False)), made)

    def test_figures_are_those_that_were_measured(self) -> None:
        made = samples.made()

        self.assertEqual(made["overall"]["requests"], 101)
        self.assertEqual(made["overall"]["failures"], 1)
        self.assertEqual(made["overall"]["rate"], 10.1)
        self.assertEqual(made["overall"]["statuses"], {"200": 100, "500": 1})
        self.assertEqual(sorted(made["endpoints"]), ["GET /a/", "POST /b/"])
        self.assertAlmostEqual(made["endpoints"]["GET /a/"]["percentiles_ms"]["99.9"], 500, delta=1)
        self.assertEqual(made["generator"], {"busiest": 0.15, "cores": {"local": 0.15}})
        self.assertTrue(made["complete"])

    def test_the_timeline_has_a_row_a_second(self) -> None:
        timeline = samples.made()["timeline"]

        self.assertEqual([row["second"] for row in timeline], list(range(10)))
        self.assertEqual(timeline[0]["requests"], 11)
        self.assertAlmostEqual(timeline[9]["p99_ms"] / 500, 1, delta=0.02)

    def test_a_throttle_that_let_too_many_through_is_a_broken_invariant(self) -> None:
        row = samples.made()["invariants"]["throttle"]

        self.assertEqual((row["checks"], row["broken"], row["most"]), (2, 1, 2))
        self.assertEqual(row["examples"], ["2 in 60 s, 1 are allowed"])

    def test_a_throttle_that_held_is_none(self) -> None:
        recording = samples.recording()
        recording.admit("throttle", limit=1, window=60, sent=1, answered=2)
        row = samples.made(samples.collected(recording))["invariants"]["throttle"]

        self.assertEqual((row["broken"], row["examples"]), (0, []))

    def test_only_a_comparison_has_blocks(self) -> None:
        both = samples.collected(samples.recording(), samples.recording(), hosts=("a", "b"))

        self.assertEqual(samples.made()["blocks"], [])
        made = samples.made(both)
        self.assertEqual([block["host"] for block in made["blocks"]], ["a", "b"])
        self.assertEqual(made["blocks"][1]["endpoints"]["GET /a/"]["requests"], 100)
        self.assertEqual(made["seconds"], 20)

    def test_a_run_that_never_began_has_a_document_as_well(self) -> None:
        made = document.build(Collected(), ["Nobody came."], 10, "x")

        self.assertEqual(made["overall"]["requests"], 0)
        self.assertIsNone(made["overall"]["rate"])
        self.assertIsNone(made["generator"]["busiest"])
        self.assertFalse(made["complete"])

    def test_a_run_that_goes_on_is_measured_up_to_now(self) -> None:
        run = samples.collected(Recording())
        run.blocks[0].ended = None

        self.assertGreater(samples.made(run)["seconds"], 10)

    def test_the_busiest_five_seconds_count(self) -> None:
        self.assertEqual(document.busiest_share([0.1] * 10 + [0.9] * 5 + [0.1] * 10), 0.9)
        self.assertEqual(document.busiest_share([0.2, 0.4]), 0.3)

    def test_a_machine_without_cpuinfo_has_a_class_too(self) -> None:
        with mock.patch.object(document.Path, "read_text", side_effect=FileNotFoundError):
            self.assertRegex(document.machine(), r"^\d+ x \w")

    def test_a_machine_is_known_by_cores_and_model(self) -> None:
        text = "processor\t: 0\nmodel name\t: Fast 9000\n"
        with mock.patch.object(document.Path, "read_text", return_value=text):
            self.assertRegex(document.machine(), r"^\d+ x Fast 9000$")


class ReadTests(unittest.TestCase):
    def setUp(self) -> None:
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory()), "result.json")

    def test_what_was_written_is_read(self) -> None:
        self.path.write_text(json.dumps(samples.made()))

        self.assertEqual(document.read(self.path), samples.made())

    def test_what_is_no_result_is_told(self) -> None:
        for text, message in (
            (None, "There is no result at .*: No such file"),
            ("{", "is no result of a load run: "),
            ("[]", "of this version: run it again"),
            ('{"format": 0}', "of this version: run it again"),
        ):
            with self.subTest(text=text):
                if text is not None:
                    self.path.write_text(text)
                with self.assertRaisesRegex(CouldNotRun, message):
                    document.read(self.path)
