import unittest
from dataclasses import replace
from datetime import date
from pathlib import Path

from freezegun import freeze_time

from quality_harness import baseline, engine
from quality_harness.baseline import Row
from quality_harness.engine import Request
from quality_harness.finding import Finding, Location, Severity
from quality_harness.gate import Checked, CouldNotRun, Gate, Project, Report
from tests.harness.projects import ProjectCase
from tests.harness.test_cli import CommandCase
from tests.harness.test_engine import RULE

LONG = Finding("E501", "E501", "line 7 is 105 > 100 long", "cut", Location("a.py", 7), gate="lint")
DROP = replace(
    LONG, gate="migrations", code="MIG002", subject="blog.0002_x: RemoveField drops blog.a2"
)
LONG_ROW = Row("lint", "a.py", "E501", "line # is # > # long", 1, "old")
DROP_ROW = Row("migrations", "", "MIG002", "blog.0002_x: RemoveField drops blog.a2", 1, "old")


class ApplyTests(unittest.TestCase):
    def accepted(self, findings: list[Finding], *rows: Row) -> list[str | None]:
        return [one.suppressed for one in baseline.apply(findings, rows)]

    def test_a_finding_is_accepted_wherever_it_stands_in_its_file(self):
        moved = replace(LONG, message="line 9 is 101 > 100 long", location=Location("a.py", 9))

        self.assertEqual(self.accepted([moved], LONG_ROW), ["old"])

    def test_a_finding_of_another_file_code_gate_or_kind_is_not(self):
        others = [
            replace(LONG, location=Location("b.py", 7)),
            replace(LONG, code="E502"),
            replace(LONG, gate="format"),
            replace(LONG, message="something else"),
        ]

        self.assertEqual(self.accepted(others, LONG_ROW), [None] * 4)

    def test_another_one_of_the_same_kind_in_the_same_file_is_not(self):
        self.assertEqual(self.accepted([LONG, LONG], LONG_ROW), ["old", None])
        self.assertEqual(self.accepted([LONG, LONG], replace(LONG_ROW, count=2)), ["old", "old"])

    def test_a_subject_is_known_in_another_file_and_keeps_its_numbers(self):
        moved = replace(DROP, location=Location("b.py"), message="anything")
        other = replace(DROP, subject="blog.0002_x: RemoveField drops blog.a3")

        self.assertEqual(self.accepted([moved, other], DROP_ROW), ["old", None])

    def test_what_does_not_count_needs_no_row(self):
        warning = replace(LONG, severity=Severity.WARNING)
        commented = replace(LONG, suppressed="why")

        self.assertEqual(self.accepted([warning, commented, LONG], LONG_ROW), [None, "why", "old"])

    def test_a_row_without_a_reason_accepts_nothing(self):
        self.assertEqual(self.accepted([LONG], replace(LONG_ROW, reason=" ")), [None])


class ReviewTests(unittest.TestCase):
    def review(self, rows, findings=(), earlier=None, looked_at=True):
        found = baseline.apply(findings, rows)
        problems = baseline.review("b.json", rows, earlier, found, lambda row: looked_at)
        return [(one.code, one.message) for one in problems]

    def test_rows_that_accept_what_is_there_are_right(self):
        self.assertEqual(self.review([LONG_ROW, DROP_ROW], [LONG, DROP]), [])

    def test_a_row_without_a_reason(self):
        self.assertEqual(
            self.review([replace(LONG_ROW, reason="")], [LONG]),
            [("BSL001", "no reason is given for a.py: E501 line # is # > # long")],
        )

    def test_a_row_of_which_some_are_mended_is_stale(self):
        self.assertEqual(
            self.review([replace(LONG_ROW, count=2)], [LONG]),
            [("BSL002", "accepts 2 findings, and 1 is left: a.py: E501 line # is # > # long")],
        )

    def test_a_stale_row_without_a_path(self):
        self.assertEqual(
            self.review([DROP_ROW]),
            [("BSL002", f"accepts 1 finding, and 0 are left: MIG002 {DROP_ROW.what}")],
        )

    def test_stale_rows_are_one_finding_with_one_command(self):
        rows = [replace(LONG_ROW, path=f"{name}.py") for name in "abcde"]
        place = replace(LONG, location=Location("c.py", 7))
        found = baseline.apply([place], rows)

        (problem,) = baseline.review("b.json", rows, None, found, lambda row: True)

        self.assertEqual(
            problem.message,
            "4 rows accept what is mended: a.py: E501 line # is # > # long; "
            "b.py: E501 line # is # > # long; d.py: E501 line # is # > # long; and 1 more",
        )
        self.assertEqual(problem.hint, "remove what is mended: quality-harness baseline")

    def test_a_path_is_named_with_its_numbers(self):
        name = "site2/migrations/0003_fill.py"
        finding = replace(LONG, message=f"{name} has 3 faults", location=Location(name))
        (row,) = baseline.rewritten((), [finding], "old", lambda row: False)

        self.assertEqual(row.what, "site#/migrations/#_fill.py has # faults")
        self.assertEqual(
            self.review([row]),
            [("BSL002", f"accepts 1 finding, and 0 are left: {name}: E501 {name} has # faults")],
        )

    def test_two_rows_of_one_key_do_not_share_a_finding(self):
        twice = [LONG_ROW, replace(LONG_ROW, reason="older")]

        self.assertEqual([code for code, _ in self.review(twice, [LONG])], ["BSL002"])

    def test_what_was_not_looked_at_is_not_stale(self):
        self.assertEqual(self.review([LONG_ROW], looked_at=False), [])

    def test_more_than_the_base_accepts(self):
        grown = [replace(LONG_ROW, count=2)]

        self.assertEqual(
            self.review(grown, [LONG, LONG], earlier=[LONG_ROW]),
            [
                (
                    "BSL003",
                    "the base's baseline does not accept all of these: "
                    "a.py: E501 line # is # > # long",
                )
            ],
        )
        self.assertEqual(self.review([LONG_ROW], [LONG], earlier=grown), [])
        self.assertEqual([code for code, _ in self.review([LONG_ROW], [LONG], [])], ["BSL003"])


