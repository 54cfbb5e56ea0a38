import contextlib
import io
from pathlib import Path

import pytest
from django.test import tag

from quality_harness.testing.outcome import Failure
from quality_harness.testing.told import read_told
from tests.harness.testing.suites import SuiteCase

OPTIONS = ("-q", "-p", "quality_harness", "-p", "no:cacheprovider")
SUITE = """
    import pytest


    class TestSum:
        def test_right(self):
            assert 1 + 1 == 2

        @pytest.mark.slow
        def test_slow(self):
            assert 1 + 2 == 3


    @pytest.mark.xfail
    def test_wrong():
        assert 1 + 1 == 3


    def test_skipped():
        pytest.skip("later")
    """
KEEP_RIGHT = """
    def pytest_collection_modifyitems(items):
        items[:] = [item for item in items if item.name == "test_right"]
    """
REWRITE = """
    import pytest


    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(item, call):
        (yield).get_result().outcome = "passed"
    """
INI = '[tool.pytest.ini_options]\nmarkers = ["slow: takes long"]\naddopts = "{}"\n'


class RunRecorderTests(SuiteCase):
    def run_with(
        self, *arguments: str, addopts: str = "", conftest: str = ""
    ) -> tuple[tuple[Failure, ...], tuple[Failure, ...]]:
        """Return what is told of a run."""
        self.write(
            {
                "pyproject.toml": INI.format(addopts),
                "conftest.py": conftest,
                "checks/test_sum.py": SUITE,
            }
        )
        file = self.root / "told"
        with self.inside(), contextlib.redirect_stdout(io.StringIO()):
            pytest.main([*OPTIONS, f"--quality-harness-told={file}", *arguments])
        return read_told(file)

    def left_out(self, *arguments: str, addopts: str = "", conftest: str = "") -> list[str]:
        """Return the names of what is told to be left out."""
        left_out, _ = self.run_with(*arguments, addopts=addopts, conftest=conftest)
        return [one.name for one in left_out]

    def test_what_the_project_leaves_out_is_told(self) -> None:
        all_but_right = ["TestSum.test_slow", "test_wrong", "test_skipped"]

        self.assertEqual(self.left_out(conftest=KEEP_RIGHT), all_but_right)
        self.assertEqual(self.left_out(addopts="-k right"), all_but_right)

    def test_markers_and_ids_of_addopts_are_told(self) -> None:
        deselected = "--deselect=checks/test_sum.py::test_wrong -m 'not slow'"

        self.assertEqual(self.left_out(addopts=deselected), ["TestSum.test_slow", "test_wrong"])

    def test_what_the_command_line_leaves_out_is_not_told(self) -> None:
        for arguments in (
            ("-m", "not slow"),
            ("-k", "right"),
            ("--deselect=checks/test_sum.py::test_wrong",),
            ("--exclude-tag", "slow"),
            ("checks/test_sum.py::test_wrong",),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.left_out(*arguments), [])

    def test_the_command_line_speaks_for_what_it_names_alone(self) -> None:
        left_out = self.left_out("-m", "not slow", conftest=KEEP_RIGHT)

        self.assertEqual(left_out, ["test_wrong", "test_skipped"])

    def test_a_run_of_all_tells_nothing(self) -> None:
        self.assertEqual(self.run_with(), ((), ()))

    def test_a_test_that_raises_and_is_reported_as_passed_is_told(self) -> None:
        _, rewritten = self.run_with(conftest=REWRITE)

        self.assertEqual(
            [(one.path, one.line, one.name) for one in rewritten],
            [("checks/test_sum.py", 14, "test_wrong"), ("checks/test_sum.py", 19, "test_skipped")],
        )
        self.assertEqual(rewritten[0].message, "AssertionError: assert (1 + 1) == 3")

    def test_a_place_without_a_line_is_told(self) -> None:
        file = Path(self.root, "told")
        file.write_text('["left_out", [["a.txt", 0, "a", ""]]]\n', encoding="utf-8")

        self.assertEqual(read_told(file), ((Failure("a.txt", 0, "a", ""),), ()))

    @tag("slow")
    def test_workers_tell_what_the_command_line_does_not_ask_for(self) -> None:
        options = ("-p", "xdist", "-n", "2", "-m", "not slow")

        self.assertEqual(self.left_out(*options, addopts="-k 'not wrong'"), ["test_wrong"])
