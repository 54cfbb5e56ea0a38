from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates.format import GATE
from tests.harness.projects import ProjectCase, places


@tag("slow")
class FormatGateTests(ProjectCase):
    def test_an_unformatted_file_is_found_and_a_formatted_one_is_left_alone(self):
        self.write({"bad.py": "x = { 'a':1 }\n", "good.py": 'x = {"a": 1}\n'})

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("FMT001", "bad.py", 0)])
        self.assertEqual(checked.findings[0].hint, "black bad.py")
        self.assertEqual(checked.checked, 2)

    def test_a_file_that_cannot_be_parsed_is_could_not_run(self):
        self.write({"broken.py": "def broken(:\n"})

        with self.assertRaisesRegex(CouldNotRun, r"^black cannot parse broken.py:1:11\. Mend"):
            self.check(GATE)

    def test_black_settings_that_do_not_parse_are_could_not_run(self):
        self.write({"a.py": "x = 1\n", "pyproject.toml": "[tool.black]\nline-length = 'x'\n"})

        with self.assertRaisesRegex(CouldNotRun, "did not say what it read, but: .*line-length"):
            self.check(GATE)

    def test_an_excluded_folder_may_hold_what_it_likes(self):
        self.write({"samples/broken.py": "def (:\n", "samples/bad.py": "x=1\n", "a.py": "x = 1\n"})

        checked = self.check(GATE, excluded=("samples",))

        self.assertEqual((checked.findings, checked.checked), ((), 1))

    def test_a_target_version_does_not_hide_which_file_it_is(self):
        self.write({"pyproject.toml": "[tool.black]\ntarget-version = ['py311', 'py312']\n"})
        self.write({"samples/broken.py": "def (:\n", "a.py": "x = 1\n"})
        self.assertEqual(self.check(GATE, excluded=("samples",)).findings, ())

        with self.assertRaisesRegex(CouldNotRun, r"^black cannot parse samples/broken.py:1:"):
            self.check(GATE)

    def test_a_file_name_with_a_line_break_is_no_way_around(self):
        self.write({"a\nb.py": "x=1\n", "c.py": "x = 1\n"})

        self.assertEqual([one.code for one in self.check(GATE).findings], ["FMT001"])

    def test_a_black_that_says_nothing_is_could_not_run(self):
        self.write({"a.py": "x = 1\n", "pyproject.toml": "[tool.black]\nquiet = true\n"})

        with self.assertRaisesRegex(CouldNotRun, "nothing; is quiet set"):
            self.check(GATE)

    def test_a_project_without_python_files_has_nothing_to_check(self):
        self.assertEqual(self.check(GATE).checked, 0)
