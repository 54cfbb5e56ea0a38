from unittest import mock

from django.test import tag

from quality_harness import tool
from quality_harness.gate import CouldNotRun
from quality_harness.gates.lint import GATE
from tests.harness.projects import ProjectCase, places


@tag("slow")
class LintGateTests(ProjectCase):
    def test_an_unused_import_is_found_and_a_used_one_is_left_alone(self):
        self.write({"bad.py": "import os\n", "good.py": "import os\n\nprint(os.name)\n"})

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("F401", "bad.py", 1)])
        self.assertEqual(checked.findings[0].message, "'os' imported but unused")
        self.assertEqual(checked.checked, 2)

    def test_a_file_that_cannot_be_parsed_is_could_not_run(self):
        self.write({"broken.py": "x = 1\ndef broken(:\n"})

        with self.assertRaisesRegex(CouldNotRun, "flake8 cannot read broken.py:2: SyntaxError"):
            self.check(GATE)

    def test_flake8_settings_that_do_not_parse_are_could_not_run(self):
        self.write({"a.py": "x = 1\n", ".flake8": "[flake8]\nmax-line-length = wide\n"})

        with self.assertRaisesRegex(CouldNotRun, "flake8 failed: .*wide"):
            self.check(GATE)

    def test_a_clean_file_is_read_again_only_when_it_changes(self):
        self.write({"a.py": "x = 1\n", "b.py": "y = 1\n"})
        first = self.check(GATE)
        self.write({"b.py": "import os\n"})

        second = self.check(GATE)

        self.assertEqual(first.note, "2 changed since they were last clean")
        self.assertEqual(second.note, "1 changed since they were last clean")
        self.assertEqual(places(second), [("F401", "b.py", 1)])
        self.assertEqual(places(self.check(GATE)), [("F401", "b.py", 1)])

    def test_other_settings_read_every_file_again(self):
        self.write({"a.py": f"x = '{'a' * 90}'\n"})
        self.write({".flake8": "[flake8]\nmax-line-length = 100\n"})
        self.assertEqual(self.check(GATE).findings, ())

        self.write({".flake8": "[flake8]\nmax-line-length = 80\n"})

        self.assertEqual(places(self.check(GATE)), [("E501", "a.py", 1)])

    def test_a_project_without_python_files_has_nothing_to_check(self):
        self.assertEqual(self.check(GATE).checked, 0)

    def test_without_flake8_it_says_what_to_install(self):
        self.write({"a.py": "x = 1\n"})

        with (
            mock.patch.object(tool.importlib.util, "find_spec", return_value=None),
            self.assertRaisesRegex(CouldNotRun, r"django-quality-harness\[lint\]"),
        ):
            self.check(GATE)
