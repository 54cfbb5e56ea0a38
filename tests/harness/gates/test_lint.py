from unittest import mock

from django.test import tag

from quality_harness import tool
from quality_harness.gate import CouldNotRun
from quality_harness.gates import _kept_run
from quality_harness.gates.lint import GATE
from tests.harness.gates.kept import KeptRunCase, KeptRunTests
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

    def test_other_settings_read_every_file_again(self):
        self.write({"a.py": f"x = '{'a' * 90}'\n"})
        self.write({".flake8": "[flake8]\nmax-line-length = 100\n"})
        self.assertEqual(self.check(GATE).findings, ())

        self.write({".flake8": "[flake8]\nmax-line-length = 80\n"})

        self.assertEqual(places(self.check(GATE)), [("E501", "a.py", 1)])
        self.write({".flake8": "[flake8]\nmax-line-length = 100\n"})
        self.assertEqual(self.check(GATE).findings, ())

    def test_what_flake8_excludes_is_not_read_and_not_counted(self):
        self.write({"shop/migrations/0001_initial.py": "import os\n", "a.py": "x = 1\n"})
        self.write({".flake8": "[flake8]\nextend-exclude = migrations\n"})

        checked = self.check(GATE)

        self.assertEqual((checked.findings, checked.checked), ((), 1))

    def test_settings_that_exclude_everything_leave_nothing_to_check(self):
        self.write({"a.py": "import os\n", ".flake8": "[flake8]\nexclude = *\n"})

        self.assertEqual(self.check(GATE).checked, 0)

    def test_a_name_that_would_break_an_answer_in_two_is_could_not_run_each_time(self):
        self.write({"b.py": "y = 1\n"})
        for name in ("a\rb.py", "a\x1fb.py", "a\x1e\x1eb.py"):
            (self.root / name).write_text("import os\n")
            for _ in range(2):
                with self.subTest(name), self.assertRaises(CouldNotRun) as caught:
                    self.check(GATE)
                self.assertIn(f"A file is called {name!r}", str(caught.exception))
            (self.root / name).unlink()

    def test_a_name_with_a_line_break_is_told_from_the_end_of_it(self):
        self.write({"b.py": "y = 1\n"})
        for name in ("a\nb.py", "a\u2028b.py", "a\x85b.py", "a\x0cb.py", "a\x1eb.py"):
            (self.root / name).write_text("import os\n")
            for _ in range(2):
                with self.subTest(name):
                    self.assertEqual(places(self.check(GATE)), [("F401", name, 1)])
            (self.root / name).unlink()

    def test_such_a_name_that_flake8_does_not_read_and_other_odd_ones_are_left_alone(self):
        self.write({"a\rb.txt": "", "out/a\rb.py": "import os\n", "a b\t'\"ü.py": "import os\n"})
        self.write({".flake8": "[flake8]\nexclude = out\n"})

        self.assertEqual(places(self.check(GATE)), [("F401", "a b\t'\"ü.py", 1)])

    def test_a_separator_in_what_flake8_says_is_part_of_it(self):
        (self.root / "a.py").write_text('x = "\\\x1f"\n')

        (finding,) = self.check(GATE).findings

        self.assertEqual((finding.code, finding.location.line), ("W605", 1))
        self.assertIn("\\\x1f", finding.message)

    def answer_of(self, **values: object) -> str:
        """Return why the gate could not run where flake8 answers with these values."""
        self.write({"a.py": "x = 1\n"})
        real = _kept_run.run_module

        def run(*arguments, **options):
            real(*arguments, **options)
            return mock.Mock(**values)

        with (
            mock.patch.object(_kept_run, "run_module", run),
            self.assertRaises(CouldNotRun) as caught,
        ):
            self.check(GATE)
        return str(caught.exception)

    def test_a_flake8_that_finds_without_naming_a_place_is_could_not_run(self):
        answer = self.answer_of(returncode=1, stdout="", stderr="boom\n")

        self.assertEqual(answer, "flake8 failed: boom. Try it: flake8")

    def test_a_flake8_that_speaks_of_another_file_is_could_not_run(self):
        row = "\x1e\x1e" + "\x1f".join(["b.py", "1", "1", "F401", "unused\n"])

        answer = self.answer_of(returncode=1, stdout=row, stderr="")

        self.assertIn("'b.py', which is none of the files", answer)

    def test_a_file_name_that_looks_like_an_option_is_read(self):
        self.write({"-x.py": "import os\n"})

        self.assertEqual(places(self.check(GATE)), [("F401", "-x.py", 1)])

    def test_a_folder_of_the_project_called_flake8_does_not_stand_in_its_place(self):
        self.write({"flake8/__init__.py": "", "flake8/__main__.py": "", "a.py": "import os\n"})

        self.assertEqual(places(self.check(GATE)), [("F401", "a.py", 1)])

    def test_a_plugin_of_the_project_reads_every_file_again_when_it_changes(self):
        self.write_plugin("[]")
        self.assertEqual(self.check(GATE).findings, ())

        self.write_plugin("[(1, 0, 'XYZ100 no', P)]")

        self.assertIn(("XYZ100", "a.py", 1), places(self.check(GATE)))

    def test_so_does_what_a_plugin_of_the_project_imports(self):
        self.write({"helper.py": "FOUND = ['XYZ100 no']\n"})
        self.write_plugin("[(1, 0, text, P) for text in FOUND]", "from helper import FOUND\n")
        self.assertIn(("XYZ100", "a.py", 1), places(self.check(GATE)))

        self.write({"helper.py": "FOUND = []\n"})

        self.assertEqual(self.check(GATE).findings, ())

    def write_plugin(self, found: str, head: str = "") -> None:
        """Write a plugin of flake8 that finds what the expression says in each file."""
        text = "class P:\n    def __init__(self, tree): pass\n    def run(self): return iter({})\n"
        self.write(
            {
                "plugin.py": head + text.format(found),
                "a.py": "x = 1\n",
                ".flake8": "[flake8]\nselect = XYZ\n[flake8:local-plugins]\n"
                "extension =\n    XYZ = plugin:P\npaths = .\n",
            }
        )

    def test_a_project_without_python_files_has_nothing_to_check(self):
        self.assertEqual(self.check(GATE).checked, 0)

    def test_without_flake8_it_says_what_to_install(self):
        self.write({"a.py": "x = 1\n"})

        with (
            mock.patch.object(tool.importlib.util, "find_spec", return_value=None),
            self.assertRaisesRegex(CouldNotRun, r"django-quality-harness\[lint\]"),
        ):
            self.check(GATE)


