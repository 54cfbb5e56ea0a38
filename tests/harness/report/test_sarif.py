import json
import unittest
from dataclasses import replace
from importlib.metadata import version

from quality_harness.finding import Rule, Severity
from quality_harness.report.sarif import render, render_problem
from tests.harness.report.reports import (
    ACCEPTED,
    ERROR,
    FAILED,
    PASSED,
    STOPPED,
    WARNING,
    WHOLE_FILE,
    report_of,
)

FINGERPRINT = "365c89408a61a007c5cd6bda189b823338b25ba4a709f7a7a6c9212b905916a8"
RULE = Rule("MIG001", "remove-field", "Sum.", "Reason.", "Instead.", "bad\n", "good\n")


def run_of(*results, rules=(), prefix=""):
    (run,) = json.loads(render(replace(report_of(*results), rules=rules, prefix=prefix)))["runs"]
    return run


class SarifTests(unittest.TestCase):
    maxDiff = None

    def test_the_whole_document(self):
        failed = replace(FAILED, findings=(ERROR,))
        text = render(replace(report_of(PASSED, failed), rules=(RULE,)))

        self.assertEqual(
            text,
            f"""\
{{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {{
      "tool": {{
        "driver": {{
          "name": "quality-harness",
          "version": "{version("django-quality-harness")}",
          "rules": [
            {{
              "id": "MIG001",
              "name": "remove-field",
              "shortDescription": {{
                "text": "Sum."
              }},
              "fullDescription": {{
                "text": "Reason."
              }},
              "help": {{
                "text": "Instead.",
                "markdown": "Reason.\\n\\nInstead.\\n\\nA finding:\\n\\n```python\\nbad\\n```\\n\\n\
No finding:\\n\\n```python\\ngood\\n```"
              }},
              "defaultConfiguration": {{
                "level": "error"
              }}
            }}
          ]
        }}
      }},
      "invocations": [
        {{
          "executionSuccessful": true
        }}
      ],
      "columnKind": "unicodeCodePoints",
      "results": [
        {{
          "ruleId": "MIG001",
          "ruleIndex": 0,
          "level": "error",
          "message": {{
            "text": "Blog.subtitle is dropped. remove it in two steps"
          }},
          "locations": [
            {{
              "physicalLocation": {{
                "artifactLocation": {{
                  "uri": "blog/migrations/0002.py",
                  "uriBaseId": "%SRCROOT%"
                }},
                "region": {{
                  "startLine": 12,
                  "startColumn": 9
                }}
              }}
            }}
          ],
          "partialFingerprints": {{
            "findingSubject/v1": "{FINGERPRINT}"
          }},
          "properties": {{
            "gate": "migrations"
          }}
        }}
      ]
    }}
  ]
}}""",
        )

    def test_an_accepted_finding_is_a_suppression_by_comment_or_baseline(self):
        known = replace(ACCEPTED, suppressed="old", in_baseline=True)
        results = run_of(replace(FAILED, findings=(ERROR, ACCEPTED, known)))["results"]

        self.assertEqual(
            [one.get("suppressions") for one in results],
            [
                None,
                [{"kind": "inSource", "justification": "unread since 1.4"}],
                [{"kind": "external", "justification": "old"}],
            ],
        )

    def test_levels_are_those_of_the_severities(self):
        info = replace(ERROR, severity=Severity.INFO)
        results = run_of(replace(FAILED, findings=(ERROR, WARNING, info)))["results"]

        self.assertEqual([one["level"] for one in results], ["error", "warning", "note"])

    def test_each_result_points_at_its_rule(self):
        findings = (replace(ERROR, code="F401"), WARNING, ERROR)
        run = run_of(replace(FAILED, findings=findings), rules=(RULE,))
        rules = run["tool"]["driver"]["rules"]

        self.assertEqual(rules[0], {"id": "F401"})
        self.assertEqual(
            [rules[one["ruleIndex"]]["id"] for one in run["results"]], ["F401", "MIG900", "MIG001"]
        )

    def test_what_is_about_a_whole_file_has_no_region(self):
        odd = replace(WHOLE_FILE, location=replace(WHOLE_FILE.location, path="a b#.py"))
        line = replace(ERROR, location=replace(ERROR.location, column=0))
        results = run_of(replace(FAILED, findings=(odd, line)), prefix="back/")["results"]
        places = [one["locations"][0]["physicalLocation"] for one in results]

        self.assertEqual(
            places[0],
            {"artifactLocation": {"uri": "back/a%20b%23.py", "uriBaseId": "%SRCROOT%"}},
        )
        self.assertEqual(places[1]["region"], {"startLine": 12})

    def test_a_fingerprint_goes_by_the_subject_alone_where_there_is_one(self):
        one = replace(ERROR, subject="blog.0002: drops")
        moved = replace(one, location=WARNING.location, message="other")
        other = replace(one, subject="blog.0003: drops")
        results = run_of(replace(FAILED, findings=(one, moved, other)))["results"]
        first, second, third = (each["partialFingerprints"] for each in results)

        self.assertEqual(first, second)
        self.assertNotEqual(first, third)

    def test_a_gate_that_could_not_run_is_told(self):
        (invocation,) = run_of(PASSED, STOPPED)["invocations"]

        self.assertEqual(
            invocation,
            {
                "executionSuccessful": False,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": "lint could not run: flake8 is not installed"},
                    }
                ],
            },
        )

    def test_a_run_that_ended_early_is_a_document_too(self):
        (run,) = json.loads(render_problem("There is no gate 'x'."))["runs"]

        self.assertEqual(run["results"], [])
        (told,) = run["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual(told["message"]["text"], "There is no gate 'x'.")
