from django.test import override_settings

from quality_harness.testing import collect_django
from quality_harness.testing.collected import FunctionId, read_collected
from tests.harness.testing.suites import SuiteCase

RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"


class RunnerWithoutSuite:
    def __init__(self, **options: object) -> None: ...


class CollectTests(SuiteCase):
    def test_gives_cases_and_modules(self) -> None:
        self.write({"checks/test_a.py": """
                import unittest
                class ATests(unittest.TestCase):
                    def test_one(self): ...
                """})
        collected = self.by_django()
        place = FunctionId("checks/test_a.py", "ATests", "test_one")
        self.assertEqual([case.collected_as for case in collected.cases], [place])
        self.assertIn("checks/test_a.py", collected.opened)
        self.assertNotIn("checks/__init__.py", collected.opened)
        self.assertEqual(collected.patterns, ("test*.py",))

    def test_gives_the_error_of_a_module_that_cannot_be_imported(self) -> None:
        self.write({"checks/test_a.py": "import nowhere_at_all"})
        self.assertEqual(
            self.by_django().errors,
            (("checks.test_a", "ModuleNotFoundError: No module named 'nowhere_at_all'"),),
        )

    def test_gives_a_module_that_skips_itself(self) -> None:
        self.write({"checks/test_a.py": "import unittest\nraise unittest.SkipTest('no')"})
        collected = self.by_django()
        self.assertEqual(collected.skipped, {"checks/test_a.py"})
        self.assertEqual(collected.cases, ())

    @override_settings(TEST_RUNNER=f"{__name__}.RunnerWithoutSuite")
    def test_refuses_a_runner_that_builds_no_suite(self) -> None:
        with self.assertRaisesRegex(SystemExit, "RunnerWithoutSuite' builds no suite"):
            collect_django.collect(self.root)

    @override_settings(TEST_RUNNER=RUNNER)
    def test_main_writes_the_file(self) -> None:
        self.write({"checks/test_a.py": "import unittest"})
        file = self.root / "out.json"
        with self.inside():
            self.assertEqual(collect_django.main([str(file)]), 0)
        self.assertEqual(read_collected(file).runner, "django")


class BothRunnersTests(SuiteCase):
    def test_collect_the_same_number(self) -> None:
        self.write({"checks/test_a.py": """
                import unittest
                class Mixin:
                    def test_one(self): ...
                class ATests(Mixin, unittest.TestCase):
                    def test_two(self): ...
                class BTests(ATests): ...
                """})
        pytest_cases = [case.collected_as for case in self.by_pytest().cases]
        django_cases = [case.collected_as for case in self.by_django().cases]
        self.assertEqual(sorted(pytest_cases), sorted(django_cases))
        self.assertEqual(len(django_cases), 4)
