import unittest
from dataclasses import replace

from quality_harness.report.markdown import MOST_FINDINGS, render, render_problem
from tests.harness.report.reports import (
    ERROR,
    FAILED,
    PASSED,
    STOPPED,
    WARNING,
    WHOLE_FILE,
    report_of,
)


class MarkdownTests(unittest.TestCase):
    maxDiff = None

    def test_the_whole_text(self):
        failed = replace(FAILED, findings=(*FAILED.findings, WARNING, WHOLE_FILE))

        self.assertEqual(
            render(replace(report_of(PASSED, failed, STOPPED), prefix="back/")),
            """\
## Quality gates: could-not-run

New is what differs from the base (merge base with main, 1a2b3c4).

| verdict | gate | time | checked | to mend | accepted |
| --- | --- | ---: | ---: | ---: | ---: |
| pass | format | 0.2 s | 12 files | 0 | 0 |
| fail | migrations | 1.5 s | 3 migrations | 2 | 1 |
| could-not-run | lint | 0.1 s | 0 | 0 | 0 |

### migrations

- `back/blog/migrations/0002.py:12` **MIG001** (error) Blog.subtitle is dropped. remove it in two steps
- `back/a.py:3` **MIG900** (warning) Blog.subtitle is dropped. remove it in two steps
- `back/b.py` **FMT001** (error) Blog.subtitle is dropped. remove it in two steps

### lint

Could not run: flake8 is not installed""",  # noqa: E501
        )

    def test_a_pass_is_a_table(self):
        self.assertEqual(
            render(replace(report_of(PASSED), base="")),
            """\
## Quality gates: pass

| verdict | gate | time | checked | to mend | accepted |
| --- | --- | ---: | ---: | ---: | ---: |
| pass | format | 0.2 s | 12 files | 0 | 0 |""",
        )

    def test_what_markdown_would_read_is_escaped(self):
        odd = replace(ERROR, message="a|b *c*\n`d_e` <f>", hint="[g]")
        lines = render(report_of(replace(FAILED, findings=(odd,)))).splitlines()

        self.assertTrue(lines[-1].endswith(r"(error) a\|b \*c\* \`d\_e\` \<f\>. \[g\]"), lines[-1])

    def test_an_odd_path_stays_code(self):
        odd = replace(WHOLE_FILE, location=replace(WHOLE_FILE.location, path="a`b|c\nd.py"))

        self.assertIn(
            "- `` a`b\\|c d.py `` **", render(report_of(replace(FAILED, findings=(odd,))))
        )

    def test_findings_of_a_gate_that_could_not_run_stand_below_its_sentence(self):
        stopped = replace(STOPPED, findings=(ERROR,))
        lines = render(report_of(stopped)).splitlines()

        self.assertEqual(lines[-4:-1], ["", "Could not run: flake8 is not installed", ""])
        self.assertIn("**MIG001**", lines[-1])

    def test_a_long_list_ends(self):
        first = replace(FAILED, findings=(ERROR,) * (MOST_FINDINGS - 1))
        second = replace(FAILED, gate="lint", findings=(ERROR,) * 3)
        lines = render(report_of(first, second)).splitlines()

        self.assertEqual(len([one for one in lines if one.startswith("- ")]), MOST_FINDINGS)
        self.assertEqual(lines[-1], "2 more stand in the log of this step.")

    def test_a_run_that_ended_early(self):
        self.assertEqual(
            render_problem("There is no gate '_x_'."),
            "## Quality gates: could-not-run\n\nThere is no gate '\\_x\\_'.",
        )
