import json
import os
from subprocess import CompletedProcess
from unittest import mock

from django.dispatch import Signal
from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates import _fresh_process, isolation
from quality_harness.gates.isolation import GATE, Options
from quality_harness.testing.polluters import Dependence
from quality_harness.testing.reordering import VARIABLE, Answer
from quality_harness.tool import WATCHED, WATCHED_STATE, digest, work_folder
from tests.harness.projects import ProjectCase, places

STRICT = '[tool.quality_harness.testing]\nstrict = ["leaks"]\n'
PROCESS = {
    "settings": "",
    "imported": [],
    "connected": [],
    "hasher": None,
    "eager": False,
    "propagates": False,
}
RECEIVER = """
from django.db.models.signals import post_save
from django.dispatch import receiver

@receiver(post_save)
def heard(**kwargs): ...
"""
READY = """
from django.db.models.signals import post_save

class ShopConfig:
    def ready(self):
        post_save.connect(heard)
"""


class IsolationCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"pyproject.toml": STRICT, "checks/test_a.py": ""})
        self.process = {**PROCESS, "settings": str(self.root / "settings.py")}

    def leave(self, *problems: list[str]) -> None:
        """Leave what the gate `tests` leaves of one test."""
        work_folder(self.root)
        line = {
            "path": "checks/test_a.py",
            "line": 3,
            "name": "ATests.test_a",
            "is_test": True,
            "problems": problems,
        }
        (self.root / WATCHED).write_text(json.dumps(line) + "\n", encoding="utf-8")
        state = digest(self.root, self.project().python_files())
        (self.root / WATCHED_STATE).write_text(state, encoding="utf-8")

    def check_with(self, answer: Answer | None = None, **options: object):
        """Check the project with what a process that was started would have said."""

        def run(module, arguments, *, environment, **rest) -> CompletedProcess:
            self.commands.append([module, *arguments])
            if VARIABLE in environment:
                file = json.loads(environment[VARIABLE])["file"]
                if answer is not None:
                    document = {**vars(answer), "dependences": list(map(vars, answer.dependences))}
                    isolation.Path(file).write_text(json.dumps(document))
            else:
                isolation.Path(arguments[0]).write_text(json.dumps(self.process))
            return CompletedProcess([], 2, "", "no such database\n")

        self.commands: list[list[str]] = []
        with mock.patch.object(isolation, "run_module", run):
            return self.check(GATE, options=Options(**options), python_path=("src", "."))


class WatchedTests(IsolationCase):
    def test_what_the_watches_have_found_are_findings(self) -> None:
        self.leave(["ISO005", "ATests.test_a leaves a thread running.", "Join it."])
        checked = self.check_with()
        self.assertEqual(places(checked), [("ISO005", "checks/test_a.py", 3)])
        self.assertEqual((checked.checked, checked.unit, checked.note), (1, "tests", ""))

    def test_a_clean_project_has_none(self) -> None:
        self.leave()
        self.assertEqual(self.check_with().findings, ())

    def test_where_nothing_is_watched_it_could_not_run(self) -> None:
        for strict in ("[]", '["assertions"]'):
            self.write({"pyproject.toml": f"[tool.quality_harness.testing]\nstrict = {strict}\n"})
            with self.assertRaisesRegex(
                CouldNotRun, "Name at least one of leaks, on-commit, tasks"
            ):
                self.check_with()

    def test_where_the_tests_have_left_nothing_it_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "has left nothing"):
            self.check_with()


class ProcessTests(IsolationCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"settings.py": "DEBUG = False\nPASSWORD_HASHERS = []\n"})
        self.leave()

    def test_a_slow_hasher_is_found_where_it_stands(self) -> None:
        self.process["hasher"] = ["pbkdf2_sha256", 0.25]
        checked = self.check_with()
        self.assertEqual(places(checked), [("ISO009", "settings.py", 2)])
        self.assertIn("takes 250 ms: the settings of the tests hash", checked.findings[0].message)

    def test_a_fast_one_is_fine(self) -> None:
        self.process["hasher"] = ["md5", 0.0001]
        self.assertEqual(self.check_with().findings, ())

    def test_eager_celery_that_keeps_errors_is_found(self) -> None:
        self.process["eager"] = True
        self.assertEqual(places(self.check_with()), [("ISO003", "settings.py", 0)])
        self.process["propagates"] = True
        self.assertEqual(places(self.check_with()), [])

    def test_settings_of_a_package_have_no_place(self) -> None:
        self.process.update(eager=True, settings="/usr/lib/settings.py")
        self.assertEqual(places(self.check_with()), [("ISO003", "", 0)])

    def test_a_receiver_whose_module_nobody_imports_is_found(self) -> None:
        self.write({"shop/receivers.py": RECEIVER, "shop/others.py": RECEIVER})
        self.leave()
        self.process["imported"] = [str(self.root / "shop/others.py")]
        checked = self.check_with()
        self.assertEqual(places(checked), [("ISO008", "shop/receivers.py", 4)])
        self.assertIn("from . import receivers", checked.findings[0].hint)

    def test_a_receiver_of_a_ready_that_does_not_run_is_found(self) -> None:
        self.write({"shop/apps.py": READY})
        self.leave()
        self.assertEqual(places(self.check_with()), [("ISO008", "shop/apps.py", 5)])
        self.process["connected"] = ["heard"]
        self.assertEqual(places(self.check_with()), [])

    def test_receivers_of_tests_and_migrations_are_left_out(self) -> None:
        names = ("tests/helpers.py", "shop/test_a.py", "conftest.py", "shop/migrations/a.py")
        self.write(dict.fromkeys(names, RECEIVER))
        self.leave()
        self.assertEqual(places(self.check_with()), [])

    def test_a_file_that_is_no_python_is_could_not_run(self) -> None:
        self.write({"shop/receivers.py": "receiver ("})
        self.leave()
        with self.assertRaisesRegex(CouldNotRun, "shop/receivers.py cannot be read"):
            self.check_with()

    def test_django_that_cannot_be_set_up_is_could_not_run(self) -> None:
        self.process = {"problem": "settings.py:1: no key"}
        with self.assertRaisesRegex(CouldNotRun, "cannot be set up: settings.py:1: no key"):
            self.check_with()

    def test_a_process_that_dies_is_could_not_run(self) -> None:
        for stderr, said in (("x\nkilled\n", "killed"), ("", "no reason given")):
            done = CompletedProcess([], -9, "", stderr)
            with (
                mock.patch.object(isolation, "run_module", return_value=done),
                self.assertRaisesRegex(CouldNotRun, f"exit code -9: {said}"),
            ):
                self.check(GATE)