@tag("slow")
class KeptLintTests(KeptRunTests, KeptRunCase):
    gate = GATE
    tool = "flake8"
    faulty = "import os\n"
    found = ("F401", 1)
    mended = "x = 1\n"

    def test_a_second_finding_of_a_line_and_a_comment_that_silences_one_are_as_before(self):
        self.write({"bad.py": "import os, sys\nimport re  # noqa: F401\n"})
        first = self.check(GATE)

        second = self.silenced()

        self.assertEqual(sorted(code for code, _, _ in places(first)), ["E401", "F401", "F401"])
        self.assertEqual(second.findings, first.findings)

    def test_nothing_is_kept_of_what_flake8_says_in_another_form(self):
        self.write({".flake8": "[flake8]\nquiet = 1\n"})
        for _ in range(2):
            with self.assertRaisesRegex(CouldNotRun, "flake8 failed: it names no place; is quiet"):
                self.check(GATE)

    def install_plugin(self, version: str) -> None:
        """Install a plugin that needs another package, which needs a third one."""
        plugin = (
            "class P:\n    def __init__(self, tree): pass\n    def run(self): return iter([])\n"
        )
        points = "[flake8.extension]\nXYZ = planted:P\n"
        files = {"planted.py": plugin, "flake8_planted.dist-info/entry_points.txt": points}
        self.install("flake8_planted", version, files, requires="planted-near>=1")
        self.install("planted_near", "1", requires="planted_far; python_version > '3'")
        self.install("planted_far", "1")

    def test_another_version_of_a_plugin_reads_every_file_again(self):
        self.install_plugin("1")
        self.check(GATE)
        self.assertEqual(self.read(), 0)

        self.install_plugin("2")

        self.assertEqual(self.read(), 2)

    def test_so_does_one_of_what_a_plugin_requires_directly_or_not(self):
        self.install_plugin("1")
        self.check(GATE)

        self.install("planted_near", "2", requires="planted_far")
        self.assertEqual(self.read(), 2)
        self.install("planted_far", "2")
        self.assertEqual(self.read(), 2)

    def test_one_of_a_package_that_no_plugin_requires_reads_nothing_again(self):
        self.install_plugin("1")
        self.install("planted_other", "1")
        self.check(GATE)

        self.install("planted_other", "2")

        self.assertEqual(self.read(), 0)
