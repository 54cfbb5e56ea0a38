import os
from dataclasses import replace
from unittest import mock

from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates.tests import GATE, Options
from quality_harness.tool import COVERAGE_DATA, COVERAGE_STATE, WATCHED, alone
from tests.harness.projects import ProjectCase, places

PLAIN = Options(arguments=("-p", "no:django", "-p", "no:cacheprovider"), coverage=False)
SUITE = """
    import unittest


    class SumTests(unittest.TestCase):
        def test_right(self):
            self.assertEqual(1 + 1, 2)

        def test_wrong(self):
            self.assertEqual(1 + 1, 3)

        @unittest.skip("later")
        def test_later(self):
            pass
    """


@tag("slow")
class TestsGateTests(ProjectCase):
    def test_a_failing_test_is_found_and_a_passing_one_is_left_alone(self):
        self.write({"test_sum.py": SUITE})

        checked = self.check(GATE, options=PLAIN)

        self.assertEqual(places(checked), [("TST001", "test_sum.py", 8)])
        self.assertEqual(
            checked.findings[0].message, "SumTests.test_wrong fails: AssertionError: 2 != 3"
        )
        self.assertEqual(checked.findings[0].hint, "pytest test_sum.py -k 'test_wrong'")
        self.assertEqual((checked.checked, checked.note), (2, "1 skipped"))

    def test_a_test_that_is_left_out_is_found_unless_the_arguments_say_so(self):
        tests = "".join(f"def test_{number}():\n    assert {number} > 0\n" for number in range(7))
        ini = "[tool.pytest.ini_options]\naddopts = \"-k 'test_1'\"\n"
        self.write({"test_sum.py": tests, "pyproject.toml": ini})
        asked = replace(PLAIN, arguments=(*PLAIN.arguments, "-k", "not test_0"))

        checked = self.check(GATE, options=PLAIN)
        silent = self.check(GATE, options=asked)

        self.assertEqual(places(checked), [("TST004", "test_sum.py", 1)])
        self.assertIn("test_0, test_2, test_3, test_4, test_5 and 1 more", str(checked.findings))
        self.assertEqual((places(silent), silent.checked), ([], 6))

    def test_a_failure_that_a_hook_reports_as_passed_is_found(self):
        rewrite = """
            import pytest


            @pytest.hookimpl(hookwrapper=True)
            def pytest_runtest_makereport(item, call):
                (yield).get_result().outcome = "passed"
            """
        self.write({"test_sum.py": "def test_it():\n    assert 1 > 2\n", "conftest.py": rewrite})

        checked = self.check(GATE, options=PLAIN)

        self.assertEqual(places(checked), [("TST001", "test_sum.py", 1)])
        self.assertIn("a hook of the project has it reported as passed", str(checked.findings))

    def test_failures_that_are_expected_are_counted_in_the_row(self):
        self.write(
            {
                "test_sum.py": """
                import unittest


                class SumTests(unittest.TestCase):
                    @unittest.expectedFailure
                    def test_wrong(self):
                        self.assertEqual(1 + 1, 3)
                """,
                "settings.py": "SECRET_KEY = 'x'\n",
            }
        )
        by_django = Options(runner="django", coverage=False)

        notes = [
            self.check(GATE, options=PLAIN).note,
            self.check(GATE, options=by_django, settings="settings").note,
        ]

        self.assertEqual(notes, ["1 expected to fail", "1 expected to fail"])

    def test_what_a_watch_finds_is_told_unless_its_own_gate_tells_it(self):
        self.write(
            {
                "pyproject.toml": '[tool.quality_harness.testing]\nstrict = ["assertions"]\n',
                "test_sum.py": """
                    import unittest


                    class SumTests(unittest.TestCase):
                        def test_nothing(self):
                            pass
                    """,
            }
        )

        alone = self.check(GATE, options=PLAIN)
        beside = self.check(GATE, options=PLAIN, gates=("tests", "test-honesty"))

        self.assertEqual(places(alone), [("HON001", "test_sum.py", 5)])
        self.assertEqual(places(beside), [])
        self.assertIn(WATCHED, beside.leaves)

    def test_a_set_up_that_fails_is_found(self):
        self.write({"test_sum.py": """
                import pytest


                @pytest.fixture
                def broken():
                    raise OSError("no disk")


                def test_it(broken):
                    pass
                """})

        checked = self.check(GATE, options=PLAIN)

        self.assertIn("no disk", checked.findings[0].message)

    def test_a_module_that_cannot_be_imported_is_could_not_run(self):
        self.write({"test_sum.py": "import nowhere\n"})

        with self.assertRaisesRegex(CouldNotRun, "cannot be imported: test_sum.py: .*'nowhere'"):
            self.check(GATE, options=PLAIN)

    def test_a_suite_without_tests_has_nothing_to_check(self):
        self.write({"test_sum.py": "x = 1\n"})

        self.assertEqual(self.check(GATE, options=PLAIN).checked, 0)

    def test_an_argument_that_pytest_does_not_know_is_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "unrecognized arguments: --nonsense"):
            self.check(GATE, options=Options(arguments=("--nonsense",), coverage=False))

    def test_a_run_that_is_broken_off_is_could_not_run(self):
        self.write(
            {"test_sum.py": "import pytest\n\n\ndef test_it():\n    pytest.exit('enough')\n"}
        )

        with self.assertRaisesRegex(CouldNotRun, "pytest ended with exit code 2"):
            self.check(GATE, options=PLAIN)

    def test_a_plugin_that_fails_the_run_without_a_test_is_could_not_run(self):
        self.write(
            {
                "test_sum.py": "def test_it():\n    assert 1 + 1 == 2\n",
                "conftest.py": "def pytest_sessionfinish(session):\n    session.exitstatus = 1\n",
            }
        )

        with self.assertRaisesRegex(CouldNotRun, "pytest ended with exit code 1"):
            self.check(GATE, options=PLAIN)

    def test_a_process_that_dies_is_could_not_run(self):
        self.write({"test_sum.py": "import os\n\n\ndef test_it():\n    os._exit(3)\n"})

        with self.assertRaisesRegex(CouldNotRun, "exit code 3: it said nothing"):
            self.check(GATE, options=PLAIN)

    def test_a_second_run_in_the_same_checkout_is_sent_away(self):
        self.write({"test_sum.py": SUITE})

        with (
            alone(self.root, "tests"),
            self.assertRaisesRegex(CouldNotRun, "Another run of this gate"),
        ):
            self.check(GATE, options=PLAIN)

    def test_an_unknown_runner_is_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "no runner 'pytst'. Did you mean 'pytest'?"):
            self.check(GATE, options=Options(runner="pytst"))

    def test_djangos_runner_finds_the_same_failure(self):
        self.write({"test_sum.py": SUITE, "settings.py": "SECRET_KEY = 'x'\n"})
        options = Options(runner="django", coverage=False)

        checked = self.check(GATE, options=options, settings="settings")

        self.assertEqual(places(checked), [("TST001", "test_sum.py", 8)])
        self.assertEqual(
            checked.findings[0].message, "SumTests.test_wrong fails: AssertionError: 2 != 3"
        )
        self.assertEqual((checked.checked, checked.note), (2, "1 skipped"))

    def test_a_class_that_cannot_be_set_up_is_found_by_its_name(self):
        broken = """
            import unittest


            class SumTests(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    raise OSError("no disk")

                def test_right(self):
                    self.assertEqual(1 + 1, 2)
            """
        self.write({"test_sum.py": broken, "settings.py": "SECRET_KEY = 'x'\n"})
        options = Options(runner="django", coverage=False)

        checked = self.check(GATE, options=options, settings="settings")

        self.assertEqual(places(checked), [("TST001", "", 0)])
        self.assertIn("setUpClass (test_sum.SumTests) fails: OSError", checked.findings[0].message)

    def test_coverage_data_is_left_for_the_coverage_gate(self):
        self.write(
            {
                "test_sum.py": "def test_it():\n    assert 1 + 1 == 2\n",
                "pyproject.toml": "[tool.coverage.run]\nparallel = true\n",
            }
        )

        self.write({f"{COVERAGE_DATA}.of.a.killed.run": "old"})

        self.check(GATE, options=Options(arguments=PLAIN.arguments))

        self.assertFalse((self.root / f"{COVERAGE_DATA}.of.a.killed.run").exists())
        self.assertTrue((self.root / COVERAGE_DATA).is_file())
        self.assertTrue((self.root / COVERAGE_STATE).is_file())

    def test_services_that_do_not_answer_are_could_not_run(self):
        unreachable = {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/shop"}
        with (
            mock.patch.dict(os.environ, unreachable),
            self.assertRaises(CouldNotRun) as caught,
        ):
            self.check(GATE, options=Options(services=True))

        self.assertIn("DATABASE_URL", str(caught.exception))
        self.assertNotIn("secret", str(caught.exception))
