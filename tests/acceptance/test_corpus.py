"""The corpus as a table, and one of its cases: the whole of it is run by `make accept`."""

import tempfile
import unittest
from pathlib import Path

from tests.acceptance.case import COULD_NOT_RUN, FAIL, Case
from tests.acceptance.corpus import CASES
from tests.acceptance.judged import Judged, problems
from tests.acceptance.machine import APT_GET, Machine, Refused, Tools, run
from tests.acceptance.scenario import TEMPLATES, configured_gates, files
from tests.acceptance.turns import OF_GIT, TOOLS, own_case

BAD = Case("bad", lambda branch: None, red={"format": FAIL})
GOOD = Case("good", lambda branch: None)
GATES = ("format", "lint")


class TableTests(unittest.TestCase):
    def test_has_as_many_cases_as_are_promised_under_both_hosts(self) -> None:
        both = [case for case in CASES if len(case.hosts) == 2]

        self.assertGreaterEqual(sum(not case.is_good for case in both), 30)
        self.assertGreaterEqual(sum(case.is_good for case in both), 12)

    def test_names_are_used_once(self) -> None:
        names = [case.name for case in CASES]

        self.assertEqual(len(names), len(set(names)))

    def test_every_gate_has_a_case_and_a_tool(self) -> None:
        for gate in configured_gates():
            with self.subTest(gate):
                self.assertEqual(dict(own_case(gate, CASES).red), {gate: FAIL})
                self.assertTrue((gate in TOOLS) ^ (gate in OF_GIT))

    def test_a_gate_without_a_case_is_told(self) -> None:
        with self.assertRaises(LookupError):
            own_case("new-gate", CASES)

    def test_the_templates_are_taken_as_they_are(self) -> None:
        found = files()
        root = Path(__file__).parents[2]

        for source, target in TEMPLATES.items():
            self.assertEqual(found[target], (root / source).read_text(encoding="utf-8"))


class ProblemTests(unittest.TestCase):
    def assert_wrong(self, case: Case, judged: Judged, said: str) -> None:
        """Assert that a verdict is not taken for the case's."""
        self.assertIn(said, "; ".join(problems(case, judged, GATES)))

    def test_as_the_table_says(self) -> None:
        red = Judged(False, 1, {"format": "fail", "lint": "pass"})
        green = Judged(True, 0, {"format": "pass", "lint": "pass"})

        self.assertEqual(problems(BAD, red, GATES), [])
        self.assertEqual(problems(GOOD, green, GATES), [])

    def test_a_bad_one_that_is_green(self) -> None:
        judged = Judged(True, 0, {"format": "pass", "lint": "pass"})

        self.assert_wrong(BAD, judged, "it is green")
        self.assert_wrong(BAD, judged, "red is none")

    def test_a_good_one_that_is_red(self) -> None:
        self.assert_wrong(GOOD, Judged(False, 1, {"format": "fail", "lint": "pass"}), "it is red")

    def test_another_gate_than_the_one_meant(self) -> None:
        judged = Judged(False, 1, {"format": "pass", "lint": "fail"})

        self.assert_wrong(BAD, judged, "red is {'lint': 'fail'}")

    def test_another_kind_of_red(self) -> None:
        judged = Judged(False, 2, {"format": COULD_NOT_RUN, "lint": "pass"})

        self.assert_wrong(BAD, judged, "exit code 2 in place of 1")

    def test_a_gate_that_says_nothing(self) -> None:
        self.assert_wrong(GOOD, Judged(True, 0, {"format": "pass"}), "not a word of lint")

    def test_gates_that_ran_where_none_could(self) -> None:
        stops = Case("stops", lambda branch: None, stops=True)

        self.assert_wrong(stops, Judged(False, 2, {"format": "pass"}), "format ran")


class MachineTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name).resolve()
        cls.machine = Machine(cls.folder)

    def ended(self, tools: Tools, *command: str) -> tuple[int, str]:
        """Run a command on the machine and return its exit code and output."""
        done = run(command, self.folder, self.machine.variables(tools, self.folder))
        return done.code, done.output

    def test_has_the_tools_and_its_own_python(self) -> None:
        code, said = self.ended(Tools(), "python", "-c", "import sys, black; print(sys.prefix)")

        self.assertEqual((code, said.startswith(str(self.folder))), (0, True))
        self.assertEqual(self.ended(Tools(), "black", "--version")[0], 0)

    def test_a_missing_tool_is_not_there(self) -> None:
        tools = Tools(missing=("black",))

        code, said = self.ended(tools, "python", "-c", "import black")
        self.assertEqual(code, 1)
        self.assertIn("No module named 'black'", said)
        self.assertEqual(self.ended(tools, "bash", "-c", "black --version")[0], 127)

    def test_an_idle_tool_says_nothing(self) -> None:
        tools = Tools(idle=("black",))

        self.assertEqual(self.ended(tools, "python", "-m", "black", "--nonsense"), (0, ""))
        self.assertEqual(self.ended(tools, "black", "--nonsense"), (0, ""))

    def test_git_can_be_missing_or_idle(self) -> None:
        self.assertEqual(self.ended(Tools(missing=("git",)), "bash", "-c", "git status")[0], 127)
        self.assertEqual(self.ended(Tools(idle=("git",)), "git", "nonsense"), (0, ""))

    def test_an_unknown_tool_is_refused(self) -> None:
        with self.assertRaises(Refused):
            self.machine.variables(Tools(missing=("celery",)), self.folder)

    def test_nothing_is_installed_that_was_not_asked_for_here(self) -> None:
        self.assertEqual(self.ended(Tools(), "apt-get", "update", "-qq"), (0, ""))
        self.assertEqual(self.ended(Tools(), "apt-get", "install", "nginx")[0], 100)
        self.assertIn("not known", APT_GET)
