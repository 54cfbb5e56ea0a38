import unittest
from dataclasses import replace

from quality_harness.report.github import render, render_problem
from tests.harness.report.reports import (
    ERROR,
    FAILED,
    PASSED,
    STOPPED,
    WARNING,
    WHOLE_FILE,
    report_of,
)


def lines_of(*results):
    return render(report_of(*results)).splitlines()


class GithubTests(unittest.TestCase):
    def test_a_finding_is_an_annotation_at_its_place(self):
        lines = lines_of(FAILED)

        self.assertEqual(
            lines[0],
            "::error file=blog/migrations/0002.py,line=12,col=9,title=migrations MIG001::"
            "Blog.subtitle is dropped. remove it in two steps",
        )

    def test_a_message_that_is_a_sentence_ends_with_one_dot(self):
        sentence = replace(ERROR, message="Blog.subtitle is dropped.")

        self.assertIn(
            "::Blog.subtitle is dropped. remove", lines_of(replace(FAILED, findings=(sentence,)))[0]
        )

    def test_a_suppressed_finding_is_none(self):
        self.assertEqual(len([line for line in lines_of(FAILED) if line.startswith("::")]), 1)

    def test_a_finding_about_a_whole_file_has_no_line(self):
        lines = lines_of(replace(FAILED, findings=(WHOLE_FILE,)))

        self.assertTrue(lines[0].startswith("::error file=b.py,title=format FMT001::"))

    def test_a_warning_comes_after_the_errors(self):
        lines = lines_of(replace(FAILED, findings=(WARNING, ERROR)))

        self.assertTrue(lines[0].startswith("::error "))
        self.assertTrue(lines[1].startswith("::warning file=a.py,line=3,"))

    def test_what_is_said_of_changed_lines_comes_first(self):
        report = replace(
            report_of(replace(FAILED, findings=(ERROR, WARNING))), changed=frozenset({("a.py", 3)})
        )

        lines = render(report).splitlines()

        self.assertTrue(lines[0].startswith("::warning file=a.py,line=3,"))
        self.assertTrue(lines[1].startswith("::error "))

    def test_after_ten_annotations_the_rest_stands_in_the_log(self):
        lines = lines_of(replace(FAILED, findings=(ERROR,) * 12))

        self.assertEqual(len([line for line in lines if line.startswith("::error")]), 10)
        self.assertIn("2 more findings", lines[10])
        self.assertTrue(lines[11].startswith("blog/migrations/0002.py:12: MIG001 Blog.sub"))

    def test_a_warning_in_the_log_says_so(self):
        lines = lines_of(replace(FAILED, findings=(WARNING,) * 11))

        self.assertTrue(lines[11].startswith("a.py:3: MIG900 (warning) Blog.subtitle"))

    def test_a_gate_that_could_not_run_is_an_error(self):
        self.assertEqual(lines_of(STOPPED)[0], "::error title=lint could not run::" + STOPPED.note)

    def test_each_gate_has_a_line(self):
        self.assertEqual(lines_of(PASSED), ["pass: format (12 files)"])

    def test_what_would_end_a_command_is_escaped(self):
        odd = replace(ERROR, message="50%\nmore", location=replace(ERROR.location, path="a,b:c.py"))
        lines = lines_of(replace(FAILED, findings=(odd,)))

        self.assertIn("file=a%2Cb%3Ac.py,", lines[0])
        self.assertIn("::50%25%0Amore. ", lines[0])

    def test_paths_are_those_of_the_repository(self):
        many = replace(FAILED, findings=(ERROR,) * 11)
        lines = render(replace(report_of(many), prefix="back/")).splitlines()

        self.assertIn("file=back/blog/migrations/0002.py,", lines[0])
        self.assertTrue(lines[11].startswith("back/blog/migrations/0002.py:12: "))

    def test_a_run_that_ended_early_is_an_error(self):
        self.assertEqual(
            render_problem("There is no gate 'x'."),
            "::error title=quality-harness::There is no gate 'x'.",
        )
