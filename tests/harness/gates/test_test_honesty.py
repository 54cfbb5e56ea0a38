import json

from django.test import tag

from quality_harness import engine
from quality_harness.gate import CouldNotRun, Verdict
from quality_harness.gates.test_honesty import GATE, Options
from quality_harness.tool import WATCHED, WATCHED_STATE, digest, work_folder
from tests.harness.projects import ProjectCase, places

STRICT = '[tool.quality_harness.testing]\nstrict = ["assertions"]\n'
GOOD = "def test_total():\n    assert total() == 3\n"
BAD = "def test_total():\n    assert total\n    total() == 3\n"


class TestHonestyGateTests(ProjectCase):
    def leave(self, *problems: list[str], tests: int = 1) -> None:
        """Leave what the gate `tests` would, after a run of so many tests."""
        line = {
            "is_test": True,
            "path": "test_a.py",
            "line": 1,
            "name": "test_total",
            "problems": problems,
        }
        lines = [json.dumps(line)] + [json.dumps(line | {"problems": []})] * (tests - 1)
        work_folder(self.root)
        (self.root / WATCHED).write_text("\n".join(lines[:tests]), encoding="utf-8")
        state = digest(self.root, self.project().python_files())
        (self.root / WATCHED_STATE).write_text(state, encoding="utf-8")

    def test_what_the_source_tells_and_what_was_counted_is_found(self):
        self.write({"pyproject.toml": STRICT, "test_a.py": BAD})
        self.leave(["HON001", "test_total asserts nothing.", "Assert."], tests=3)

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("HON001", "test_a.py", 1), ("HON023", "test_a.py", 3)])
        self.assertEqual(
            (checked.checked, checked.unit, checked.note), (3, "tests", "1 files of test code")
        )
        self.assertEqual(checked.problem, "")

    def test_honest_tests_are_left_alone(self):
        self.write({"pyproject.toml": STRICT, "test_a.py": GOOD, "shop.py": BAD})
        self.leave()

        self.assertEqual(places(self.check(GATE)), [])

    def test_without_counting_there_is_no_verdict_but_findings(self):
        self.write({"test_a.py": BAD})

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("HON023", "test_a.py", 3)])
        self.assertIn('strict = ["assertions"]', checked.problem)

    def test_other_watches_are_kept_in_the_advice(self):
        self.write({"pyproject.toml": STRICT.replace("assertions", "others"), "test_a.py": GOOD})

        self.assertIn('strict = ["others", "assertions"]', self.check(GATE).problem)

    def test_without_a_run_of_the_tests_there_is_no_verdict(self):
        self.write({"pyproject.toml": STRICT, "test_a.py": GOOD})

        self.assertIn("has left nothing", self.check(GATE).problem)

    def test_after_an_edit_there_is_no_verdict(self):
        self.write({"pyproject.toml": STRICT, "test_a.py": GOOD})
        self.leave()
        self.write({"test_a.py": GOOD + "\n"})

        self.assertIn("files have changed", self.check(GATE).problem)

    def test_where_no_test_was_watched_there_is_no_verdict(self):
        self.write({"pyproject.toml": STRICT, "test_a.py": GOOD})
        self.leave(tests=0)

        self.assertIn("No test was watched", self.check(GATE).problem)

    def test_without_test_code_it_cannot_run(self):
        self.write({"shop.py": GOOD})

        with self.assertRaisesRegex(CouldNotRun, "no test code"):
            self.check(GATE)

    def test_a_file_that_is_no_python_cannot_be_judged(self):
        self.write({"test_a.py": "def test_a(:\n"})

        with self.assertRaisesRegex(CouldNotRun, "test_a.py:1 is not valid Python"):
            self.check(GATE)

    def test_samples_are_left_out(self):
        self.write({"test_a.py": GOOD, "tests/samples/a.py": BAD})

        checked = self.check(GATE, options=Options(exclude=("tests/samples",)))

        self.assertEqual(places(checked), [])

    def test_an_excluded_folder_that_is_not_there_is_refused(self):
        self.write({"test_a.py": GOOD})

        with self.assertRaisesRegex(CouldNotRun, "'samples', which does not exist"):
            self.check(GATE, options=Options(exclude=("samples",)))


PYPROJECT = """
    [tool.pytest.ini_options]
    python_files = ["test_*.py"]
    DJANGO_SETTINGS_MODULE = "settings"
    pythonpath = ["."]
    [tool.quality_harness]
    settings = "settings"
    [tool.quality_harness.tests]
    runner = "{runner}"
    coverage = false
    [tool.quality_harness.testing]
    strict = ["assertions"]
    """
SETTINGS = """
    SECRET_KEY = "a"
    USE_TZ = True
    TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
    """
CASES = """
    import unittest

    from tests.helpers import check


    class TotalTests(unittest.TestCase):
        def test_nothing(self):
            sum([1])

        def test_helper(self):
            check(1)

        # quality-harness: ignore[HON001]: it must only run
        def test_accepted(self):
            sum([1])
    """


@tag("slow")
class BothRunnersTests(ProjectCase):
    def found(self, runner):
        """Return the verdicts by gate, and the counted findings, of a whole run."""
        self.write(
            {
                "pyproject.toml": PYPROJECT.format(runner=runner),
                "settings.py": SETTINGS,
                "tests/__init__.py": "",
                "tests/helpers.py": "def check(total):\n    assert total == 1\n",
                "tests/test_total.py": CASES,
            }
        )
        self.commit()
        request = engine.Request(self.root, ("tests", "test-honesty"), everything=True)
        report = engine.run(request, engine.discover_gates())
        counted = [(one.code, one.location.line) for one in report.findings if one.counts]
        return {result.gate: result.verdict for result in report.results}, counted

    def test_pytest(self):
        verdicts, counted = self.found("pytest")

        self.assertEqual(verdicts["tests"], Verdict.PASS)
        self.assertEqual(verdicts["test-honesty"], Verdict.FAIL)
        self.assertEqual(counted, [("HON001", 7)])

    def test_django(self):
        verdicts, counted = self.found("django")

        self.assertEqual(verdicts["tests"], Verdict.PASS)
        self.assertEqual(counted, [("HON001", 7)])
