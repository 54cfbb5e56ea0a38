import json

from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.testing.watched import left_by_tests
from quality_harness.tool import WATCHED, WATCHED_STATE, digest
from tests.harness.projects import ProjectCase

PROBLEM = ["HON001", "A.test_it asserts nothing.", "Assert something."]
LINE = {
    "is_test": True,
    "path": "test_it.py",
    "line": 3,
    "name": "A.test_it",
    "problems": [PROBLEM],
}


@tag("slow")
class LeftByTestsTests(ProjectCase):
    def leave(self, *lines: object) -> None:
        self.write({"test_it.py": "import unittest\n"})
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        state = digest(self.root, self.project().python_files())
        self.write({WATCHED: text, WATCHED_STATE: state})

    def test_findings_stand_at_their_test(self) -> None:
        self.leave(LINE, LINE | {"problems": []})

        watched = left_by_tests(self.project())

        self.assertEqual(watched.tests, 2)
        [finding] = watched.of(["test-honesty"])
        self.assertEqual((finding.code, finding.location.line), ("HON001", 3))
        self.assertEqual(finding.message, "A.test_it asserts nothing.")

    def test_without_a_run_of_the_tests_there_is_no_verdict(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "has left nothing"):
            left_by_tests(self.project())

    def test_files_that_have_changed_since_are_no_verdict(self) -> None:
        self.leave(LINE)
        self.write({"test_it.py": "import unittest  # changed\n"})

        with self.assertRaisesRegex(CouldNotRun, "have changed since"):
            left_by_tests(self.project())

    def test_a_run_that_watched_nothing_is_no_verdict(self) -> None:
        self.leave()

        with self.assertRaisesRegex(CouldNotRun, "No test was watched"):
            left_by_tests(self.project())
