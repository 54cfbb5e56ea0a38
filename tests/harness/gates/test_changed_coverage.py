from typing import Any

from coverage import CoverageData
from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import changed_coverage, coverage_ratchet
from quality_harness.tool import COVERAGE_DATA
from tests.harness.gates.branches import BranchCase
from tests.harness.projects import places

OLD = "def sign(number):\n    if number < 0:\n        return -1\n    return 1\n"
# As in a test that calls sign(1) alone.
ARCS = [(-1, 1), (1, -1), (-1, 2), (2, 4), (4, -1)]


class CoverageCase(BranchCase):
    """A project whose base has a file of which one line and one branch are not tested."""

    def setUp(self) -> None:
        super().setUp()
        self.git("switch", "-q", "main")
        self.write({".gitignore": ".quality_harness/\n"})
        self.commit({"shop/sign.py": OLD})
        self.git("switch", "-q", "-C", "work")
        self.commit()

    def measure(self, **arcs: list[tuple[int, int]]) -> None:
        """Write coverage data, of shop/sign.py by default."""
        (self.root / COVERAGE_DATA).parent.mkdir(exist_ok=True)
        data = CoverageData(str(self.root / COVERAGE_DATA))
        given = arcs or {"sign": ARCS}
        data.add_arcs({str(self.root / f"shop/{name}.py"): more for name, more in given.items()})
        data.write()


