import json
import unittest
from dataclasses import replace

from quality_harness.report.json import render, render_problem
from tests.harness.report.reports import FAILED, PASSED, report_of


class JsonTests(unittest.TestCase):
    def test_the_document_holds_the_verdict_the_gates_and_the_findings(self):
        document = json.loads(render(report_of(PASSED, FAILED)))

        self.assertEqual(document["verdict"], "fail")
        self.assertEqual(document["checked"], 15)
        self.assertEqual(document["base"], "merge base with main, 1a2b3c4")
        self.assertEqual(
            document["gates"][0],
            {
                "name": "format",
                "verdict": "pass",
                "seconds": 0.25,
                "checked": 12,
                "unit": "files",
                "note": "",
                "findings": [],
            },
        )
        self.assertEqual(document["gates"][1]["findings"], document["findings"])

    def test_a_finding_holds_all_that_is_known(self):
        findings = json.loads(render(report_of(FAILED)))["findings"]

        self.assertEqual(
            findings[0],
            {
                "code": "MIG001",
                "rule": "remove-field",
                "severity": "error",
                "path": "blog/migrations/0002.py",
                "line": 12,
                "column": 9,
                "message": "Blog.subtitle is dropped",
                "hint": "remove it in two steps",
                "gate": "migrations",
                "suppressed": None,
            },
        )
        self.assertEqual(findings[1]["suppressed"], "unread since 1.4")

    def test_a_finding_that_the_probe_has_tried_says_what_came_of_it(self):
        tried = replace(FAILED, findings=(replace(FAILED.findings[0], proof="proved"),))

        findings = json.loads(render(report_of(tried)))["findings"]

        self.assertEqual(findings[0]["proof"], "proved")

    def test_paths_are_those_of_the_repository(self):
        report = replace(report_of(FAILED), prefix="back/")

        findings = json.loads(render(report))["findings"]

        self.assertEqual(findings[0]["path"], "back/blog/migrations/0002.py")

    def test_a_run_that_ended_early_is_a_document_too(self):
        document = json.loads(render_problem("There is no gate 'x'."))

        self.assertEqual(document["verdict"], "could-not-run")
        self.assertEqual(document["problem"], "There is no gate 'x'.")
        self.assertEqual((document["gates"], document["findings"]), ([], []))
