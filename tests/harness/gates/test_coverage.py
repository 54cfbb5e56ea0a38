import json
import os
from unittest import mock

from coverage import CoverageData
from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import coverage
from quality_harness.gates.coverage import GATE, Options
from quality_harness.tool import COVERAGE_DATA, COVERAGE_STATE, digest
from tests.harness.projects import ProjectCase, places

SOURCE = """
    def sign(number):
        if number < 0:
            return -1
        if number:
            number = 1
        return number
    """


@tag("slow")
class CoverageGateTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"shop/sign.py": SOURCE})

    def measure(self, *arcs: tuple[int, int], **others: list[tuple[int, int]]) -> None:
        """Write coverage data as `coverage run` would have; others by their folder."""
        (self.root / COVERAGE_DATA).parent.mkdir(exist_ok=True)
        data = CoverageData(str(self.root / COVERAGE_DATA))
        data.add_arcs({str(self.root / "shop/sign.py"): arcs})
        data.add_arcs({str(self.root / f"{name}/sign.py"): more for name, more in others.items()})
        data.write()

    def check_at(self, threshold: float, **values: object) -> Checked:
        return self.check(GATE, options=Options(threshold=threshold, **values))

    def measure_all(self, **others: list[tuple[int, int]]) -> None:
        path = [(-1, 1), (1, -1), (-1, 2), (2, 3), (3, -1), (2, 4), (4, 5), (5, 6), (4, 6), (6, -1)]
        self.measure(*path, **others)

    def test_code_that_no_test_runs_is_found(self):
        self.measure((-1, 1), (1, -1), (-1, 2), (2, 4), (4, 5), (5, 6), (6, -1))

        checked = self.check_at(100.0)

        self.assertEqual(places(checked), [("COV001", "shop/sign.py", 2)])
        self.assertEqual(
            checked.findings[0].message,
            "no test runs lines 3, branch 2 -> 3, branch 4 -> 6 (coverage 70.00% of 100%)",
        )

    def test_a_file_that_is_wholly_run_is_left_alone(self):
        self.measure_all()

        checked = self.check_at(100.0)

        self.assertEqual(checked.findings, ())
        self.assertEqual(checked.note, "100.00% with branches, threshold 100%")

    def test_coverage_at_the_threshold_passes(self):
        self.measure((-1, 1), (1, -1), (-1, 2), (2, 4), (4, 5), (5, 6), (6, -1))

        self.assertEqual(self.check_at(70.0).findings, ())
        self.assertEqual(len(self.check_at(70.01).findings), 1)

    def test_without_data_it_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "quality-harness gate tests coverage"):
            self.check_at(100.0)

    def test_data_that_is_empty_could_not_run(self):
        self.write({"shop/sign.py": "\n"})
        self.measure((-1, 1), (1, -1))

        with self.assertRaisesRegex(CouldNotRun, "is empty"):
            self.check_at(100.0)

    def test_data_that_is_damaged_could_not_run(self):
        self.write({COVERAGE_DATA: "nonsense"})

        with self.assertRaisesRegex(CouldNotRun, "coverage cannot report"):
            self.check_at(100.0)

    def test_data_without_branches_could_not_run(self):
        (self.root / COVERAGE_DATA).parent.mkdir()
        data = CoverageData(str(self.root / COVERAGE_DATA))
        data.add_lines({str(self.root / "shop/sign.py"): [1, 2, 3]})
        data.write()

        with self.assertRaisesRegex(CouldNotRun, "branch = true"):
            self.check_at(100.0)

    def test_a_test_that_changed_since_is_noticed(self):
        self.write({"test_sign.py": "x = 1\n"})
        self.measure_all()
        names = self.project().python_files()
        self.write({COVERAGE_STATE: digest(self.root, names)})
        self.assertEqual(self.check_at(100.0).findings, ())

        (self.root / "test_sign.py").unlink()

        with self.assertRaisesRegex(CouldNotRun, "have changed since coverage was measured"):
            self.check_at(100.0)

    def test_a_source_folder_that_does_not_exist_could_not_run(self):
        self.measure_all()

        with self.assertRaisesRegex(CouldNotRun, "sources names 'shpo'"):
            self.check_at(100.0, sources=("shop", "shpo"))

    def test_a_threshold_that_is_no_percentage_could_not_run(self):
        self.measure_all()

        for threshold in (0.95, 101.0, float("nan")):
            with self.assertRaisesRegex(CouldNotRun, "a percentage from 1 to 100"):
                self.check_at(threshold)

    def test_the_whole_project_can_be_the_source(self):
        self.write({"forgotten.py": "x = 1\n"})
        self.measure_all()

        checked = self.check_at(100.0, sources=(".",))

        self.assertEqual(places(checked), [("COV002", "forgotten.py", 0)])

    def test_data_older_than_the_source_could_not_run(self):
        self.measure_all()
        os.utime(self.root / COVERAGE_DATA, (1, 1))

        with self.assertRaisesRegex(CouldNotRun, "shop/sign.py is newer than the coverage data"):
            self.check_at(100.0)

    def test_a_source_file_outside_of_the_report_is_found(self):
        self.write({"shop/forgotten.py": "x = 1\n", "shop/__init__.py": "", "other.py": "x = 1\n"})
        self.measure_all()

        checked = self.check_at(100.0, sources=("shop",))

        self.assertEqual(places(checked), [("COV002", "shop/forgotten.py", 0)])

    def test_what_stands_outside_of_the_sources_does_not_count(self):
        self.write({"other/sign.py": "def sign():\n    return 1\n"})
        self.measure_all(other=[(-1, 1), (1, -1)])

        self.assertEqual(self.check_at(100.0, sources=("shop",)).findings, ())
        self.assertEqual(len(self.check_at(100.0).findings), 1)

    def test_an_omitted_file_may_be_absent(self):
        self.write({"shop/migrations/0001_initial.py": "x = 1\n"})
        self.measure_all()

        checked = self.check_at(100.0, sources=("shop",), omit=("*/migrations/0*.py",))

        self.assertEqual(checked.findings, ())


@tag("slow")
class WordingTests(ProjectCase):
    def found(self, lines: list[int], branches: list[list[int]]) -> str:
        totals = {
            "num_statements": 10,
            "covered_lines": 5,
            "num_branches": 0,
            "covered_branches": 0,
        }
        report = {
            "meta": {"branch_coverage": True},
            "files": {"a.py": {"missing_lines": lines, "missing_branches": branches}},
            "totals": totals,
        }
        self.write({"a.py": "", COVERAGE_DATA: ""})
        done = mock.Mock(returncode=0, stdout=json.dumps(report))
        with mock.patch.object(coverage, "run_module", return_value=done):
            (finding,) = self.check(GATE).findings
        return finding.message

    def test_neighbouring_lines_are_one_range(self):
        self.assertIn("lines 3-5, 9 (", self.found([3, 4, 5, 9], []))

    def test_a_branch_out_of_the_function_is_named(self):
        self.assertIn("branch 7 -> exit", self.found([], [[7, -6]]))

    def test_a_branch_from_a_line_that_never_ran_goes_without_saying(self):
        self.assertNotIn("branch", self.found([7], [[7, 8]]))
