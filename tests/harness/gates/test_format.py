import os
import subprocess
import sys
from unittest import mock

from django.test import tag

from quality_harness import tool
from quality_harness.gate import CouldNotRun
from quality_harness.gates import _kept_run
from quality_harness.gates.format import GATE
from tests.harness.gates.kept import KeptRunCase, KeptRunTests
from tests.harness.projects import ProjectCase, places


@tag("slow")
class FormatGateTests(ProjectCase):
    def test_an_unformatted_file_is_found_and_a_formatted_one_is_left_alone(self):
        self.write({"bad.py": "x = { 'a':1 }\n", "good.py": 'x = {"a": 1}\n'})

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("FMT001", "bad.py", 0)])
        self.assertEqual(checked.findings[0].hint, "black bad.py")
        self.assertEqual(checked.checked, 2)

    def test_a_committed_file_that_is_ignored_is_found(self):
        self.write({".gitignore": "*.py\n", "bad.py": "x = { 'a':1 }\n", "local.py": "y = { }\n"})
        self.git("add", "--force", "bad.py")

        checked = self.check(GATE)

        self.assertEqual((places(checked), checked.checked), ([("FMT001", "bad.py", 0)], 1))

    def test_a_file_that_cannot_be_parsed_is_could_not_run(self):
        self.write({"broken.py": "def broken(:\n"})

        with self.assertRaisesRegex(CouldNotRun, r"^black cannot parse broken.py:1:11\. Mend"):
            self.check(GATE)

    def test_a_file_in_an_encoding_that_nobody_knows_is_could_not_run(self):
        self.write({"sub/b.py": "# -*- coding: foo -*-\nimport os\n"})

        with self.assertRaises(CouldNotRun) as caught:
            self.check(GATE)

        told = "black cannot read sub/b.py: unknown encoding: foo. Mend it first."
        self.assertEqual(str(caught.exception), told)

    def test_black_settings_that_do_not_parse_are_could_not_run(self):
        self.write({"a.py": "x = 1\n", "pyproject.toml": "[tool.black]\nline-length = 'x'\n"})

        with self.assertRaisesRegex(
            CouldNotRun, "^black failed: .*line-length.* Try it: black --check ."
        ):
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

        for _ in range(2):
            self.assertEqual(places(self.check(GATE)), [("FMT001", "a\nb.py", 0)])

    def test_a_file_whose_name_ends_like_another_could_not_be_told_apart(self):
        self.write({"a.py": "x = 1\n", "a.py\nb.py": "x=1\n"})

        for _ in range(2):
            with self.assertRaisesRegex(CouldNotRun, "did not say what it read"):
                self.check(GATE)

    def test_a_black_that_says_nothing_is_could_not_run(self):
        self.write({"a.py": "x = 1\n", "pyproject.toml": "[tool.black]\nquiet = true\n"})

        with self.assertRaisesRegex(CouldNotRun, "nothing; is quiet set"):
            self.check(GATE)

    def test_settings_that_exclude_everything_leave_nothing_to_check(self):
        self.write({"a.py": "x=1\n", "pyproject.toml": "[tool.black]\nexclude = '.'\n"})

        self.assertEqual(self.check(GATE).checked, 0)

    def test_a_black_that_fails_without_a_reason_is_could_not_run(self):
        self.write({"a.py": "x = 1\n"})
        self.write({"pyproject.toml": "[tool.black]\nrequired-version = '1'\n"})

        for _ in range(2):
            with self.assertRaisesRegex(CouldNotRun, "required version `1` does not match"):
                self.check(GATE)

    def test_without_black_it_says_what_to_install(self):
        self.write({"a.py": "x = 1\n"})

        with (
            mock.patch.object(tool.importlib.util, "find_spec", return_value=None),
            self.assertRaisesRegex(CouldNotRun, r"django-quality-harness\[format\]"),
        ):
            self.check(GATE)

    def test_a_project_without_python_files_has_nothing_to_check(self):
        self.assertEqual(self.check(GATE).checked, 0)


