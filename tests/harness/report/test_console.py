import unittest
from dataclasses import replace

from quality_harness.finding import Severity
from quality_harness.gate import Result, Verdict
from quality_harness.report.console import render
from tests.harness.report.reports import (
    ERROR,
    FAILED,
    PASSED,
    STOPPED,
    WARNING,
    WHOLE_FILE,
    report_of,
)


class ConsoleTests(unittest.TestCase):
    def test_a_pass_is_a_table_and_a_last_line(self):
        self.assertEqual(
            render(report_of(PASSED)),
            "verdict  gate     time   checked\n"
            "pass     format  0.2 s  12 files\n"
            "\n"
            "pass: gates passed: 1; new is what differs from the base "
            "(merge base with main, 1a2b3c4)",
        )

    def test_a_fail_shows_each_finding_with_place_message_and_hint(self):
        lines = render(report_of(PASSED, FAILED)).splitlines()

        self.assertEqual(
            lines[2].split(maxsplit=6),
            ["fail", "migrations", "1.5", "s", "3", "migrations", "1 to mend, 2 apps, 1 accepted"],
        )
        self.assertEqual(
            lines[3:],
            [
                "",
                "migrations",
                "  blog/migrations/0002.py:12:9 MIG001 Blog.subtitle is dropped",
                "    remove it in two steps",
                "",
                "fail: 1 to mend; new is what differs from the base "
                "(merge base with main, 1a2b3c4)",
            ],
        )

    def test_what_the_probe_made_of_a_finding_stands_before_it(self):
        tried = replace(FAILED, findings=(replace(WARNING, proof="refuted"),))

        self.assertIn(" MIG900 (warning) [refuted] Blog.subtitle", render(report_of(tried)))

    def test_what_informs_needs_no_proof(self):
        informing = replace(WARNING, severity=Severity.INFO, proof="unproved")

        text = render(report_of(replace(FAILED, findings=(informing,))))

        self.assertIn(" MIG900 (info) Blog.subtitle", text)

    def test_what_two_gates_have_is_shown_once_with_what_the_probe_made_of_it(self):
        other, accepted = replace(ERROR, code="PRB001"), replace(ERROR, suppressed="read by nobody")
        tried = replace(ERROR, proof="proved")
        for first, findings, told, notes in (
            (
                ERROR,
                (tried, other),
                ["MIG001 [proved]", "PRB001"],
                ["1", "1 to mend, 1 to mend under"],
            ),
            (ERROR, (tried,), ["MIG001 [proved]"], ["1", "1 to mend under another gate"]),
            (accepted, (tried,), ["MIG001 [proved]"], ["1 accepted", "1 to mend"]),
        ):
            gates = [
                replace(FAILED, note="", findings=(first,)),
                replace(FAILED, gate="prove", note="", findings=findings),
            ]
            with self.subTest(findings=findings):
                lines = render(report_of(*gates)).splitlines()

                shown = [each.split(" ", 3)[3] for each in lines if each.startswith("  blog/")]
                self.assertEqual([each.partition(" Blog")[0] for each in shown], told)
                for line, note in zip(lines[1:3], notes, strict=True):
                    self.assertIn(f"migrations  {note}", line)
                self.assertIn(f"fail: {len(told)} to mend", lines[-1])

    def test_a_gate_that_could_not_run_says_why(self):
        text = render(report_of(STOPPED))

        self.assertIn("\nlint could not run: flake8 is not installed\n", text)
        self.assertTrue(text.splitlines()[-1].startswith("could-not-run: 1 could not run, 0 to"))

    def test_a_warning_of_a_passing_gate_is_shown(self):
        passing = replace(PASSED, findings=(WARNING,))

        self.assertIn("  a.py:3 MIG900", render(report_of(passing)))

    def test_what_mends_several_findings_is_said_once_below_them(self):
        other = replace(WARNING, hint="write a test")
        text = render(report_of(replace(FAILED, findings=(ERROR, ERROR, WARNING, other))))

        self.assertEqual(
            [line for line in text.splitlines() if line.startswith("    ")],
            ["    remove it in two steps", "    write a test"],
        )

    def test_what_is_not_to_be_mended_says_so_without_colours(self):
        info = replace(WARNING, severity=Severity.INFO)
        text = render(report_of(replace(FAILED, findings=(ERROR, WARNING, info))))

        self.assertIn(":9 MIG001 Blog.subtitle", text)
        self.assertIn("  a.py:3 MIG900 (warning) Blog.subtitle", text)
        self.assertIn("  a.py:3 MIG900 (info) Blog.subtitle", text)

    def test_a_finding_about_a_whole_file_has_no_line(self):
        failed = Result("format", Verdict.FAIL, 0.1, 1, "files", findings=(WHOLE_FILE,))

        self.assertIn("  b.py FMT001", render(report_of(failed)))

    def test_long_lines_and_brackets_are_printed_as_they_are(self):
        long = "[bold]" + "x" * 1500
        failed = replace(FAILED, findings=(replace(ERROR, message=long),))

        self.assertIn(long, render(report_of(failed)))

    def test_without_a_base_the_last_line_ends_early(self):
        last = render(replace(report_of(PASSED), base="")).splitlines()[-1]

        self.assertEqual(last, "pass: gates passed: 1")

    def test_colour_is_there_where_it_is_asked_for_only(self):
        self.assertNotIn("\x1b", render(report_of(FAILED)))
        self.assertIn("\x1b[", render(report_of(FAILED), colour=True))