@tag("slow")
class ChangedCoverageTests(CoverageCase):
    def judge(self, **options: Any) -> Checked:
        gate = changed_coverage.GATE
        return self.check_branch(gate, options=changed_coverage.Options(**options))

    def test_a_new_line_that_no_test_runs_is_found(self):
        self.write({"shop/sign.py": OLD.replace("-1\n", "-1  # less\n")})
        self.measure()

        checked = self.judge()

        self.assertEqual(places(checked), [("CCV001", "shop/sign.py", 3)])
        self.assertEqual(checked.note, "0.00% of 1 lines of code, threshold 100%")

    def test_a_new_branch_that_no_test_takes_is_found(self):
        self.write({"shop/sign.py": OLD.replace("< 0:", "<= 0:")})
        self.measure()

        self.assertEqual(places(self.judge()), [("CCV001", "shop/sign.py", 2)])

    def test_a_new_line_that_is_run_is_left_alone_and_so_is_the_old_one_that_is_not(self):
        self.write({"shop/sign.py": f"# signs\n{OLD.replace('return 1', 'return +1')}"})
        self.measure(sign=[(max(a, -1) + (a > 0), b + (b > 0)) for a, b in ARCS])

        checked = self.judge()

        self.assertEqual((checked.findings, checked.checked), ((), 2))
        self.assertEqual(checked.note, "100.00% of 1 lines of code, threshold 100%")

    def edit_in_the_middle(self, old: str, new: str) -> Checked:
        """Judge an edited line of a statement over several ones, which no test runs."""
        text = OLD.replace("return -1", "return max(\n            -1,\n            -2,\n        )")
        self.git("switch", "-q", "main")
        self.commit({"shop/sign.py": text})
        self.git("switch", "-q", "-C", "work")
        text = text.replace(old, new)
        self.commit({"shop/sign.py": text, "shop/fine.py": "x = 1\n"})
        last = text.count("\n")
        called = [(-1, 1), (1, -1), (-1, 2), (2, last), (last, -1)]
        self.measure(sign=called, fine=[(-1, 1), (1, -1)])
        return self.judge()

    def test_a_line_in_the_middle_of_a_statement_that_no_test_runs_is_found(self):
        checked = self.edit_in_the_middle("-2,\n", "-3,\n            -4,\n")

        self.assertEqual(places(checked), [("CCV001", "shop/sign.py", 5)])
        self.assertIn("lines 5-6", checked.findings[0].message)
        self.assertEqual(checked.note, "50.00% of 2 lines of code, threshold 100%")

    def test_a_comment_in_the_middle_of_such_a_statement_is_left_alone(self):
        checked = self.edit_in_the_middle("-2,\n", "# less\n\n            -2,\n")

        self.assertEqual((checked.findings, checked.checked), ((), 3))
        self.assertEqual(checked.note, "100.00% of 1 lines of code, threshold 100%")

    def test_a_share_at_the_threshold_passes(self):
        self.write({"shop/sign.py": OLD.replace("return", "return  ")})
        self.measure()

        self.assertEqual(self.judge(threshold=50.0).findings, ())
        self.assertEqual(len(self.judge(threshold=50.1).findings), 1)

    def test_a_changed_file_that_was_not_measured_is_found(self):
        self.write({"shop/new.py": "x = 1\n"})
        self.measure()

        self.assertEqual(places(self.judge()), [("CCV002", "shop/new.py", 0)])

    def test_a_file_that_is_only_moved_is_left_alone(self):
        self.git("mv", "shop/sign.py", "shop/moved.py")
        self.measure(moved=ARCS)

        checked = self.judge()

        self.assertTrue(checked.nothing_new)

    def test_tests_and_other_files_are_left_alone(self):
        self.write({"tests/test_sign.py": "x = 1\n", "docs.md": "# Docs\n", "shop/tests/a.py": "x"})

        checked = self.judge()

        self.assertTrue(checked.nothing_new)
        self.assertRegex(checked.note, "no line of a measured Python file is new")

    def test_a_deleted_file_is_left_alone(self):
        (self.root / "shop/sign.py").unlink()

        self.assertTrue(self.judge().nothing_new)

    def test_what_stands_outside_of_the_sources_is_left_alone(self):
        self.write({"other/new.py": "x = 1\n"})

        self.assertTrue(self.judge(sources=("shop",)).nothing_new)

    def test_without_a_base_every_line_is_new(self):
        self.measure()

        checked = self.check(changed_coverage.GATE)

        self.assertEqual(places(checked), [("CCV001", "shop/sign.py", 2)])

    def test_a_comment_alone_is_all_covered(self):
        self.write({"shop/sign.py": f"{OLD}# the end\n"})
        self.measure()

        self.assertEqual(self.judge().note, "100.00% of 0 lines of code, threshold 100%")

    def test_odd_names_are_judged(self):
        self.write({'shop/a "b"\nc.py': "x = 1\n"})
        self.measure()

        self.assertEqual(places(self.judge()), [("CCV002", 'shop/a "b"\nc.py', 0)])

    def test_without_data_or_with_a_wrong_threshold_it_could_not_run(self):
        self.write({"shop/sign.py": f"{OLD}\nx = 1\n"})

        with self.assertRaisesRegex(CouldNotRun, "there is no coverage data"):
            self.judge()
        with self.assertRaisesRegex(CouldNotRun, "a percentage from 1 to 100"):
            self.judge(threshold=0.9)

    def test_data_without_branches_could_not_run(self):
        self.write({"shop/sign.py": f"{OLD}\nx = 1\n"})
        (self.root / COVERAGE_DATA).parent.mkdir(exist_ok=True)
        data = CoverageData(str(self.root / COVERAGE_DATA))
        data.add_lines({str(self.root / "shop/sign.py"): [1, 2, 4]})
        data.write()

        with self.assertRaisesRegex(CouldNotRun, "branch = true"):
            self.judge()