@tag("slow")
class KeptFormatTests(KeptRunTests, KeptRunCase):
    gate = GATE
    tool = "black"
    faulty = "x = { 'a':1 }\n"
    found = ("FMT001", 0)
    mended = "x = 1\n"

    def configure(self, *lines: str) -> None:
        self.write({"pyproject.toml": "\n".join(["[tool.black]", *lines, ""])})

    def test_other_settings_read_every_file_again(self):
        self.write({"bad.py": "x = {'a': 1}\n"})
        self.configure("skip-string-normalization = true")
        self.assertEqual(self.check(GATE).findings, ())

        self.configure("skip-string-normalization = false")

        self.assertEqual(places(self.check(GATE)), [("FMT001", "bad.py", 0)])
        self.configure("skip-string-normalization = true")
        self.assertEqual(self.check(GATE).findings, ())

    def test_another_target_version_reads_every_file_again(self):
        self.configure("target-version = ['py311']")
        self.check(GATE)

        self.configure("target-version = ['py311', 'py312']")

        self.assertEqual(self.read(), 2)

    def test_a_fault_of_the_same_size_at_the_same_time_is_found(self):
        os.environ["BLACK_CACHE_DIR"] = str(self.root / ".quality_harness" / "black")
        self.write({"good.py": 'x = {"a": 1}\n'})
        subprocess.run([sys.executable, "-m", "black", "-q", "good.py"], cwd=self.root, check=True)
        stat = (self.root / "good.py").stat()
        self.write({"good.py": "x = {'a': 1}\n"})
        os.utime(self.root / "good.py", ns=(stat.st_atime_ns, stat.st_mtime_ns))

        found = places(self.check(GATE))

        self.assertEqual(found, [("FMT001", "bad.py", 0), ("FMT001", "good.py", 0)])

    def test_preview_reads_every_file_again(self):
        self.configure("line-length = 100")
        self.check(GATE)

        self.configure("line-length = 100", "preview = true")

        self.assertEqual(self.read(), 2)

    def test_nothing_is_kept_of_a_black_that_ends_otherwise_than_it_should(self):
        real = _kept_run.run_module

        def run(*arguments: object, **options: object) -> mock.Mock:
            return mock.Mock(returncode=3, stderr=real(*arguments, **options).stderr)

        with (
            mock.patch.object(_kept_run, "run_module", run),
            self.assertRaisesRegex(CouldNotRun, "did not say what it read, but: 1 file would"),
        ):
            self.check(GATE)

        self.assertEqual(self.read(), 2)

    def test_nothing_is_kept_of_a_black_that_says_nothing(self):
        self.configure("quiet = true")
        for _ in range(2):
            with self.assertRaisesRegex(CouldNotRun, "nothing; is quiet set"):
                self.check(GATE)


@tag("slow")
class WhatBlackReadsTests(ProjectCase):
    """The gate reads what `black --check .` reads, by the same settings, also the second time."""

    def of_black(self) -> set[str]:
        """Return what black itself would write otherwise."""
        done = subprocess.run(
            [sys.executable, "-m", "black", "--check", "."],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        begin = f"would reformat {self.root}/"
        lines = done.stderr.splitlines()
        return {line.removeprefix(begin) for line in lines if line.startswith(begin)}

    def assertReadsLikeBlack(self, *names: str) -> None:  # noqa: N802
        for _ in range(2):
            self.assertEqual({path for _, path, _ in places(self.check(GATE))}, set(names))
        self.assertEqual(self.of_black(), set(names))

    def test_its_excludes_and_those_of_git_are_blacks(self):
        faulty = ("a.py", "old/b.py", "more/c.py", "forced/d.py", "ignored/e.py", "f.pyi", "g.txt")
        self.write(dict.fromkeys(faulty, "x=1\n"))
        self.write(
            {
                ".gitignore": "ignored/\n",
                "pyproject.toml": "[tool.black]\nexclude = '^/old/'\nextend-exclude = '^/more/'\n"
                "force-exclude = '^/forced/'\n",
            }
        )

        # An exclude of one's own takes the place of the ignored ones, as black documents.
        self.assertReadsLikeBlack("a.py", "f.pyi", "ignored/e.py")

    def test_without_an_exclude_of_its_own_black_leaves_out_what_git_ignores(self):
        self.write({"a.py": "x=1\n", "ignored/b.py": "x=1\n", "sub/c.py": "x=1\n"})
        self.write({".gitignore": "ignored/\n", "sub/.gitignore": "c.py\n"})

        self.assertReadsLikeBlack("a.py")

    def test_settings_of_a_folder_are_not_blacks_where_only_files_of_it_have_changed(self):
        self.write(
            {"sub/pyproject.toml": "[tool.black]\nline-length = 20\nforce-exclude = '^/b'\n"}
        )
        self.write({"a.py": "x = 1\n", "sub/b.py": "x = 1\n"})
        self.assertReadsLikeBlack()

        self.write({"sub/b.py": "long_name = [1, 2, 3, 4, 5, 6]\n"})
        self.assertReadsLikeBlack()

        self.write({"sub/b.py": "x=1\n"})
        self.assertReadsLikeBlack("sub/b.py")

    def test_a_link_out_of_a_folder_with_settings_is_read(self):
        self.write({"sub/pyproject.toml": "[tool.black]\n", "a.py": "x=1\n"})
        (self.root / "sub" / "link.py").symlink_to("../a.py")

        self.assertReadsLikeBlack("a.py", "sub/link.py")
        (self.root / "sub" / "link.py").unlink()
        (self.root / "sub" / "again.py").symlink_to("../a.py")
        self.assertReadsLikeBlack("a.py", "sub/again.py")

    def test_names_that_look_like_options_are_read(self):
        self.write({"-x.py": "x=1\n", "__BLACK_STDIN_FILENAME__.py": "x=1\n"})

        self.assertReadsLikeBlack("-x.py", "__BLACK_STDIN_FILENAME__.py")