class OrderTests(IsolationCase):
    def setUp(self) -> None:
        super().setUp()
        self.leave()

    def order(self, *found: Dependence, tests: int = 2, problem: str = "", **options: object):
        return self.check_with(Answer(tests, found, problem), order=True, **options)

    def test_it_is_said_how_the_tests_ran(self) -> None:
        self.assertEqual(self.order().note, "2 tests run again, reversed")
        self.assertEqual(self.order(seed=5).note, "2 tests run again, shuffled with seed 5")

    def test_both_tests_are_named(self) -> None:
        victim, other = "checks.test_a.ATests.test_a", "checks.test_b.BTests.test_b"
        checked = self.order(Dependence(victim, "1 != 2", other))
        self.assertEqual(places(checked), [("ISO010", "checks/test_a.py", 0)])
        (finding,) = checked.findings
        self.assertEqual(finding.message, f"{victim} fails after {other}: 1 != 2")
        self.assertIn("Let the second one put back what it changes.", finding.hint)

    def test_a_test_that_needs_another_one_is_told_so(self) -> None:
        name = "checks/test_a.py::ATests::test_a"
        (finding,) = self.order(Dependence(name, "no", "b", is_needed=True)).findings
        self.assertEqual(finding.location.path, "checks/test_a.py")
        self.assertEqual(finding.message, f"{name} fails unless it runs after b: no")
        self.assertIn("Let the first one set up itself", finding.hint)

    def test_without_another_one_the_reason_is_told(self) -> None:
        (finding,) = self.order(Dependence("gone.Test.test", "no", note="for several")).findings
        self.assertEqual(finding.location.path, "")
        self.assertEqual(finding.message, "gone.Test.test fails in another order: no (for several)")

    def test_a_run_without_end_or_without_tests_is_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "^Out of time. Give it more time: "):
            self.order(problem="Out of time")
        with self.assertRaisesRegex(CouldNotRun, "^There are no tests. "):
            self.order(tests=0)

    def test_a_runner_that_does_not_answer_is_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "exit code 2: no such database"):
            self.check_with(order=True)

    def test_an_unknown_runner_is_could_not_run(self) -> None:
        self.write({"pyproject.toml": f"{STRICT}[tool.quality_harness.tests]\nrunner = 'nose'\n"})
        with self.assertRaisesRegex(CouldNotRun, "There is no runner 'nose'"):
            self.order()

    def test_the_arguments_of_the_tests_are_taken_for_one_process(self) -> None:
        for runner, arguments, expected in (
            ("pytest", ["-n", "4"], ["-n", "4", "--numprocesses", "0"]),
            ("pytest", ["-k", "a"], ["-k", "a"]),
            ("django", ["--parallel", "2"], ["--parallel", "2"]),
        ):
            text = f"[tool.quality_harness.tests]\nrunner = '{runner}'\narguments = {arguments}\n"
            self.write({"pyproject.toml": STRICT + text})
            self.order()
            self.assertEqual(self.commands[-1][-len(expected) :], expected)


class FreshProcessTests(ProjectCase):
    def test_this_process_is_described(self) -> None:
        def heard_for_good(**kwargs) -> None:
            """Hear, as long as the signal lives."""

        signal = Signal()
        signal.connect(heard_for_good, weak=False)
        target = self.root / "process.json"
        _fresh_process.main(str(target))
        found = json.loads(target.read_text(encoding="utf-8"))
        self.assertEqual(found["hasher"][0], "md5")
        self.assertEqual((found["eager"], found["propagates"]), (True, True))
        self.assertLessEqual({"tell_author", "heard_for_good"}, set(found["connected"]))
        self.assertIn(os.path.realpath(_fresh_process.__file__), found["imported"])
        self.assertTrue(found["settings"].endswith("config/settings/test.py"))

    @tag("slow")
    def test_a_project_without_users_and_tasks(self) -> None:
        self.write({"shop_settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\n"})
        project = self.project(settings="shop_settings")
        found = isolation._fresh_process(project)
        self.assertEqual((found["hasher"], found["eager"]), (None, False))