@tag("slow")
class CoverageRatchetTests(CoverageCase):
    """shop/sign.py has 4 lines and 2 branches, of which 3 and 1 are run: 66.67%."""

    def judge(self, text: str, **options: Any) -> Checked:
        self.write({"coverage-ratchet.json": text})
        self.measure()
        gate = coverage_ratchet.GATE
        return self.check_branch(gate, options=coverage_ratchet.Options(**options))

    def test_a_figure_without_branches_is_held_too(self):
        (self.root / COVERAGE_DATA).parent.mkdir(exist_ok=True)
        data = CoverageData(str(self.root / COVERAGE_DATA))
        data.add_lines({str(self.root / "shop/sign.py"): [1, 2, 4]})
        data.write()
        self.write({"coverage-ratchet.json": '{"percent": 75}'})

        checked = self.check_branch(coverage_ratchet.GATE)

        self.assertEqual(checked.findings, ())
        self.assertEqual(checked.note, "75.00% of lines, held at 75%")

    def test_coverage_below_the_committed_figure_is_found(self):
        checked = self.judge('{"percent": 70}')

        self.assertEqual(places(checked), [("RAT001", "coverage-ratchet.json", 0)])
        self.assertIn("coverage is 66.67%", checked.findings[0].message)

    def test_the_hint_names_what_the_change_leaves_untested(self):
        self.measure()
        source = "def grow(number):\n    return number\n"
        self.commit({"shop/grow.py": source, "coverage-ratchet.json": '{"percent": 70}'})
        self.measure(grow=[(-1, 1), (1, -1)])

        (finding,) = self.check_branch(coverage_ratchet.GATE).findings

        self.assertTrue(
            finding.hint.endswith("; no test runs all of shop/grow.py (lines 2)"), finding.hint
        )

    def test_the_hint_names_the_worst_files_where_the_change_has_none(self):
        (finding,) = self.judge('{"percent": 70}').findings

        self.assertTrue(
            finding.hint.endswith("; no test runs all of shop/sign.py (lines 2-3)"), finding.hint
        )

    def test_a_hint_names_the_first_lines_of_many(self):
        lines = coverage_ratchet._some_lines(range(1, 21, 2))

        self.assertEqual(lines, "lines 1, 3, 5, 7, 9, 11, 13, 15 and 2 more")

    def test_coverage_at_the_figure_and_within_the_tolerance_is_left_alone(self):
        self.assertEqual(self.judge('{"percent": 66.66}').findings, ())
        self.assertEqual(self.judge('{"percent": 66.7}').findings, ())
        self.assertEqual(len(self.judge('{"percent": 66.72}').findings), 1)
        self.assertEqual(len(self.judge('{"percent": 66.7}', tolerance=0.0).findings), 1)

    def test_a_better_figure_is_offered_cut_off(self):
        self.assertIn('it can rise: {"percent": 66.66}', self.judge('{"percent": 60}').note)

    def test_a_figure_that_the_change_lowers_is_found(self):
        self.git("switch", "-q", "main")
        self.commit({"coverage-ratchet.json": '{"percent": 66.5}'})
        self.git("switch", "-q", "-C", "work")
        self.commit()

        lowered = self.judge('{"percent": 60}')
        raised = self.judge('{"percent": 66.6}')

        self.assertEqual(places(lowered), [("RAT002", "coverage-ratchet.json", 0)])
        self.assertEqual(raised.findings, ())

    def test_a_lower_figure_under_a_new_name_is_found(self):
        self.git("switch", "-q", "main")
        table = '[tool.quality_harness.coverage_ratchet]\nfile = "{}"\n'
        self.commit({"held.json": '{"percent": 66.5}', "pyproject.toml": table.format("held.json")})
        self.git("switch", "-q", "-C", "work")
        self.commit({"pyproject.toml": table.format("coverage-ratchet.json")})

        lowered = self.judge('{"percent": 60}')
        raised = self.judge('{"percent": 66.6}')

        self.assertEqual(places(lowered), [("RAT002", "coverage-ratchet.json", 0)])
        self.assertIn("that of the base 66.5%", lowered.findings[0].message)
        self.assertEqual(raised.findings, ())

    def test_a_missing_file_could_not_run_and_says_what_to_write(self):
        self.measure()

        with self.assertRaisesRegex(CouldNotRun, r'Commit one that says {"percent": 66.66}'):
            self.check_branch(coverage_ratchet.GATE)

    def test_a_file_that_is_none_could_not_run(self):
        for text in ("x", "[]", "{}", '{"percent": "7"}', '{"percent": 101}'):
            with self.assertRaisesRegex(CouldNotRun, "coverage-ratchet.json cannot be read"):
                self.judge(text)

    def test_a_tolerance_that_is_none_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "tolerance is a number of points"):
            self.judge('{"percent": 60}', tolerance=50.0)

    def test_empty_data_could_not_run(self):
        self.commit({"coverage-ratchet.json": '{"percent": 60}', "shop/empty.py": ""})
        self.measure(empty=[(-1, 1)])

        with self.assertRaisesRegex(CouldNotRun, "is empty"):
            self.check_branch(coverage_ratchet.GATE)

    def test_without_a_base_the_committed_figure_counts(self):
        self.measure()
        self.write({"coverage-ratchet.json": '{"percent": 70}'})

        self.assertEqual(len(self.check(coverage_ratchet.GATE).findings), 1)
