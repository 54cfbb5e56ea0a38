import contextlib
import unittest
from unittest import mock

from quality_harness.gates import _in_project
from quality_harness.gates._in_project import answer, described
from tests.harness.projects import ProjectCase


def found():
    return {"models": 3}


class AnswerTests(unittest.TestCase):
    def test_what_is_found_is_the_answer(self):
        with mock.patch.object(_in_project.django, "setup"):
            self.assertEqual(answer(found), {"models": 3})

    def test_a_problem_of_the_set_up_is_told_apart(self):
        with mock.patch.object(_in_project.django, "setup", side_effect=KeyError("SECRET")):
            told = answer(found)

        self.assertFalse(told["is_set_up"])
        self.assertRegex(told["problem"], r"_in_project.py:\d+: KeyError: 'SECRET'$")

    def test_settings_that_exit_are_a_problem(self):
        with mock.patch.object(_in_project.django, "setup", side_effect=SystemExit("no")):
            self.assertTrue(answer(found)["problem"].endswith("SystemExit: no"))

    def test_a_problem_of_what_is_asked_is_told_apart(self):
        with mock.patch.object(_in_project.django, "setup"):
            told = answer(mock.Mock(side_effect=ValueError("no graph")))

        self.assertTrue(told["is_set_up"])
        self.assertTrue(told["problem"].endswith("ValueError: no graph"))


class DescribedTests(ProjectCase):
    def described(self, code):
        """Return what is said of the exception of a module with this code."""
        self.write({"shop/models.py": code})
        path = self.root / "shop/models.py"
        try:
            exec(compile(path.read_text(), path, "exec"), {})
        except Exception as error:
            # As in the driver: here <string>, the name of a frame, could pass as a file.
            with contextlib.chdir(self.root):
                return described(error, self.root)

    def test_an_exception_is_placed_where_the_project_raised_it(self):
        self.assertEqual(
            self.described("x = 1\nx / 0\n"),
            "shop/models.py:2: ZeroDivisionError: division by zero",
        )

    def test_an_exception_in_a_library_is_placed_where_the_project_called_it(self):
        said = self.described("import json\n\njson.loads('')\n")

        self.assertTrue(said.startswith("shop/models.py:3: JSONDecodeError"))

    def test_code_that_is_not_valid_python_is_placed(self):
        self.assertEqual(self.described("x = 1\ndef (\n"), "shop/models.py:2: invalid syntax")

    def test_code_without_a_file_is_placed_where_the_project_ran_it(self):
        said = self.described("x = 1\nexec('def (')\n")

        self.assertTrue(said.startswith("shop/models.py:2: "))

    def test_an_exception_that_no_code_of_the_project_raised_has_no_place(self):
        self.assertEqual(described(ValueError("a\n b."), self.root), "ValueError: a b")