class TextTests(unittest.TestCase):
    def test_the_text_has_a_key_a_line_in_an_order_that_stays(self):
        text = baseline.render([DROP_ROW, LONG_ROW])

        self.assertEqual(
            text,
            """\
{
  "rows": [
    {
      "gate": "lint",
      "path": "a.py",
      "code": "E501",
      "what": "line # is # > # long",
      "count": 1,
      "reason": "old"
    },
    {
      "gate": "migrations",
      "path": "",
      "code": "MIG002",
      "what": "blog.0002_x: RemoveField drops blog.a2",
      "count": 1,
      "reason": "old"
    }
  ]
}
""",
        )
        self.assertEqual(baseline.parse(text.encode(), "b.json"), (LONG_ROW, DROP_ROW))

    def test_what_is_no_baseline_is_refused(self):
        for data in (
            b"[]",
            b"{",
            b"\xff",
            b'{"rows": [1]}',
            b'{"rows": [{"gate": "lint"}]}',
            baseline.render([replace(LONG_ROW, count=0)]).encode(),
            baseline.render([replace(LONG_ROW, count=True)]).encode(),
            baseline.render([replace(LONG_ROW, what=None)]).encode(),
        ):
            refused = self.assertRaisesRegex(CouldNotRun, r"The baseline b\.json .*baseline$")
            with self.subTest(data=data), refused:
                baseline.parse(data, "b.json")

    def test_a_folder_is_no_baseline(self):
        with self.assertRaisesRegex(CouldNotRun, "The baseline /tmp cannot be read: Is a dir"):
            baseline.read(Path("/tmp"))


def finding_long_lines(*lines: int) -> Gate:
    def check(project: Project) -> Checked:
        found = [
            RULE.finding(Location("a.py", line), f"line {line} is long", "cut") for line in lines
        ]
        return Checked(tuple(found), 1, "files", paths=frozenset({"a.py"}))

    return Gate("first", "summary", "reason", check, rules=(RULE,), reads_changes=True)


def refusing(project: Project) -> Checked:
    raise CouldNotRun("black is not installed")


class EngineTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.commit({"a.py": "x = 1\n"})

    def write_baseline(self, *lines: int, reason: str = "old") -> tuple[Row, ...]:
        request = Request(self.root, ("first",))
        path, rows = engine.write_baseline(request, [finding_long_lines(*lines)], reason)
        self.assertEqual(path, self.root / "quality-baseline.json")
        self.assertEqual(baseline.read(path), rows)
        return rows

    def run_gate(self, *lines: int, **request) -> Report:
        gate = finding_long_lines(*lines)
        return engine.run(Request(self.root, ("first",), **request), [gate])

    def codes(self, report: Report) -> list[str]:
        return [one.code for one in report.findings if one.counts]

    def test_what_is_accepted_passes_and_what_comes_fails(self):
        self.write_baseline(3, 5)

        self.assertEqual(self.codes(self.run_gate(4, 9, everything=True)), [])
        self.assertEqual(self.codes(self.run_gate(4, 9, 11, everything=True)), ["AAA001"])

    def test_the_baseline_has_a_row_of_its_own(self):
        self.write_baseline(3)

        result = self.run_gate(everything=True).results[1]

        self.assertEqual((result.gate, result.checked, result.unit), ("baseline", 1, "rows"))
        self.assertEqual([one.code for one in result.findings], ["BSL002"])

    def test_it_is_only_ever_written_smaller(self):
        self.write_baseline(3, 5)

        (row,) = self.write_baseline(3, reason="new")
        self.assertEqual((row.count, row.reason), (1, "old"))
        (row,) = self.write_baseline(3, 5, 7)
        self.assertEqual(row.count, 1)
        self.assertEqual(self.write_baseline(), ())

    def test_rows_of_a_gate_that_was_not_asked_stay(self):
        self.write({"quality-baseline.json": baseline.render([LONG_ROW])})

        self.assertEqual(self.write_baseline(3), (LONG_ROW,))

    def test_it_may_not_grow_against_the_base(self):
        self.write_baseline(3)
        base = self.commit()
        self.assertEqual(self.codes(self.run_gate(3, base=base)), [])

        text = (self.root / "quality-baseline.json").read_text()
        self.write({"quality-baseline.json": text.replace('"count": 1', '"count": 2')})

        self.assertEqual(self.codes(self.run_gate(3, 5, base=base)), ["BSL003"])

    def test_the_first_one_may_hold_anything(self):
        base = self.commit()
        self.write_baseline(3)

        self.assertEqual(self.codes(self.run_gate(3, base=base)), [])

    def test_a_row_of_a_file_that_was_not_looked_at_is_not_stale(self):
        row = Row("first", "b.py", "AAA001", "line # is long", 1, "old")
        base = self.commit({"quality-baseline.json": baseline.render([row])})

        self.assertEqual(self.codes(self.run_gate(base=base)), [])
        self.assertEqual(self.codes(self.run_gate(everything=True)), ["BSL002"])

    def test_a_row_of_a_gate_that_could_not_run_is_not_stale(self):
        self.write_baseline(3)
        gate = replace(finding_long_lines(), check=refusing)

        report = engine.run(Request(self.root, ("first",), everything=True), [gate])

        self.assertEqual(report.results[1].findings, ())

    def test_no_baseline_is_written_where_a_gate_could_not_run(self):
        gate = replace(finding_long_lines(), check=refusing)

        with self.assertRaisesRegex(CouldNotRun, "No baseline is written: first could not run"):
            engine.write_baseline(Request(self.root, ("first",)), [gate], "old")

        self.assertFalse((self.root / "quality-baseline.json").exists())

    def test_its_name_is_configured(self):
        table = '[tool.quality_harness]\nbaseline = "ci/known.json"\n'
        known = baseline.render([Row("first", "a.py", "AAA001", "line # is long", 1, "old")])
        self.write({"pyproject.toml": table, "ci/known.json": known})

        self.assertEqual(self.codes(self.run_gate(3, everything=True)), [])

    def test_rules_of_the_run_are_reported(self):
        codes = [rule.code for rule in self.run_gate(everything=True).rules]

        self.assertEqual(codes[0], "AAA001")
        self.assertLessEqual({"SUP001", "BSL001"}, set(codes))


MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.DeleteModel("Blog")]
"""


class CommandTests(CommandCase):
    def setUp(self) -> None:
        super().setUp()
        self.commit({"blog/migrations/0001_initial.py": MIGRATION})

    @freeze_time("2027-01-31")
    def test_a_legacy_project_begins_with_what_it_has(self):
        code, out, _ = self.run_command("baseline", "migrations")

        self.assertEqual(code, 0)
        self.assertRegex(out, r"^quality-baseline.json: \d findings accepted in \d rows\n$")
        rows = baseline.read(self.root / "quality-baseline.json")
        self.assertEqual({row.reason for row in rows}, {f"there before {date(2027, 1, 31)}"})
        self.assertTrue(rows[0].what.startswith("blog.0001_initial: "))
        self.assertEqual(self.run_command("gate", "migrations", "--all")[0], 0)

    def test_a_moved_migration_is_known_and_a_new_fault_in_it_is_not(self):
        self.run_command("baseline", "migrations", "--reason", "ran long ago")
        self.git("mv", "blog", "apps_blog")
        self.git("mv", "apps_blog", "blog2")
        (self.root / "apps").mkdir()
        self.git("mv", "blog2", "apps/blog")
        moved = self.root / "apps/blog/migrations/0001_initial.py"
        moved.write_text(MIGRATION.replace("operations = [", "operations = [\n        "))
        self.assertEqual(self.run_command("gate", "migrations", "--all")[0], 0)

        moved.write_text(
            MIGRATION.replace("[migrations", '[migrations.DeleteModel("Tag"), migrations')
        )

        code, out, _ = self.run_command("gate", "migrations", "--all")
        self.assertEqual(code, 1)
        self.assertIn("Tag", out)
        self.assertNotIn("table of Blog", out)
